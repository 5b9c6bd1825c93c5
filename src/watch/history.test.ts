import assert from "node:assert/strict";
import { test } from "node:test";
import { type TestPlatform, testPlatform } from "../../test/support/platform.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import { readDays } from "./days.ts";
import { readFigures, readSeries } from "./history.ts";
import type { StoredCheck } from "./results/chunk.ts";
import { figuresOf, packDay } from "./results/day.ts";
import { insertDays, packFullHours } from "./results/keep.ts";
import { createSamples } from "./samples.ts";
import type { Check, MonitorStatus } from "./schema.ts";

const at = (text: string) => Temporal.Instant.from(text);
const HOUR_MS = 3_600_000;

async function monitor({ platform: { db, clock } }: TestPlatform, slug = "home"): Promise<string> {
  const [service, id] = [newId(clock), newId(clock)];
  const made = { created_at: clock.now(), updated_at: clock.now() };
  await db
    .insertInto("services")
    .values({ id: service, slug, name: slug, ...made })
    .execute();
  await db
    .insertInto("monitors")
    .values({
      ...{
        id,
        slug,
        name: slug,
        service_id: service,
        kind: "http",
        config: json({ url: "http://192.0.2.1/" }),
      },
      ...{ every_ms: 60_000, timeout_ms: 10_000, status_since: clock.now(), ...made },
      confirm: json({ failures: 3, retryEveryMs: [1_000], recoveries: 1 }),
    })
    .execute();
  return id;
}

const checkOf = (instant: Temporal.Instant, status: MonitorStatus, total: number | null): Check => ({
  at: instant.toString(),
  status,
  reason: status === "up" ? "" : "[status] 502",
  cause: status === "up" ? "" : "status:502",
  timings: { dns: 1, connect: 2, tls: null, first_byte: 3, transfer: 4, total },
  evidence: { location: "local", headers: { server: "nginx" }, body: "<html>" },
});

const singleCheck = (more: Partial<StoredCheck>): StoredCheck => ({
  ...{ at: 0, status: "up", reason: null },
  ...{ dns: null, connect: null, tls: null, first_byte: null, transfer: null, total: null },
  ...more,
});

/** Stores one check per entry, `everyMs` apart. */
async function store(
  t: TestPlatform,
  id: string,
  { from, everyMs, checks }: { from: string; everyMs: number; checks: [MonitorStatus, number | null][] },
) {
  const samples = createSamples(t.platform);
  for (const [index, [status, ms]] of checks.entries())
    samples.add({
      monitorId: id,
      check: checkOf(at(from).add({ milliseconds: index * everyMs }), status, ms),
      judge: { status },
    });
  await samples.stop();
}

test("samples are stored as they came, and the last one stands on the monitor", async () => {
  await using t = await testPlatform();
  const id = await monitor(t);
  const checks: [MonitorStatus, number | null][] = [
    ["down", null],
    ["up", 120],
  ];
  await store(t, id, { from: "2026-11-23T08:00:00Z", everyMs: 60_000, checks });
  const { db } = t.platform;
  const rows = await db.selectFrom("check_results").selectAll().orderBy("at").execute();
  assert.deepEqual(
    rows.map((row) => [String(row.at), row.status, row.total_ms, row.reason]),
    [
      ["2026-11-23T08:00:00Z", "down", null, "[status] 502"],
      ["2026-11-23T08:01:00Z", "up", 120, null],
    ],
  );
  const row = await db.selectFrom("monitors").selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([row.last_check?.status, row.judge], ["up", { status: "up" }]);
  assert.deepEqual([row.last_check?.evidence?.body, row.last_check?.evidence?.headers], ["", {}]);
  await store(t, id, { from: "2026-11-23T07:00:00Z", everyMs: 1, checks: [["down", null]] });
  const later = await db.selectFrom("monitors").select("last_check").executeTakeFirstOrThrow();
  assert.equal(later.last_check?.status, "up", "an older one doesn't replace a newer one");
});

test("samples that can't be stored now are stored later; those of a deleted monitor harm no others", async () => {
  await using t = await testPlatform();
  const [id, gone] = [await monitor(t), await monitor(t, "gone")];
  const { platform } = t;
  const { publish } = platform.live;
  platform.live.publish = () => Promise.reject(new Error("the database is away"));
  const samples = createSamples(platform);
  for (const monitorId of [id, gone])
    samples.add({ monitorId, check: checkOf(at("2026-11-23T08:00:00Z"), "up", 12), judge: {} });
  await samples.flush();
  const stored = () => platform.db.selectFrom("check_results").select("monitor_id").execute();
  assert.deepEqual(await stored(), []);
  await platform.db.deleteFrom("monitors").where("id", "=", gone).execute();
  platform.live.publish = publish;
  await samples.stop();
  assert.deepEqual(await stored(), [{ monitor_id: id }]);
});

test("an hour is drawn from the samples themselves, in steps, with the states in each", async () => {
  await using t = await testPlatform();
  const id = await monitor(t);
  const checks = Array.from({ length: 60 }, (_, n): [MonitorStatus, number | null] =>
    n === 30 ? ["down", null] : ["up", 100 + n],
  );
  await store(t, id, { from: "2026-11-23T08:00:00Z", everyMs: 60_000, checks });
  const range = { from: at("2026-11-23T08:00:00Z"), to: at("2026-11-23T09:00:00Z") };
  const { step_ms, points } = await readSeries(t.platform.db, id, range);
  assert.equal(step_ms, 15_000);
  assert.equal(points.length, 60);
  const { at: first, p50, up, dns, tls } = points[0]!;
  assert.deepEqual([first, p50, up, dns, tls], ["2026-11-23T08:00:00Z", 100, 1, 1, null]);
  assert.deepEqual([points[30]?.p50, points[30]?.down, points[30]?.up], [null, 1, 0]);
});

test("a month is drawn from the figures by hour, in at most 240 steps, with every check counted once", async () => {
  await using t = await testPlatform({ at: "2026-11-23T00:00:00Z" });
  const id = await monitor(t);
  const { db } = t.platform;
  const hour = figuresOf([
    ...Array.from({ length: 59 }, () => singleCheck({ total: 200, connect: 20 })),
    singleCheck({ status: "down" }),
  ]);
  const day = packDay(new Map(Array.from({ length: 24 }, (_, n) => [n, hour])));
  const first = Temporal.PlainDate.from("2026-10-24");
  await insertDays(
    db,
    Array.from({ length: 30 }, (_, n) => ({ id, day: first.add({ days: n }).toString(), ...day })),
  );
  const range = { from: at("2026-10-24T00:00:00Z"), to: at("2026-11-23T00:00:00Z") };
  const { step_ms, points } = await readSeries(db, id, range);
  assert.ok(points.length <= 240 && step_ms % HOUR_MS === 0, `${points.length} points of ${step_ms} ms`);
  const sum = (state: "up" | "down") => points.reduce((count, point) => count + point[state], 0);
  assert.deepEqual([sum("up"), sum("down")], [30 * 24 * 59, 30 * 24]);
  for (const { p50, connect } of points) {
    assert.ok(Math.abs((p50 ?? 0) - 200) <= 4, `${p50}`);
    assert.equal(connect, 20, "phases are there for months, too");
  }
});

test("figures are of the last day and month; without data they are null, not zero", async () => {
  await using t = await testPlatform({ at: "2026-11-23T09:00:00Z" });
  const [id, empty] = [await monitor(t), await monitor(t, "empty")];
  const { db, clock } = t.platform;
  await transitions(t, id, [
    ["2026-11-22T09:00:00Z", "up"],
    ["2026-11-22T21:00:00Z", "down"],
    ["2026-11-22T21:36:00Z", "up"],
  ]);
  const checks = Array.from({ length: 80 }, (): [MonitorStatus, number] => ["up", 100]);
  await store(t, id, { from: "2026-11-23T07:00:00Z", everyMs: 60_000, checks });
  await packFullHours(db, clock.now());
  const figures = await readFigures(db, [id, empty], clock.now());
  const mine = figures.get(id);
  assert.equal(mine?.uptime.day, 1 - 36 / 1440);
  assert.ok(Math.abs((mine?.latency.p50 ?? 0) - 100) < 5);
  assert.equal(mine?.recent.length, 60);
  assert.equal(mine?.recent.at(-1)?.at, "2026-11-23T08:19:00Z");
  assert.deepEqual(figures.get(empty), {
    uptime: { day: null, month: null },
    latency: { p50: null, p95: null },
    recent: [],
  });
});

async function transitions(t: TestPlatform, id: string, list: [string, MonitorStatus][]) {
  for (const [instant, to] of list)
    await t.platform.db
      .insertInto("monitor_transitions")
      .values({
        ...{ id: newId(t.clock), monitor_id: id, at: at(instant), from_status: "unknown", to_status: to },
        reason: "",
      })
      .execute();
}

test("a day in which the clocks change is as long as it is", async () => {
  for (const [now, date, hours] of [
    ["2026-10-25T22:59:59Z", "2026-10-25", 25],
    ["2026-03-29T21:59:59Z", "2026-03-29", 23],
  ] as const) {
    await using t = await testPlatform({ at: now });
    const id = await monitor(t);
    await transitions(t, id, [["2026-01-01T00:00:00Z", "up"]]);
    const end = t.clock.now().add({ seconds: 1 });
    const [day] = await readDays(t.platform.db, id, {
      now: end.subtract({ milliseconds: 1 }),
      count: 1,
      zone: "Europe/Paris",
    });
    assert.equal(day?.date, date);
    assert.equal(Math.round(((day?.up ?? 0) / 3600) * 1000) / 1000, hours);
  }
});

test("days begin at the viewer's midnight; today ends now; before any data nothing is known", async () => {
  await using t = await testPlatform({ at: "2026-11-23T09:00:00Z" });
  const id = await monitor(t);
  await transitions(t, id, [
    ["2026-11-22T12:00:00Z", "up"],
    ["2026-11-22T23:30:00Z", "down"],
    ["2026-11-23T00:30:00Z", "up"],
  ]);
  const days = await readDays(t.platform.db, id, { now: t.clock.now(), count: 3, zone: "Europe/Paris" });
  const hours = days.map(({ date, ...spent }) => [
    date,
    ...(["up", "down", "unknown"] as const).map((state) => spent[state] / 3600),
  ]);
  assert.deepEqual(hours, [
    ["2026-11-21", 0, 0, 24],
    ["2026-11-22", 11, 0, 13],
    ["2026-11-23", 9, 1, 0],
  ]);
});
