import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type JudgeState, judge, newJudgeState } from "./judge.ts";
import { NO_TIMINGS } from "./kinds/kind.ts";
import { slow as schema } from "./schema.ts";
import { nearestRank, type Response, slide, slowJson, slowOf, tooSlow, withSlowness } from "./slow.ts";

const START = 1_800_000_000_000;
const LIMIT = { percentile: 95, limitMs: 800, overMs: 600_000 };
const POLICY = { everyMs: 30_000, timeoutMs: 10_000, failures: 3, retryEveryMs: [1_000], recoveries: 1 };
const SEEDED = { seed: 5, numRuns: 200 };

const good = (ms: number) => ({
  ...{ status: "up" as const, reason: `[ok] 200 in ${ms} ms`, cause: "ok", hard: false },
  ...{ timings: { ...NO_TIMINGS, total: ms }, evidence: null },
});

/** A monitor that takes so long at each of its checks, one after the other. */
function watch(times: readonly number[]) {
  let window: readonly Response[] = [];
  let state: JudgeState = newJudgeState(START);
  const rechecks: number[] = [];
  const turns = times.flatMap((ms, i) => {
    const at = START + i * POLICY.everyMs;
    window = slide(window, [{ at, ms }], { overMs: LIMIT.overMs, now: at });
    const judged = judge(state, { ...withSlowness(good(ms), LIMIT, window), at }, POLICY, at);
    state = judged.state;
    if (judged.recheckAt !== undefined) rechecks.push(i);
    const { transition } = judged;
    return transition ? [{ i, to: transition.to, reason: transition.reason, cause: transition.cause }] : [];
  });
  return { turns, rechecks };
}

test("one slow check, or one in each window, never degrades; a slow stretch does at once and ends with the window", () => {
  const quick = Array<number>(30).fill(200);
  assert.deepEqual(
    watch([...quick, 5_000, ...quick, 5_000, ...quick]).turns.map(({ to }) => to),
    ["up"],
  );
  const { turns, rechecks } = watch([...quick, 1_200, 1_500, ...quick]);
  assert.deepEqual(
    turns.map(({ i, to }) => [i, to]),
    [
      [0, "up"],
      [31, "degraded"],
      [50, "up"],
    ],
  );
  assert.equal(turns[1]?.reason, "[slow] p95 over 10m is 1.2 s (20 checks), wanted at most 800 ms");
  assert.equal(turns[1]?.cause, "slow:p95");
  assert.deepEqual(rechecks, [], "the window knows already: no quick re-checks");
});

test("degraded exactly while the percentile exceeds the limit, whatever the response times", () => {
  const anyTimes = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(anyTimes, fc.constantFrom(50, 75, 90, 95, 99), (times, percentile) => {
      const limit = { ...LIMIT, percentile };
      const window = times.map((ms, i) => ({ at: START + i, ms }));
      const rank = nearestRank(times, percentile);
      const within = times.filter((ms) => ms <= rank).length;
      assert.ok(within / times.length >= percentile / 100);
      assert.ok(times.filter((ms) => ms < rank).length / times.length < percentile / 100);
      const slow = times.filter((ms) => ms > 800).length;
      const expected = times.length >= 5 && slow >= 2 && rank > 800 ? rank : null;
      assert.equal(tooSlow(limit, window), expected);
      const judged = withSlowness(good(1), limit, window);
      assert.equal(judged.status, expected === null ? "up" : "degraded");
    }),
    SEEDED,
  );
});

test("a monitor that is down is not brought up by a slow window before its recoveries, and never goes down by it", () => {
  const at = START + 60_000;
  const down: JudgeState = { ...newJudgeState(START), status: "down", known: "down" };
  const window = Array.from({ length: 10 }, (_, i) => ({ at: START + i, ms: 900 }));
  const result = { ...withSlowness(good(900), LIMIT, window), at };
  assert.equal(judge(down, result, { ...POLICY, recoveries: 2 }, at).transition, undefined);
  assert.equal(judge(down, result, POLICY, at).transition?.to, "degraded");
});

test("a limit is written as it was read, and one that makes no sense is refused with the mend", () => {
  const written = { p95: "800ms", over: "10m" };
  assert.deepEqual(slowOf(schema.parse(written), 30_000), LIMIT);
  assert.deepEqual(slowJson(LIMIT), written);
  assert.deepEqual(schema.parse({ p50: "1s" }), { p50: "1s", over: "10m" });
  for (const wrong of [{ over: "5m" }, { p95: "1s", p99: "2s" }, { p96: "1s" }])
    assert.equal(schema.safeParse(wrong).success, false);
  const refused = (over: string, everyMs: number) => () => slowOf({ p95: "1s", over }, everyMs);
  assert.throws(refused("30s", 1_000), { message: /from 1m to 1d/ });
  assert.throws(refused("10m", 300_000), { message: /must hold 5 checks: make it 25m at least/ });
});
