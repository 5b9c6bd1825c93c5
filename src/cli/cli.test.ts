import assert from "node:assert/strict";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { EXAMPLE, EXAMPLE_VARIABLES } from "../config/fixtures/example.ts";
import { takeSignal } from "../watch/heartbeat/signal.ts";
import { keepwatch, startWorld } from "./fixtures/world.ts";

test("a configuration is planned, applied, exported and applied again from the command line", async () => {
  await using world = await startWorld();
  const file = join(world.dataDir, "keepwatch.yaml");
  await writeFile(file, EXAMPLE);
  const env = EXAMPLE_VARIABLES;
  const planned = await world.run(["plan", "-f", file], { env });
  assert.deepEqual([planned.code, planned.err], [0, ""]);
  assert.match(planned.out, /^\+ users ada@example\.com\n {4}name: Ada$/m);
  assert.match(planned.out, /9 changes: 9 to create\. Make it so with `keepwatch apply`\./);
  assert.doesNotMatch(planned.out, /hush|open-sesame/);
  assert.ok(!planned.out.includes("\u001b"), "no colours where nobody looks");
  const applied = await world.run(["apply", "-f", file, "--json"], { env });
  assert.equal(JSON.parse(applied.out).changes.length, 9);
  const written = await world.run(["export"]);
  assert.equal(written.code, 0);
  const again = await world.run(["apply", "-f", "-"], { input: written.out });
  assert.deepEqual([again.code, again.out], [0, "Nothing to change: everything is as it is written.\n"]);
  const without = EXAMPLE.replace("    repeat: 2\n", "");
  const changed = await world.run(["plan", "-f", "-"], { env, input: without });
  assert.match(changed.out, /~ escalation_policies web\n {4}repeat: 2 → 0/);
});

test("what is wrong with a file is said at its line, with exit status 1", async () => {
  await using world = await startWorld();
  const input =
    'keepwatch: 1\nteams:\n  - { slug: web, nam: Web }\nservices: [{ slug: a, name: "${NOWHERE}" }]\n';
  const planned = await world.run(["plan", "-f", "-"], { input });
  assert.equal(planned.code, 1);
  assert.match(planned.err, /^<stdin>:3:18: teams\[0\]\.nam: unknown key "nam"; did you mean "name"\?$/m);
  assert.match(
    planned.err,
    /^<stdin>:4:29: services\[0\]\.name: \$\{NOWHERE\} has no value: set the environment variable NOWHERE/m,
  );
  const applied = await world.run(["apply", "-f", "-", "--json"], { input });
  assert.equal(applied.code, 1);
  assert.equal(JSON.parse(applied.out).problems.length, 2);
  const gone = await world.run(["plan", "-f", "gone.yaml"]);
  assert.equal(gone.code, 1);
  assert.match(gone.err, /gone\.yaml can't be read/);
});

test("a command called wrongly says how, with exit status 2", async () => {
  const wrong = [
    [["plan"], /Name the file to read with -f FILE[\s\S]*Usage: keepwatch plan -f FILE/],
    [["apply", "-f", "x", "--pruen"], /pruen[\s\S]*Usage: keepwatch apply/],
    [["user", "remove"], /"remove" is not list, add or reset\./],
    [["token"], /Say list, create or revoke/],
    [["simulate"], /Name the service/],
    [["oncall", "--at", "teatime"], /--at "teatime" is not a time/],
    [["check"], /Usage: keepwatch check MONITOR/],
    [["status", "shop", "down"], /Say why it is down[\s\S]*Usage: keepwatch status/],
    [["mute", "shop"], /Say how long[\s\S]*Usage: keepwatch mute/],
    [["frob"], /no command "frob"/],
  ] as const;
  const check = async ([args, said]: (typeof wrong)[number]) => {
    const { code, err } = await keepwatch([...args], { env: { KEEPWATCH_PORT: "1" } });
    assert.equal(code, 2, args.join(" "));
    assert.match(err, said);
  };
  await Promise.all(wrong.map(check));
});

test("without a server the command says where it looked and how to start it", async () => {
  const { code, err } = await keepwatch(["oncall"], { env: { KEEPWATCH_PORT: "1" } });
  assert.equal(code, 1);
  assert.match(err, /No Keepwatch answers at http:\/\/127\.0\.0\.1:1\.\nStart it with `npm start`/);
  const doctor = await keepwatch(["doctor"], { env: { KEEPWATCH_PORT: "1" } });
  assert.equal(doctor.code, 1);
  assert.match(doctor.out, /PROBLEM {2}server: no Keepwatch answers/);
});

test("without a token, or with a wrong one, the command says where one comes from", async () => {
  await using world = await startWorld();
  const none = await world.run(["oncall"], { env: { KEEPWATCH_DATA: join(world.dataDir, "elsewhere") } });
  assert.deepEqual([none.code, none.out], [1, ""]);
  assert.match(none.err, /There is no API token in .*cli-token\.\nSet KEEPWATCH_API_TOKEN/);
  const wrong = await world.run(["oncall"], { env: { KEEPWATCH_API_TOKEN: "kw_nobodys-token-0123456789" } });
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /not known here/);
});

test("who is on call, who would be paged and what a check sees are printed, and as JSON", async () => {
  await using world = await startWorld();
  await world.run(["apply", "-f", "-"], { input: EXAMPLE, env: EXAMPLE_VARIABLES });
  const { out } = await world.run(["oncall", "--at", "2026-11-24T10:00Z"]);
  assert.match(out, /^web-primary +ada@example\.com +2026-11-24 18:00 Europe\/Paris/m);
  const simulated = await world.run([
    "simulate",
    "--service",
    "shop",
    "--at",
    "2026-11-24T10:00Z",
    "--hours",
    "0.2",
  ]);
  assert.match(simulated.out, /^at once +2026-11-24 10:00 +level 1 +ada@example\.com +hook \(webhook\)$/m);
  assert.match(simulated.out, /^\+5 min +2026-11-24 10:05 +level 2 +bo@example\.com +mail \(email\)$/m);
  const checked = await world.run(["check", "shop-home"]);
  assert.equal(checked.code, 0);
  assert.match(checked.out, /up: \[status\] 200[\s\S]*ok {3}\[status\] wanted 200-299, got 200[\s\S]*hello/);
  world.answer = { ...world.answer, status: "down", reason: "[status] 502, wanted 200-299" };
  const down = await world.run(["check", "shop-home", "--json"]);
  assert.deepEqual([down.code, JSON.parse(down.out).status], [1, "down"]);
  const unknown = await world.run(["check", "nothing"]);
  assert.deepEqual([unknown.code, unknown.err.includes('There is no monitor "nothing".')], [1, true]);
});

test("a service is muted while somebody deploys, and unmuted; a slug of both kinds has to be told apart", async () => {
  await using world = await startWorld();
  const input = EXAMPLE.replace("{ slug: pay }", "{ slug: pay }\n  - { slug: shop-home }");
  await world.run(["apply", "-f", "-"], { input, env: EXAMPLE_VARIABLES });
  const muted = await world.run(["mute", "shop", "--for", "30m", "--reason", "deploy"]);
  assert.deepEqual([muted.code, muted.err], [0, ""]);
  assert.match(muted.out, /^Muted service shop until \S+Z\. Alerts are recorded and page nobody\.$/m);
  const unclear = await world.run(["mute", "shop-home", "--for", "30m"]);
  assert.deepEqual([unclear.code, unclear.err.includes("--monitor")], [1, true]);
  assert.equal((await world.run(["unmute", "shop"])).code, 0);
  const { err } = await world.run(["mute", "nothing", "--for", "1h"]);
  assert.match(err, /no service and no monitor "nothing"/);
});

test("a script says how a manual monitor is, and only of such a one", async () => {
  await using world = await startWorld();
  const input = EXAMPLE.replace(
    "monitors:\n",
    "monitors:\n  - { slug: hotline, service: pay, kind: manual }\n",
  );
  await world.run(["apply", "-f", "-"], { input, env: EXAMPLE_VARIABLES });
  const down = await world.run(["status", "hotline", "down", "--reason", "nobody answers", "--for", "2h"]);
  assert.deepEqual([down.code, down.out.trim()], [0, "hotline is down for 2h, then up."]);
  const { db } = world.server.t.platform;
  const row = await db.selectFrom("monitors").selectAll().where("slug", "=", "hotline").executeTakeFirst();
  assert.deepEqual(
    [row?.status, row?.last_check?.reason.startsWith("nobody answers (set by ")],
    ["down", true],
  );
  const other = await world.run(["status", "shop-home", "up"]);
  assert.deepEqual([other.code, other.err.includes("only a manual monitor is set by hand")], [1, true]);
});

test("a check of a heartbeat shows what it was last told", async () => {
  await using world = await startWorld();
  const input = EXAMPLE.replace(
    "monitors:\n",
    "monitors:\n  - { slug: backup, service: pay, kind: heartbeat, period: 1h, grace: 5m }\n",
  );
  await world.run(["apply", "-f", "-"], { input, env: EXAMPLE_VARIABLES });
  assert.match((await world.run(["check", "backup"])).out, /no ping yet/);
  const { platform } = world.server.t;
  const { id } = await platform.db
    .selectFrom("monitors")
    .select("id")
    .where("slug", "=", "backup")
    .executeTakeFirstOrThrow();
  await takeSignal(platform, id, {
    ...{ kind: "fail", rid: null, exitStatus: 3, body: Buffer.from("\nno space left\n"), method: "POST" },
    ...{ remote: null, userAgent: null },
  });
  const { out } = await world.run(["check", "backup"]);
  assert.match(out, /last pings:\n {2}\S+ {2}fail, exit status 3, no space left/);
  assert.equal(JSON.parse((await world.run(["check", "backup", "--json"])).out).heartbeat.pings.length, 1);
});

test("people are added and given a new password by links, also without a mail server", async () => {
  await using world = await startWorld();
  const added = await world.run(["user", "add", "cy@example.com", "--name", "Cy"]);
  assert.match(
    added.out,
    /No mail was sent\. Hand them this link:\nhttp:\/\/keepwatch\.test\/invitation\/\S+/,
  );
  const reset = JSON.parse((await world.run(["user", "reset", "cy@example.com", "--json"])).out);
  assert.match(reset.url, /^http:\/\/keepwatch\.test\/reset-password\/\S+$/);
  const listed = await world.run(["user", "list"]);
  assert.match(listed.out, /^cy@example\.com +Cy +responder +UTC +has no password yet$/m);
  const entry = await world.server.t.platform.db
    .selectFrom("audit_entries")
    .select("actor_type")
    .where("action", "=", "made a reset link")
    .executeTakeFirst();
  assert.equal(entry?.actor_type, "token");
  const nobody = await world.run(["user", "reset", "nobody@example.com"]);
  assert.deepEqual([nobody.code, nobody.err.includes("nobody@example.com")], [1, true]);
});

test("tokens are made, listed and revoked, and the command line's own is only its user's to read", async () => {
  await using world = await startWorld();
  const made = JSON.parse((await world.run(["token", "create", "ci", "--expires", "30d", "--json"])).out);
  assert.match((await world.run(["token", "list"])).out, new RegExp(`^${made.id} +ci +responder`, "m"));
  assert.equal((await world.run(["token", "revoke", made.id])).code, 0);
  assert.doesNotMatch((await world.run(["token", "list"])).out, / ci /);
  assert.equal((await stat(join(world.dataDir, "cli-token"))).mode & 0o777, 0o600);
});

test("the doctor finds gaps, services without policy and people who can't be reached", async () => {
  await using world = await startWorld();
  const input = EXAMPLE.replace(
    / {6}- \{ slug: mail, email: ada@example\.com \}\n {6}- \{ slug: hook.*\n/,
    "",
  )
    .replace("    contact_methods:\n    notification", "    notification")
    .replace(/ {4}notification_rules:\n.*\n.*\n/, "");
  const applied = await world.run(["apply", "-f", "-"], { input, env: EXAMPLE_VARIABLES });
  assert.equal(applied.code, 0, applied.err);
  const { code, out } = await world.run(["doctor"]);
  assert.equal(code, 1);
  assert.match(out, /^warning {2}schedule web-primary: nobody is on call 2026-11-23 18:00/m);
  assert.match(out, /^warning {2}service pay: has no escalation policy/m);
  assert.match(out, /^PROBLEM {2}person ada@example\.com: is on call and has no contact method/m);
  assert.match(out, /^warning {2}mail: no mail server/m);
  const { items } = JSON.parse((await world.run(["doctor", "--json"])).out);
  assert.ok(
    items.some((item: { what: string; state: string }) => item.what === "server" && item.state === "ok"),
  );
});
