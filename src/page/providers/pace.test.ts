import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Pace } from "./kind.ts";
import { lineOf, slotsOf } from "./pace.ts";

const START = Temporal.Instant.from("2026-11-23T09:00:00Z");
const at = (ms: number) => START.add({ milliseconds: ms });

/** When messages that come at these times go, with as many waiting as there are. */
function gone(pace: Pace, wishes: readonly number[]): number[] {
  const line = lineOf("p", pace, {});
  let paidMs = 0;
  let nowMs = 0;
  return wishes.map((wish) => {
    nowMs = Math.max(nowMs, wish);
    const { free, next } = slotsOf(line, at(paidMs), at(nowMs));
    if (free === 0) nowMs = next.epochMilliseconds - START.epochMilliseconds;
    paidMs = Math.max(paidMs, nowMs) + line.eachMs;
    return nowMs;
  });
}

test("whatever comes when, no window ever holds more messages than the provider allows", () => {
  const pace = fc.constantFrom<Pace>(
    { per: "account", count: 1, withinMs: 1_000 },
    { per: "account", count: 30, withinMs: 1_000 },
    { per: "destination", count: 20, withinMs: 60_000 },
  );
  const wishes = fc.array(fc.nat(20_000), { maxLength: 120 }).map((list) => list.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(pace, wishes, (each, list) => {
      const times = gone(each, list);
      for (const [n, time] of times.entries()) {
        const tooSoon = times[n + each.count];
        assert.ok(tooSoon === undefined || tooSoon - time >= each.withinMs, `${time} and ${tooSoon}`);
      }
    }),
    { seed: 7, numRuns: 60 },
  );
});

test("a first message never waits, and a line that was quiet has its whole burst again", () => {
  const pace: Pace = { per: "account", count: 30, withinMs: 1_000 };
  assert.deepEqual(gone(pace, [0, 0, 0]), [0, 0, 0]);
  assert.deepEqual(gone(pace, [60_000, 60_000]), [60_000, 60_000]);
});

test("destinations have lines of their own, whose names don't tell where they lead", () => {
  const pace: Pace = { per: "destination", count: 1, withinMs: 1_000 };
  const one = lineOf("p", pace, { phone: "+33612345678" });
  const other = lineOf("p", pace, { phone: "+33612345679" });
  assert.notEqual(one.key, other.key);
  assert.ok(!one.key.includes("3361"));
});
