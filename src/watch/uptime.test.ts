import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { MonitorStatus } from "./schema.ts";
import { type Transition, timeIn, uptimeOf, withoutPlanned } from "./uptime.ts";

const at = (text: string) => Temporal.Instant.from(`2026-11-23T${text}Z`);
const minutes = (n: number) => n * 60_000;

test("time in each state is what the transitions say, to the millisecond", () => {
  const transitions: Transition[] = [
    { at: at("08:00:00"), to: "up" },
    { at: at("09:30:00"), to: "down" },
    { at: at("09:40:00"), to: "up" },
  ];
  const spent = timeIn(transitions, at("09:00:00"), at("10:00:00"));
  assert.deepEqual(spent, { up: minutes(50), degraded: 0, down: minutes(10), unknown: 0 });
  assert.equal(uptimeOf(spent), 50 / 60);
});

test("before the first transition nothing is known, and unknown time counts neither way", () => {
  const spent = timeIn([{ at: at("09:30:00"), to: "up" }], at("09:00:00"), at("10:00:00"));
  assert.equal(spent.unknown, minutes(30));
  assert.equal(uptimeOf(spent), 1);
  assert.equal(uptimeOf(timeIn([], at("09:00:00"), at("10:00:00"))), null);
});

const state = fc.constantFrom<MonitorStatus>("up", "degraded", "down", "unknown");
const history = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), state), { maxLength: 30 })
  .map((list) =>
    list
      .sort((a, b) => a[0] - b[0])
      .map(([ms, to]): Transition => ({ at: Temporal.Instant.fromEpochMilliseconds(ms), to })),
  );
const total = (spent: Record<string, number>) => Object.values(spent).reduce((sum, ms) => sum + ms, 0);

test("the states of any window add up to the window, and two halves to the whole", () => {
  const span = fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.nat(50_000), fc.nat(50_000));
  fc.assert(
    fc.property(history, span, (transitions, [start, first, second]) => {
      const [a, b, c] = [start, start + first, start + first + second].map((ms) =>
        Temporal.Instant.fromEpochMilliseconds(ms),
      ) as [Temporal.Instant, Temporal.Instant, Temporal.Instant];
      const whole = timeIn(transitions, a, c);
      const left = timeIn(transitions, a, b);
      const right = timeIn(transitions, b, c);
      assert.equal(total(whole), first + second);
      for (const key of ["up", "degraded", "down", "unknown"] as const) {
        assert.equal(left[key] + right[key], whole[key]);
      }
    }),
    { numRuns: 200, seed: 7 },
  );
});

test("planned work counts neither way, and what failed in it counts from its end on", () => {
  const transitions: Transition[] = [
    { at: at("08:00:00"), to: "up" },
    { at: at("09:10:00"), to: "down" },
    { at: at("09:40:00"), to: "up" },
  ];
  const planned = [{ from: at("09:00:00"), to: at("09:30:00") }];
  const spent = timeIn(withoutPlanned(transitions, planned), at("08:30:00"), at("10:00:00"));
  assert.deepEqual(spent, { up: minutes(50), degraded: 0, down: minutes(10), unknown: minutes(30) });
});

const instantOf = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);
const plans = fc
  .uniqueArray(fc.integer({ min: 0, max: 120_000 }), { maxLength: 12 })
  .map((list) => list.sort((a, b) => a - b))
  .map((edges) => edges.flatMap((from, i) => (i % 2 === 0 && edges[i + 1] ? [[from, edges[i + 1]!]] : [])))
  .map((pairs) => pairs.map(([from = 0, to = 0]) => ({ from: instantOf(from), to: instantOf(to) })));

test("with planned work taken out, each state has exactly its time outside of it, and all of it is unknown", () => {
  fc.assert(
    fc.property(history, plans, (transitions, planned) => {
      const [from, to] = [instantOf(0), instantOf(120_000)];
      const left = timeIn(withoutPlanned(transitions, planned), from, to);
      const whole = timeIn(transitions, from, to);
      const within = planned.map((each) => timeIn(transitions, each.from, each.to));
      const plannedMs = within.reduce((sum, each) => sum + total(each), 0);
      for (const key of ["up", "degraded", "down"] as const)
        assert.equal(left[key], whole[key] - within.reduce((sum, each) => sum + each[key], 0));
      assert.equal(
        left.unknown,
        whole.unknown + plannedMs - within.reduce((sum, each) => sum + each.unknown, 0),
      );
    }),
    { numRuns: 200, seed: 8 },
  );
});
