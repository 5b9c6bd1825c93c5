import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import pino from "pino";
import { testPlatform } from "../../test/support/platform.ts";
import { createOverride } from "../oncall/overrides.ts";
import { by } from "../org/actor.ts";
import { deactivateUser } from "../org/deactivation.ts";
import { addContactMethod } from "../page/contact-methods.ts";
import { json } from "../platform/database/tables.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { pauseMonitor } from "../watch/monitors.ts";
import { applyFile } from "./apply.ts";
import { configure, inShort } from "./fixtures/configure.ts";
import { EXAMPLE, EXAMPLE_VARIABLES } from "./fixtures/example.ts";

const without = (line: RegExp): string =>
  EXAMPLE.split("\n")
    .filter((each) => !line.test(each))
    .join("\n");

test("a whole document is applied at once, each change with an audit entry, and a second time changes nothing", async () => {
  await using t = await testPlatform();
  const { make, plan } = configure(t);
  const planned = await plan(EXAMPLE);
  const { rows: none } = { rows: await t.platform.db.selectFrom("services").select("slug").execute() };
  assert.deepEqual(none, [], "a plan changes nothing");
  const made = await make(EXAMPLE);
  assert.deepEqual(made.changes, planned.changes);
  assert.deepEqual(inShort(made), [
    "+ users ada@example.com",
    "+ users bo@example.com",
    "+ teams web",
    "+ schedules web-primary",
    "+ escalation_policies web",
    "+ services shop",
    "+ services pay",
    "+ monitors shop-home",
    "+ maintenance_windows nightly-backup",
  ]);
  const audited = await t.platform.db
    .selectFrom("audit_entries")
    .select(["actor_type", "object_type", "actor_name"])
    .where("action", "=", "created")
    .execute();
  for (const type of [
    "user",
    "team",
    "schedule",
    "escalation_policy",
    "service",
    "monitor",
    "contact_method",
  ])
    assert.ok(
      audited.some((entry) => entry.object_type === type && entry.actor_type === "config"),
      type,
    );
  assert.deepEqual((await make(EXAMPLE)).changes, []);
});

test("contact methods count as verified by the operator, the audit says so, and secrets are sealed", async () => {
  await using t = await testPlatform();
  await configure(t).make(EXAMPLE);
  const { db, secrets } = t.platform;
  const hook = await db
    .selectFrom("contact_methods")
    .selectAll()
    .where("slug", "=", "hook")
    .executeTakeFirstOrThrow();
  assert.equal(hook.verified_by, "the operator, by configuration");
  assert.ok(hook.verified_at);
  assert.notEqual(hook.address.secret, EXAMPLE_VARIABLES.ADA_HOOK_SECRET);
  assert.equal(secrets.open(String(hook.address.secret)), EXAMPLE_VARIABLES.ADA_HOOK_SECRET);
  const entry = await db
    .selectFrom("audit_entries")
    .select("after")
    .where("object_id", "=", hook.id)
    .executeTakeFirstOrThrow();
  assert.match(JSON.stringify(entry.after), /by configuration/);
  const everything = await db.selectFrom("audit_entries").selectAll().execute();
  assert.doesNotMatch(JSON.stringify(everything), /hush|open-sesame/);
});

test("anything wrong changes nothing, also what only shows when it is tried", async () => {
  await using t = await testPlatform();
  const { apply, plan } = configure(t);
  const circle = `keepwatch: 1
teams: [{ slug: web }]
services:
  - { slug: a, depends_on: [b] }
  - slug: b
    depends_on: [a]
`;
  const { problems } = await apply(circle);
  assert.equal(problems.length, 1);
  assert.match(problems[0]!.message, /in a circle/);
  assert.deepEqual([problems[0]!.file, problems[0]!.line], ["keepwatch.yaml", 6]);
  assert.deepEqual((await plan(circle)).problems, problems);
  assert.deepEqual(await t.platform.db.selectFrom("teams").selectAll().execute(), []);
});

test("everything that is wrong is said at once, each at its line, with what was probably meant", async () => {
  await using t = await testPlatform();
  const { problems } = await configure(t).plan(`keepwatch: 1
users:
  - email: ada@example.com
    contact_methods:
      - { slug: mail, emial: ada@example.com }
      - { slug: hook, webhook: { url: "http://127.0.0.1:9000/", secrt: x } }
  - { email: bo@example.com, notification_rules: { high: [{ via: hok }] }, contact_methods: [{ slug: hook, webhook: { url: "http://127.0.0.1/", secret: s } }] }
teams: [{ slug: web, members: [adda@example.com] }]
services: [{ slug: shop, escalation_polcy: web }]
monitors:
  - { slug: a, service: shop, kind: http, url: "http://127.0.0.1/", evry: 5s }
  - { slug: b, service: shop, kind: http, url: "http://127.0.0.1/", expect: { stauts: 200 } }
  - { slug: c, service: shop, kind: htp }
  - { slug: d, service: shop, kind: http }
`);
  const said = problems.map(({ line, message }) => `${line} ${message}`).join("\n");
  for (const expected of [
    /^5 unknown key "emial"; did you mean "email"\?/m,
    /^6 unknown key "secrt"; did you mean "secret"\?/m,
    /^7 there is no contact method "hok". Did you mean "hook"\?/m,
    /^9 unknown key "escalation_polcy"; did you mean "escalation_policy"\?/m,
    /^11 unknown key "evry"; did you mean "every"\?/m,
    /^12 unknown key "stauts"; did you mean "status"\?/m,
    /^13 There is no monitor kind "htp"/m,
    /^14 url is missing/m,
  ])
    assert.match(said, expected);
});

test("what points at nothing is a problem with what was probably meant", async () => {
  await using t = await testPlatform();
  const { problems } = await configure(t).plan(`keepwatch: 1
users: [{ email: ada@example.com }]
teams:
  - slug: web
    members: [adda@example.com]
`);
  assert.deepEqual(
    problems.map(({ line, key, message }) => [line, key, message]),
    [[5, "teams[0].members[0]", 'there is no person "adda@example.com"; did you mean "ada@example.com"?']],
  );
});

test("a document without anything in it deletes nothing", async () => {
  await using t = await testPlatform();
  const { make, apply } = configure(t);
  await make("keepwatch: 1\nteams: [{ slug: web }]\n");
  for (const text of ["", "# nothing\n", "---\n"])
    assert.match((await apply(text)).problems[0]?.message ?? "", /nothing in it/);
  assert.deepEqual(inShort(await make("keepwatch: 1\n")), ["- teams web"]);
});

test("what the document no longer has goes; what was made by hand stays, unless it is pruned", async () => {
  await using t = await testPlatform();
  const { make, apply } = configure(t);
  await t.user({ email: "hand@example.com" });
  await make(
    "keepwatch: 1\nusers: [{ email: ada@example.com, role: admin }]\nteams: [{ slug: web }, { slug: ops }]\n",
  );
  const less = "keepwatch: 1\nusers: [{ email: ada@example.com }]\nteams: [{ slug: web }]\n";
  assert.deepEqual(inShort(await make(less)), ["- teams ops"]);
  assert.deepEqual(inShort(await make(less, { prune: true })), ["- users hand@example.com"]);
  assert.deepEqual(inShort(await apply(`${less}prune: true\n`)), []);
});

test("what is gone from the document but needed by something made by hand is refused, saying by what", async () => {
  await using t = await testPlatform();
  const { make, apply } = configure(t);
  await make("keepwatch: 1\nteams: [{ slug: web }]\nservices: [{ slug: shop, team: web }]\n");
  await t.platform.db.updateTable("services").set({ managed_by: "ui" }).execute();
  const { problems } = await apply("keepwatch: 1\n");
  assert.equal(problems[0]?.key, "teams.web");
  assert.match(problems[0]?.message ?? "", /still needed by service "shop"/);
});

test("a person's role, zone and name stay as they are where the document is silent", async () => {
  await using t = await testPlatform();
  const { make } = configure(t);
  await t.user({ email: "ada@example.com", name: "Ada L.", role: "admin", timeZone: "Europe/Oslo" });
  await make(EXAMPLE.replace("    name: Ada\n    time_zone: Europe/Paris\n", ""));
  const ada = await t.platform.db
    .selectFrom("users")
    .selectAll()
    .where("email", "=", "ada@example.com")
    .executeTakeFirstOrThrow();
  assert.deepEqual([ada.name, ada.role, ada.time_zone], ["Ada L.", "admin", "Europe/Oslo"]);
});

test("the last administrator can't be made anything less", async () => {
  await using t = await testPlatform();
  await t.user({ email: "ada@example.com", role: "admin" });
  const { problems } = await configure(t).apply(
    "keepwatch: 1\nusers: [{ email: ada@example.com, role: viewer }]\n",
  );
  assert.match(problems[0]?.message ?? "", /last administrator/);
  assert.equal(problems[0]?.line, 2);
});

test("overrides, contact methods and pauses that were made by hand are never touched", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  const admin = await t.user({ email: "hand@example.com", role: "admin" });
  await make(EXAMPLE);
  const { db } = t.platform;
  const hand = by(t.platform, admin);
  const ada = await db
    .selectFrom("users")
    .select("id")
    .where("email", "=", "ada@example.com")
    .executeTakeFirstOrThrow();
  await inTransaction(db, async (tx) => {
    await pauseMonitor(tx, hand, { slug: "shop-home", paused: true });
    const override = { user: "ada@example.com", from: "2026-12-01T09:00", to: "2026-12-02T09:00" };
    await createOverride(tx, hand, { slug: "web-primary", ...override });
    await addContactMethod(tx, hand, {
      userId: ada.id,
      slug: "own",
      channel: "email",
      address: { email: "ada@home.example" },
    });
  });
  assert.deepEqual((await make(EXAMPLE)).changes, []);
  await make(without(/overrides:|slug: hook|high:|low:|notification_rules/));
  const monitor = await db.selectFrom("monitors").select("paused_at").executeTakeFirstOrThrow();
  assert.ok(monitor.paused_at);
  const overrides = await db.selectFrom("schedule_overrides").select("managed_by").execute();
  assert.deepEqual(overrides, [{ managed_by: "ui" }]);
  const methods = await db
    .selectFrom("contact_methods")
    .select("slug")
    .where("user_id", "=", ada.id)
    .execute();
  assert.deepEqual(methods.map(({ slug }) => slug).sort(), ["mail", "own"]);
  assert.deepEqual((await make(await write())).changes, [], "also not by what was exported");
});

test("a dependency can be turned round", async () => {
  await using t = await testPlatform();
  const { make } = configure(t);
  await make("keepwatch: 1\nservices: [{ slug: a, depends_on: [b] }, { slug: b }]\n");
  const turned = "keepwatch: 1\nservices: [{ slug: a }, { slug: b, depends_on: [a] }]\n";
  assert.deepEqual(inShort(await make(turned)), ["~ services a", "~ services b"]);
  assert.deepEqual((await make(turned)).changes, []);
});

test("overrides act in the order of the document, also when one is put between", async () => {
  await using t = await testPlatform();
  const { make, export: write } = configure(t);
  const with_ = (overrides: string) => `keepwatch: 1
users: [{ email: ada@example.com }, { email: bo@example.com }, { email: cy@example.com }]
schedules:
  - slug: s
    layers: [{ rotation: weekly, starts: 2026-01-05T09:00, users: [ada@example.com] }]
    overrides: [${overrides}]
`;
  const bo = "{ user: bo@example.com, from: 2026-12-01T00:00, to: 2026-12-03T00:00 }";
  const cy = "{ user: cy@example.com, adds: true, from: 2026-12-01T00:00, to: 2026-12-02T00:00 }";
  await make(with_(cy));
  await make(with_(`${bo}, ${cy}`));
  assert.deepEqual((await make(with_(`${bo}, ${cy}`))).changes, []);
  assert.ok((await write()).indexOf("user: bo@") < (await write()).indexOf("user: cy@"));
});

test("an override that is over is left as the record, and is no change", async () => {
  await using t = await testPlatform();
  const { make } = configure(t);
  await make(EXAMPLE);
  t.clock.advance(60 * 86_400_000);
  assert.deepEqual((await make(EXAMPLE)).changes, []);
  const rows = await t.platform.db.selectFrom("schedule_overrides").select("id").execute();
  assert.equal(rows.length, 1);
});

test("who was taken out of the document is let in again by it; whom a person deactivated is not", async () => {
  await using t = await testPlatform();
  const { make, apply } = configure(t);
  const admin = await t.user({ role: "admin" });
  const text =
    "keepwatch: 1\nusers: [{ email: bo@example.com, contact_methods: [{ slug: mail, email: bo@example.com }] }]\n";
  await make(text);
  await make("keepwatch: 1\n");
  assert.deepEqual(inShort(await make(text)), ["+ users bo@example.com"]);
  assert.deepEqual((await make(text)).changes, []);
  await inTransaction(t.platform.db, (tx) =>
    deactivateUser(tx, by(t.platform, admin), { id: "bo@example.com", replaceWith: null, replacers: [] }),
  );
  const { problems } = await apply(text);
  assert.match(problems[0]?.message ?? "", /deactivated by Person \d+; reactivate them first/);
});

test("a plan says whose shifts of the next 30 days change", async () => {
  await using t = await testPlatform();
  const { make, plan } = configure(t);
  await make(EXAMPLE);
  const covered = EXAMPLE.replace(
    "overrides: [",
    "overrides: [{ user: bo@example.com, from: 2026-11-24T10:00, to: 2026-11-24T12:00 }, ",
  );
  assert.deepEqual((await plan(covered)).shifts, [
    {
      schedule: "web-primary",
      time_zone: "Europe/Paris",
      from: "2026-11-24T09:00:00Z",
      to: "2026-11-24T11:00:00Z",
      before: ["ada@example.com"],
      after: ["bo@example.com"],
    },
  ]);
});

test("a bad file at start leaves the last applied one in force and says where it is wrong", async () => {
  await using t = await testPlatform();
  const folder = await mkdtemp(join(tmpdir(), "keepwatch-config-"));
  try {
    const lines: string[] = [];
    t.platform.log = pino({ level: "info" }, { write: (line) => void lines.push(line) });
    const path = join(folder, "keepwatch.yaml");
    await writeFile(path, "keepwatch: 1\nteams: [{ slug: web }]\n");
    await applyFile(t.platform, path, {});
    await writeFile(path, "keepwatch: 1\nteams:\n  - { slug: web, nam: Web }\n");
    await applyFile(t.platform, path, {});
    await applyFile(t.platform, join(folder, "gone.yaml"), {});
    const teams = await t.platform.db.selectFrom("teams").select(["slug", "managed_by"]).execute();
    assert.deepEqual(teams, [{ slug: "web", managed_by: "config" }]);
    assert.match(lines.join(""), /keepwatch\.yaml:3:18: unknown key \\"nam\\"; did you mean \\"name\\"\?/);
    assert.match(lines.join(""), /last stays in force/);
    assert.match(lines.join(""), /could not be applied/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("planned work is applied, changed and deleted with its document; silences and what was ended by hand stay", async () => {
  await using t = await testPlatform();
  const { make, apply } = configure(t);
  const text = (more: string) =>
    `keepwatch: 1\nservices: [{ slug: shop }]\nmaintenance_windows:\n  - { slug: work, services: [shop], starts: 2026-11-24T10:00, ${more} }\n`;
  await make(text("ends: 2026-11-24T12:00"));
  const read = () => t.platform.db.selectFrom("maintenance_windows").selectAll().execute();
  const [window] = await read();
  assert.deepEqual([window?.ends, window?.managed_by, window?.name], ["2026-11-24T12:00", "config", "work"]);
  const silence = {
    ...{ id: window?.id ?? "", matchers: json({ services: ["shop"] }), created_by: "Ada" },
    ...{ until: t.clock.now().add({ hours: 1 }), created_at: t.clock.now() },
  };
  await t.platform.db.insertInto("silences").values(silence).execute();
  const { changes } = await make(text("rrule: FREQ=DAILY, duration: 60m"));
  assert.deepEqual(
    changes[0]?.fields.map(({ field }) => field),
    ["ends", "rrule", "duration"],
  );
  const { problems } = await apply(text("rrule: FREQ=HOURLY, duration: 1h, servces: [shop]"));
  assert.match(problems[0]?.message ?? "", /unknown key "servces"; did you mean "services"/);
  const wrong = await apply(text("rrule: FREQ=HOURLY, duration: 1h"));
  assert.deepEqual([wrong.problems[0]?.line, wrong.problems[0]?.key], [4, "maintenance_windows[0].rrule"]);
  const dangling = await apply(text("ends: 2026-11-24T12:00, monitors: [shp]"));
  assert.match(dangling.problems[0]?.message ?? "", /there is no monitor "shp"/);
  await make("keepwatch: 1\nservices: [{ slug: shop }]\n");
  assert.deepEqual(await read(), []);
  assert.equal((await t.platform.db.selectFrom("silences").selectAll().execute()).length, 1);
});
