import assert from "node:assert/strict";
import { test } from "node:test";
import { type World, world } from "../learn/fixtures/world.ts";
import { newId } from "../platform/ids.ts";
import { type Counts, noCounts, noFigures, packDay } from "../watch/results/day.ts";
import { insertDays } from "../watch/results/keep.ts";
import { viewsRoutes } from "./routes.ts";

const NOW = "2026-11-23T09:00:00Z";

const open = () =>
  world(
    (app, t) =>
      viewsRoutes(app, t.platform, {
        burning: async () => [],
        onCall: async (_actor, at) => [
          {
            schedule: "web",
            name: "Web",
            time_zone: "UTC",
            users: [],
            people: [],
            until: at.toString(),
            next: [],
            next_people: [],
            services: [],
          },
        ],
        coverage: () => ({ planned: 1000, onTime: 999 }),
      }),
    { at: NOW },
  );

/** What the checks of one hour (`2026-11-22T10`, UTC) came to. */
const hourOf = async (w: World, monitor: { id: string }, hour: string, counts: Partial<Counts>) => {
  const [day = "", number] = hour.split("T");
  const figures = { ...noFigures(), counts: { ...noCounts(), ...counts } };
  await insertDays(w.t.platform.db, [
    { id: monitor.id, day, ...packDay(new Map([[Number(number), figures]])) },
  ]);
};

const transition = (w: World, monitor: { id: string }, [at, from, to]: readonly [string, string, string]) =>
  w.insert("monitor_transitions", {
    id: newId(w.t.clock),
    monitor_id: monitor.id,
    at: Temporal.Instant.from(at),
    from_status: from,
    to_status: to,
    reason: to,
  });

test("a service's 90 days are those of its worst monitor, in the reader's own zone", async () => {
  await using w = await open();
  const web = await w.team("web");
  const ada = { ...(await w.t.user({ timeZone: "Europe/Paris" })), teams: [] };
  const shop = await w.service("shop", { name: "Shop", team: web });
  const home = await w.monitor(shop, "home");
  const pay = await w.monitor(shop, "pay", { status: "down" });
  await transition(w, home, ["2026-06-01T00:00:00Z", "unknown", "up"]);
  await transition(w, pay, ["2026-11-20T12:00:00Z", "unknown", "up"]);
  await transition(w, pay, ["2026-11-21T22:30:00Z", "up", "down"]);
  await transition(w, pay, ["2026-11-22T00:30:00Z", "down", "up"]);
  await transition(w, pay, ["2026-11-23T08:00:00Z", "up", "down"]);
  const { status, body } = await w.call("GET /overview", ada);
  assert.equal(status, 200, JSON.stringify(body));
  const [service] = body.services;
  const { days, uptime, ...rest } = service;
  assert.deepEqual(rest, {
    slug: "shop",
    name: "Shop",
    team: { slug: "web", name: "web" },
    status: "down",
    monitors: 2,
  });
  assert.equal(days.length, 90);
  assert.equal(days[0].date, "2026-08-26");
  const hour = 3600;
  assert.deepEqual(days.slice(-3), [
    { date: "2026-11-21", up: 23.5 * hour, degraded: 0, down: 0.5 * hour, unknown: 0 },
    { date: "2026-11-22", up: 22.5 * hour, degraded: 0, down: 1.5 * hour, unknown: 0 },
    { date: "2026-11-23", up: 9 * hour, degraded: 0, down: hour, unknown: 0 },
  ]);
  const dst = days.find((day: { date: string }) => day.date === "2026-10-25");
  assert.equal(dst.up, 25 * hour);
  assert.ok(uptime > 0.998 && uptime < 0.999, String(uptime));
});

test("a monitor that was never checked leaves its service unknown, without an uptime", async () => {
  await using w = await open();
  const ada = await w.person();
  await w.monitor(await w.service("mail"), "mail", { status: "unknown" });
  await w.service("empty");
  const { body } = await w.call("GET /overview", ada);
  for (const service of body.services) {
    assert.equal(service.status, "unknown");
    assert.equal(service.uptime, null);
    assert.ok(service.days.every((day: { up: number; unknown: number }) => day.up === 0 && day.unknown > 0));
  }
});

test("nothing burns: since when, yesterday's numbers and who is on call", async () => {
  await using w = await open();
  const ada = await w.person();
  const monitor = await w.monitor(await w.service("shop"), "shop-home");
  await hourOf(w, monitor, "2026-11-22T10", { up: 100, degraded: 2, down: 3, unknown: 1 });
  await hourOf(w, monitor, "2026-11-23T00", { up: 7 });
  await w.incident({ monitor, startedAt: "2026-11-22T10:00:00Z", paged: [ada] });
  await w.incident({ monitor, startedAt: "2026-11-22T12:00:00Z" });
  const { body } = await w.call("GET /overview", ada);
  assert.equal(body.quiet_since, "2026-11-22T12:12:00Z");
  assert.deepEqual(body.yesterday, {
    checks: 106,
    failed: 5,
    incidents: 2,
    pages: 1,
    acknowledge_ms: 64_000,
  });
  assert.deepEqual(body.burning, []);
  assert.equal(body.on_call[0].schedule, "web");
  assert.deepEqual(body.coverage, { planned: 1000, on_time: 999, ratio: 0.999 });
  assert.deepEqual(body.today, []);
});

test("today lists what happened and what people changed, the newest first", async () => {
  await using w = await open();
  const ada = await w.person({ name: "Ada" });
  const shop = await w.service("shop", { name: "Shop" });
  const monitor = await w.monitor(shop, "shop-home", { name: "Shop home" });
  const incident = await w.incident({ monitor, startedAt: "2026-11-23T06:37:22Z" });
  const change = (minute: number, action: string, [type, id, name]: readonly [string, string, string]) =>
    w.insert("audit_entries", {
      ...{ id: newId(w.t.clock), at: Temporal.Instant.from(`2026-11-23T07:0${minute}:00Z`) },
      ...{ actor_type: "user", actor_name: "Ada", action },
      ...{ object_type: type, object_id: id, object_name: name },
    });
  await change(1, "updated", ["monitor", monitor.id, "shop-home"]);
  await change(2, "created", ["schedule", newId(w.t.clock), "web-primary"]);
  await change(3, "created", ["api_token", newId(w.t.clock), "secret plans"]);
  const { body } = await w.call("GET /overview", ada);
  assert.deepEqual(
    body.today.map(({ text, url }: { text: string; url: string }) => [text, url]),
    [
      ["Ada created the schedule web-primary", "http://keepwatch.test/oncall"],
      ["Ada changed the monitor Shop home", "http://keepwatch.test/monitors/shop-home"],
      [
        `Incident #${incident.number} resolved after 11 min 53 s: Shop home is down`,
        `http://keepwatch.test/incidents/${incident.number}`,
      ],
      [
        `Incident #${incident.number} opened: Shop home is down`,
        `http://keepwatch.test/incidents/${incident.number}`,
      ],
    ],
  );
});

test("the overview and the search show nothing of another team's own service", async () => {
  await using w = await open();
  const hr = await w.team("hr");
  const member = await w.person({ teams: [hr] });
  const stranger = await w.person();
  const payroll = await w.service("payroll", { name: "Payroll", team: hr, visibility: "team" });
  const monitor = await w.monitor(payroll, "payroll-home", { name: "Payroll home" });
  await hourOf(w, monitor, "2026-11-22T10", { up: 100 });
  await w.incident({ monitor, title: "Payroll is down", startedAt: "2026-11-22T10:00:00Z", paged: [member] });
  await w.incident({ monitor, title: "Payroll is down", startedAt: "2026-11-23T06:00:00Z" });
  await w.insert("audit_entries", {
    ...{ id: newId(w.t.clock), at: w.t.clock.now(), actor_type: "user", actor_name: "Cy" },
    ...{ action: "updated", object_type: "monitor", object_id: monitor.id, object_name: "payroll-home" },
  });
  const look = async (who: typeof member) => {
    const { body } = await w.call("GET /overview", who);
    const found = await w.call("GET /search?q=payroll", who);
    return {
      services: body.services.length,
      today: body.today.length,
      ...body.yesterday,
      quiet: body.quiet_since !== null,
      found: found.body.items.length,
    };
  };
  assert.deepEqual(await look(member), {
    ...{ services: 1, today: 3, checks: 100, failed: 0, incidents: 1, pages: 1, acknowledge_ms: 64_000 },
    ...{ quiet: true, found: 4 },
  });
  assert.deepEqual(await look(stranger), {
    ...{ services: 0, today: 0, checks: 0, failed: 0, incidents: 0, pages: 0, acknowledge_ms: null },
    ...{ quiet: false, found: 0 },
  });
});
