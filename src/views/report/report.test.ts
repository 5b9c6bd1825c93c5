import assert from "node:assert/strict";
import { test } from "node:test";
import { world } from "../../learn/fixtures/world.ts";
import { reportPorts } from "../../main/report-ports.ts";
import { oncallRoutes } from "../../oncall/routes.ts";
import { weekly } from "../../oncall/testing.ts";
import { mailbox } from "../../org/fixtures/server.ts";
import { reportEngine, sendReports } from "./engine.ts";
import { percentileOf, reportDue } from "./model.ts";
import { reportRoutes } from "./routes.ts";

const instant = (text: string) => Temporal.Instant.from(text);

test("a report is due from Monday nine to Tuesday evening by the lead's own clock, for the week before", () => {
  const due = (at: string, zone: string) => reportDue(instant(at), zone)?.toString() ?? null;
  assert.equal(due("2026-11-23T07:59:00Z", "Europe/Paris"), null);
  assert.equal(due("2026-11-23T08:00:00Z", "Europe/Paris"), "2026-11-16");
  assert.equal(due("2026-11-23T08:00:00Z", "America/New_York"), null);
  assert.equal(due("2026-11-23T14:00:00Z", "America/New_York"), "2026-11-16");
  assert.equal(due("2026-11-22T22:00:00Z", "Asia/Tokyo"), null, "Monday seven in Tokyo");
  assert.equal(due("2026-11-23T00:00:00Z", "Asia/Tokyo"), "2026-11-16");
  assert.equal(due("2026-11-24T19:59:00Z", "Europe/Paris"), "2026-11-16", "late, had we been down");
  assert.equal(due("2026-11-24T20:00:00Z", "Europe/Paris"), null);
});

test("percentiles are as PostgreSQL gives them", () => {
  assert.equal(percentileOf([], 0.5), null);
  assert.equal(percentileOf([4], 0.9), 4);
  assert.equal(percentileOf([30, 10, 20, 40], 0.5), 25);
  assert.equal(percentileOf([10, 20, 30, 40], 0.9), 37);
});

/** Team web with its lead Ada in Paris, Bo, an alternating schedule, and a service that failed three times last week. */
async function week(smtp?: string) {
  const w = await world(
    (app, { platform }) => {
      oncallRoutes(app, platform, {
        methodsOf: async () => new Map(),
        lintedMethodsOf: async () => new Map(),
      });
      reportRoutes(app, platform, reportPorts(platform));
    },
    { smtp, at: "2026-11-23T08:00:00Z" },
  );
  const team = await w.team("web");
  const ada = await w.person({ name: "Ada", email: "ada@example.com", teams: [team] });
  const bo = await w.person({ name: "Bo", email: "bo@example.com", teams: [team] });
  const { db } = w.t.platform;
  await db.updateTable("users").set({ time_zone: "Europe/Paris" }).execute();
  await db.updateTable("team_members").set({ lead: true }).where("user_id", "=", ada.id).execute();
  const made = await w.call("POST /schedules", ada, {
    ...{ slug: "primary", name: "Primary", time_zone: "Europe/Paris", team: "web" },
    layers: [{ ...weekly("ada", "bo"), ends: "2026-12-05T09:00" }],
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const shop = await w.service("shop", { team, name: "Shop" });
  const monitor = await w.monitor(shop, "home", { name: "Shop home" });
  const noisy = await w.monitor(shop, "disk", { name: "Disk | space" });
  await w.incident({ monitor, title: "Shop | down", startedAt: "2026-11-18T02:00:00Z", paged: [bo] });
  for (const startedAt of ["2026-11-19T12:00:00Z", "2026-11-20T12:00:00Z"])
    await w.incident({ monitor: noisy, title: "Disk fills", startedAt });
  await w.incident({ monitor: noisy, title: "Older", startedAt: "2026-11-13T12:00:00Z" });
  return { w, ada, bo, team };
}

test("the report tells what the week was: incidents, who was on call, answers, noise, hand-offs, gaps ahead", async () => {
  const { w, ada } = await week();
  await using _ = w;
  const { body, status } = await w.call("GET /oncall/report?team=web", ada);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(
    [body.week, body.from, body.to],
    ["2026-11-16", "2026-11-15T23:00:00Z", "2026-11-22T23:00:00Z"],
  );
  assert.deepEqual(
    body.incidents.map((each: { title: string }) => each.title),
    ["Shop | down", "Disk fills", "Disk fills"],
  );
  assert.deepEqual(body.acknowledge, { median_ms: 64_000, p90_ms: 64_000, never: 2 });
  assert.deepEqual([body.pages, body.night_pages, body.interruptions], [1, 1, 1]);
  assert.deepEqual(body.noisiest, [
    { source: "Disk | space", alerts: 2, unanswered: 2 },
    { source: "Shop home", alerts: 1, unanswered: 0 },
  ]);
  const { people, hand_offs, gaps_ahead } = body.rota;
  assert.deepEqual(
    people.map((each: { person: { name: string }; hours: number }) => [each.person.name, each.hours]),
    [
      ["Bo", 159],
      ["Ada", 9],
    ],
  );
  assert.deepEqual(
    hand_offs.map((each: { at: string; to: { name: string }[] }) => [each.at, each.to[0]?.name]),
    [["2026-11-16T08:00:00Z", "Bo"]],
  );
  assert.deepEqual(gaps_ahead, [
    {
      schedule: { slug: "primary", name: "Primary" },
      from: "2026-12-05T08:00:00Z",
      to: "2026-12-07T08:00:00Z",
    },
  ]);
  const older = await w.call("GET /oncall/report?team=web&week=2026-11-15&time_zone=UTC", ada);
  assert.deepEqual([older.body.week, older.body.incidents.length], ["2026-11-09", 1]);
});

test("as Markdown its tables hold, whatever titles say; a reader sees only incidents they may see", async () => {
  const { w, ada } = await week();
  await using _ = w;
  const { body, headers } = await w.call("GET /oncall/report.md?team=web", ada);
  assert.match(String(headers["content-type"]), /text\/markdown/);
  assert.match(body, /^# On call of web, week of 2026-11-16\n/);
  assert.match(body, /- 3 incidents, 1 page, 1 of them at night; people were woken 1 time\./);
  assert.match(body, /\| \\#1 Shop \\\| down \(Shop\) \| SEV2 \| Wed,? 18 Nov,? 03:00 \| 1 min 4 s \|/);
  await w.t.platform.db.updateTable("services").set({ visibility: "team" }).execute();
  const stranger = await w.person({ name: "Stranger", email: "stranger@example.com" });
  const seen = await w.call("GET /oncall/report?team=web", stranger);
  assert.deepEqual([seen.body.incidents, seen.body.noisiest, seen.body.pages], [[], [], 0]);
  assert.equal((await w.call("GET /oncall/report?team=nobody", ada)).status, 404);
  assert.equal((await w.call("GET /oncall/report?team=web")).status, 401);
});

test("the lead gets it on Monday at nine, once, in text and HTML; a team can switch it off", async () => {
  await using mails = await mailbox();
  const { w, ada, bo } = await week(mails.url);
  await using _ = w;
  const { platform } = w.t;
  await reportEngine(platform, reportPorts(platform));
  platform.due.start();
  const mail = await mails.next();
  await platform.due.stop(5_000);
  const [job] = await platform.db
    .selectFrom("due_jobs")
    .select("due_at")
    .where("kind", "=", "oncall-report")
    .execute();
  assert.equal(`${job?.due_at}`, "2026-11-23T08:15:00Z", "it looks again in a quarter of an hour");
  assert.equal(mail.to, "ada@example.com");
  assert.match(mail.text, /3 incidents, 1 page/);
  assert.match(mail.text, /Bo, hours 159 h, nights 7/);
  assert.match(mail.html, /<td[^>]*>#1 Shop \| down \(Shop\)<\/td>/);
  assert.ok(mail.html.includes("http://keepwatch.test/oncall/report?team=web&amp;week=2026-11-16"));
  await sendReports(platform, reportPorts(platform));
  const sent = () => platform.db.selectFrom("oncall_reports_sent").selectAll().execute();
  assert.equal((await sent()).length, 1);
  const stranger = await w.person({ name: "Stranger", email: "stranger@example.com" });
  const off = { team: "web", on: false };
  assert.equal((await w.call("PUT /oncall/report/settings", stranger, off)).status, 403);
  for (let twice = 0; twice < 2; twice++)
    assert.equal((await w.call("PUT /oncall/report/settings", bo, off)).status, 200);
  assert.equal((await w.call("GET /oncall/report?team=web", ada)).body.mail.on, false);
  w.t.clock.advance(7 * 24 * 3_600_000);
  await sendReports(platform, reportPorts(platform));
  assert.equal((await sent()).length, 1, "nothing more is sent");
  const audited = await platform.db
    .selectFrom("audit_entries")
    .select("after")
    .where("object_type", "=", "team")
    .execute();
  assert.deepEqual(audited, [{ after: { weekly_report: false } }]);
});
