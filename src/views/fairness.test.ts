import assert from "node:assert/strict";
import { test } from "node:test";
import { world } from "../learn/fixtures/world.ts";
import { fairnessRoutes } from "../oncall/fairness/routes.ts";
import { oncallRoutes } from "../oncall/routes.ts";
import { weekly } from "../oncall/testing.ts";
import { pagesReceived } from "./pages-received.ts";

const open = () =>
  world((app, { platform }) => {
    oncallRoutes(app, platform, { methodsOf: async () => new Map(), lintedMethodsOf: async () => new Map() });
    fairnessRoutes(app, platform, {
      pagesFor: (viewer) => (range) => pagesReceived(platform.db, viewer, range),
    });
  });

const WEEKS = "from=2026-11-09T09:00&to=2026-11-23T09:00";

/** Ada and Bo by turns in Paris, Ada from Monday the 23rd; the past alternates alike, Bo the week before. */
async function shop() {
  const w = await open();
  const team = await w.team("web");
  const ada = await w.person({ name: "Ada", email: "ada@example.com", teams: [team] });
  const bo = await w.person({ name: "=Bo", email: "bo@example.com", teams: [team] });
  const zone = "Europe/Paris";
  const made = await w.call("POST /schedules", ada, {
    ...{ slug: "primary", name: "Primary", time_zone: zone, team: "web", layers: [weekly("ada", "bo")] },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return { w, team, ada, bo };
}

test("the load is that of what was: an edit today doesn't move last week's hours, an override does count", async () => {
  const { w, ada } = await shop();
  await using _ = w;
  await w.call("POST /schedules/primary/overrides", ada, {
    ...{ user: "ada@example.com", from: "2026-11-23T12:00", to: "2026-11-23T18:00" },
  });
  const { body: before } = await w.call(`GET /fairness?schedule=primary&${WEEKS}`, ada);
  const hours = before.items.map((item: { person: { email: string }; hours: number }) => [
    item.person.email,
    item.hours,
  ]);
  assert.deepEqual(Object.fromEntries(hours), { "ada@example.com": 168, "bo@example.com": 168 });
  assert.equal(before.balance, 100);
  assert.deepEqual(before.schedules[0].total, 100);
  const edit = { layers: [weekly("bo")] };
  assert.equal((await w.call("PATCH /schedules/primary", ada, edit)).status, 200);
  const { body: after } = await w.call(`GET /fairness?schedule=primary&${WEEKS}`, ada);
  assert.deepEqual(after.items, before.items);
  const ahead = await w.call("GET /fairness?team=web&from=2026-11-30T09:00&to=2026-12-07T09:00", ada);
  const [first, second] = ahead.body.items;
  assert.deepEqual([first.person.email, first.hours, first.planned_hours], ["bo@example.com", 168, 168]);
  assert.equal(second.hours, 0, "members without a shift are shown too");
});

test("pages count for those on call, at night apart, and only what the reader may see", async () => {
  const { w, team, ada, bo } = await shop();
  await using _ = w;
  const stranger = await w.person({ name: "Stranger", email: "stranger@example.com" });
  const secret = await w.service("secret", { team, visibility: "team" });
  // 02:00 in UTC, where everybody lives; Bo has that week, Ada is paged without being on call.
  await w.incident({ monitor: null, service: secret, startedAt: "2026-11-18T02:00:00Z", paged: [bo, ada] });
  await w.incident({ monitor: null, startedAt: "2026-11-18T12:00:00Z", paged: [bo] });
  const of = async (as: typeof ada, scope: string, email: string) => {
    const { body } = await w.call(`GET /fairness?${scope}&${WEEKS}`, as);
    const item = body.items.find((each: { person: { email: string } }) => each.person.email === email);
    return [item.pages, item.night_pages, item.interruptions];
  };
  assert.deepEqual(await of(ada, "schedule=primary", bo.email), [2, 1, 1]);
  assert.deepEqual(await of(ada, "schedule=primary", ada.email), [0, 0, 0], "not on call then");
  assert.deepEqual(await of(ada, "", ada.email), [1, 1, 0], "of the company, all pages count");
  assert.deepEqual(await of(stranger, "schedule=primary", bo.email), [1, 0, 0]);
});

test("holidays of a team, a schedule or everybody weigh; who may not edit the team may not write them", async () => {
  const { w, ada } = await shop();
  await using _ = w;
  const stranger = await w.person({ name: "Stranger", email: "stranger@example.com" });
  const list = {
    slug: "fr",
    name: "France",
    teams: ["web"],
    days: [{ date: "2026-11-11", name: "Armistice" }],
  };
  assert.equal((await w.call("POST /holiday-lists", stranger, list)).status, 403);
  assert.equal((await w.call("POST /holiday-lists", ada, { ...list, everywhere: true })).status, 403);
  const made = await w.call("POST /holiday-lists", ada, list);
  assert.deepEqual([made.status, made.body.teams], [201, [{ slug: "web", name: "web" }]]);
  assert.equal((await w.call("POST /holiday-lists", ada, list)).status, 409);
  const holidays = async () => {
    const { body } = await w.call(`GET /fairness?schedule=primary&${WEEKS}`, ada);
    return body.items.map((item: { holidays: number; holiday_hours: number }) => [
      item.holidays,
      item.holiday_hours,
    ]);
  };
  assert.deepEqual((await holidays()).toSorted(), [
    [0, 0],
    [1, 24],
  ]);
  const twice = { days: [...list.days, ...list.days] };
  const refused = await w.call("PATCH /holiday-lists/fr", ada, twice);
  assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, "/days"]);
  await w.call("PATCH /holiday-lists/fr", ada, { teams: [], schedules: ["primary"], days: [] });
  assert.deepEqual(await holidays(), [
    [0, 0],
    [0, 0],
  ]);
  assert.equal((await w.call("DELETE /holiday-lists/fr", ada)).status, 204);
  const rows = await w.t.platform.db
    .selectFrom("audit_entries")
    .select("action")
    .where("object_type", "=", "holiday_list")
    .orderBy("id")
    .execute();
  assert.deepEqual(
    rows.map(({ action }) => action),
    ["created", "updated", "deleted"],
  );
});

test("a table for a spreadsheet has a line a person, and no name in it is a formula", async () => {
  const { w, ada } = await shop();
  await using _ = w;
  const { body, headers } = await w.call(`GET /fairness.csv?schedule=primary&${WEEKS}`, ada);
  assert.match(String(headers["content-disposition"]), /on-call-load-primary\.csv/);
  const lines = String(body).trim().split("\r\n");
  assert.equal(lines.length, 3);
  assert.match(lines[0]!, /^name,email,time_zone,hours,planned_hours,nights/);
  assert.ok(lines.some((line) => line.startsWith("'=Bo,bo@example.com,UTC,168,0,7,63,48,0,0,1,0,0,0,279")));
});

test("a question that has no answer is refused with where and why", async () => {
  const { w, ada } = await shop();
  await using _ = w;
  for (const [query, status, pointer] of [
    ["schedule=primary&team=web", 422, "/team"],
    ["schedule=nobody", 404, undefined],
    ["team=nobody", 404, undefined],
    ["schedule=primary&to=soon", 422, "/to"],
    ["schedule=primary&from=2026-11-09&to=2026-11-02", 422, "/to"],
  ] as const) {
    const answer = await w.call(`GET /fairness?${query}`, ada);
    assert.deepEqual([answer.status, answer.body.errors?.[0]?.pointer], [status, pointer], query);
  }
  assert.equal((await w.call("GET /fairness")).status, 401);
});
