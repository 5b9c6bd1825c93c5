import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { MonitorStatus } from "../watch/schema.ts";
import { type Transition, timeIn } from "../watch/uptime.ts";
import { type Day, dayBars, localDays, worstOf } from "./model.ts";

const instant = (text: string) => Temporal.Instant.from(text);
const seconds = ({ up, degraded, down, unknown }: Day) => up + degraded + down + unknown;
const HOUR = 3600;

test("a quiet day is all up, a day with an outage shows its seconds, days before the monitor are unknown", () => {
  const bars = dayBars(
    [
      { at: instant("2026-11-21T06:00:00Z"), to: "up" },
      { at: instant("2026-11-22T23:50:00Z"), to: "down" },
      { at: instant("2026-11-23T00:10:00Z"), to: "up" },
    ],
    localDays({ from: instant("2026-11-20T00:00:00Z"), to: instant("2026-11-23T09:00:00Z"), zone: "UTC" }),
  );
  assert.deepEqual(bars, [
    { date: "2026-11-20", up: 0, degraded: 0, down: 0, unknown: 24 * HOUR },
    { date: "2026-11-21", up: 18 * HOUR, degraded: 0, down: 0, unknown: 6 * HOUR },
    { date: "2026-11-22", up: 24 * HOUR - 600, degraded: 0, down: 600, unknown: 0 },
    { date: "2026-11-23", up: 9 * HOUR - 600, degraded: 0, down: 600, unknown: 0 },
  ]);
});

for (const [zone, date, hours] of [
  ["Europe/Paris", "2026-03-29", 23],
  ["Europe/Paris", "2026-10-25", 25],
  ["Australia/Lord_Howe", "2026-04-05", 24.5],
  ["America/Havana", "2026-03-08", 23],
  ["UTC", "2026-03-29", 24],
] as const)
  test(`${date} in ${zone} is ${hours} hours long`, () => {
    const start = Temporal.PlainDate.from(date).toZonedDateTime(zone);
    const span = { from: start.toInstant(), to: start.add({ days: 1 }).startOfDay().toInstant(), zone };
    assert.deepEqual(dayBars([{ at: instant("2020-01-01T00:00:00Z"), to: "up" }], localDays(span)), [
      { date, up: hours * HOUR, degraded: 0, down: 0, unknown: 0 },
    ]);
  });

const status = fc.constantFrom<MonitorStatus>("up", "degraded", "down", "unknown");
const START = instant("2026-01-01T00:00:00Z").epochMilliseconds;
const YEAR_MS = 365 * 24 * HOUR * 1000;
const moment = fc.integer({ min: 0, max: YEAR_MS });
const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(START + ms);
const history = fc
  .uniqueArray(fc.tuple(moment, status), { selector: ([ms]) => ms, maxLength: 40 })
  .map((list) => list.sort((a, b) => a[0] - b[0]).map(([ms, to]): Transition => ({ at: at(ms), to })));
const span = fc
  .record({ a: moment, days: fc.integer({ min: 0, max: 120 * 24 * HOUR * 1000 }) })
  .map(({ a, days }) => ({ from: at(a), to: at(a + days) }));
const zone = fc.constantFrom(
  "UTC",
  "Europe/Paris",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
);

test("the seconds of every day add up to the day's length, and the days to the whole", () => {
  fc.assert(
    fc.property(history, span, zone, (transitions, { from, to }, zone) => {
      const bars = dayBars(transitions, localDays({ from, to, zone }));
      const dates = bars.map(({ date }) => date);
      assert.deepEqual(dates, [...new Set(dates)].sort());
      for (const [index, bar] of bars.entries()) {
        const start = Temporal.PlainDate.from(bar.date).toZonedDateTime(zone);
        const length = start.hoursInDay * HOUR;
        if (index > 0 && index < bars.length - 1) assert.ok(Math.abs(seconds(bar) - length) < 1e-6);
        else assert.ok(seconds(bar) <= length + 1e-6);
      }
      const whole = timeIn(transitions, from, to);
      for (const key of ["up", "degraded", "down", "unknown"] as const) {
        const sum = bars.reduce((total, bar) => total + bar[key], 0);
        assert.equal(Math.round(sum * 1000), whole[key]);
      }
    }),
    { numRuns: 200, seed: 5 },
  );
});

const stateAt = (transitions: readonly Transition[], ms: number): MonitorStatus =>
  transitions.findLast((change) => change.at.epochMilliseconds <= ms)?.to ?? "unknown";

test("at every moment a service is the worst of what is known of its monitors", () => {
  const rank = ["unknown", "up", "degraded", "down"];
  fc.assert(
    fc.property(fc.array(history, { maxLength: 4 }), moment, (histories, ms) => {
      const whole = worstOf(histories);
      for (const when of [START + ms, ...whole.map((change) => change.at.epochMilliseconds)]) {
        const parts = histories.map((each) => rank.indexOf(stateAt(each, when)));
        assert.equal(stateAt(whole, when), rank[Math.max(0, ...parts)]);
      }
    }),
    { numRuns: 200, seed: 6 },
  );
});
