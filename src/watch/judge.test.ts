import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type JudgedResult,
  type JudgePolicy,
  type JudgeState,
  judge,
  newJudgeState,
  policyOf,
  type Transition,
  unwatched,
} from "./judge.ts";
import type { Status } from "./kinds/kind.ts";

const POLICY: JudgePolicy = {
  everyMs: 60_000,
  timeoutMs: 10_000,
  failures: 3,
  retryEveryMs: [1_000, 2_000, 4_000],
  recoveries: 1,
};
const START = 1_800_000_000_000;

const result = (status: Status, at: number, more: Partial<JudgedResult> = {}): JudgedResult => ({
  status,
  at,
  reason: status === "up" ? "[ok] 200" : "[status] 502, wanted 200–299",
  cause: status === "up" ? "ok" : "status:502",
  hard: status === "down",
  ...more,
});

/** A monitor checked on its grid and whenever the judge asks, as the prober would. */
function watch(statusAt: (at: number) => Status, untilMs: number, policy = POLICY) {
  let state = newJudgeState(START);
  let grid = START;
  let recheck = Number.POSITIVE_INFINITY;
  const transitions: Transition[] = [];
  const looks: number[] = [];
  for (;;) {
    const at = Math.min(grid, recheck);
    if (at - START > untilMs) return { state, transitions, looks };
    if (at === grid) grid += policy.everyMs;
    looks.push(at - START);
    const judged = judge(state, result(statusAt(at - START), at), policy, at);
    state = judged.state;
    recheck = judged.recheckAt ?? Number.POSITIVE_INFINITY;
    if (judged.transition) transitions.push(judged.transition);
  }
}

function replay(statuses: readonly Status[], policy = POLICY, stepMs = 1_000) {
  let state = newJudgeState(START);
  const judgements = statuses.map((status, i) => {
    const at = START + i * stepMs;
    const judged = judge(state, result(status, at), policy, at);
    state = judged.state;
    return judged;
  });
  return { state, judgements, transitions: judgements.flatMap(({ transition }) => transition ?? []) };
}

const ways = (transitions: readonly Transition[]) => transitions.map(({ from, to }) => `${from}→${to}`);

test("a monitor that fails at a 60 s interval is confirmed down 3 s after the failing check", () => {
  const { transitions, looks } = watch((ms) => (ms < 60_000 ? "up" : "down"), 120_000);
  assert.deepEqual(looks, [0, 60_000, 61_000, 63_000, 120_000]);
  const [up, down] = transitions;
  assert.equal(up?.to, "up");
  assert.deepEqual(
    { ...down },
    {
      from: "up",
      to: "down",
      at: START + 63_000,
      since: START + 60_000,
      known: "up",
      reason: "[status] 502, wanted 200–299",
      cause: "status:502",
      hard: true,
      confirmedBy: 3,
      flapping: false,
    },
  );
});

test("one failure among good results changes nothing, and is looked at again after 1 s", () => {
  const { judgements, transitions } = replay(["up", "down", "up"]);
  assert.deepEqual(ways(transitions), ["unknown→up"]);
  assert.equal(judgements[1]?.recheckAt, START + 2_000);
  assert.equal(judgements[2]?.recheckAt, undefined);
});

test("with failures: 1 the first failure is down at once", () => {
  const { transitions } = replay(["up", "down"], { ...POLICY, failures: 1 });
  assert.deepEqual(ways(transitions), ["unknown→up", "up→down"]);
});

test("a single retry_every repeats for each re-check", () => {
  const { judgements } = replay(["up", "down", "down", "down"], {
    ...POLICY,
    failures: 5,
    retryEveryMs: [5_000],
  });
  assert.deepEqual(
    judgements.slice(1).map(({ recheckAt }, i) => (recheckAt ?? 0) - START - (i + 1) * 1_000),
    [5_000, 5_000, 5_000],
  );
});

test("a monitor that has never been up can be found down", () => {
  assert.deepEqual(ways(replay(["down", "down", "down"]).transitions), ["unknown→down"]);
});

test("one good result ends an outage by default; recoveries: 3 wants three in a row, looked for quickly", () => {
  assert.deepEqual(ways(replay(["down", "down", "down", "up"]).transitions), ["unknown→down", "down→up"]);
  const slow = replay(["down", "down", "down", "up", "up", "down", "up", "up", "up"], {
    ...POLICY,
    recoveries: 3,
  });
  assert.deepEqual(ways(slow.transitions), ["unknown→down", "down→up"]);
  assert.equal(slow.transitions[1]?.since, START + 6_000);
  assert.equal(slow.judgements[3]?.recheckAt, START + 4_000);
});

test("degraded is confirmed like down, and a mixture of both is degraded until down is certain", () => {
  assert.deepEqual(ways(replay(["up", "degraded", "degraded", "degraded", "up"]).transitions), [
    "unknown→up",
    "up→degraded",
    "degraded→up",
  ]);
  const mixed = replay(["up", "degraded", "down", "down", "down"]);
  assert.deepEqual(ways(mixed.transitions), ["unknown→up", "up→degraded", "degraded→down"]);
  assert.deepEqual(
    mixed.transitions.map(({ since }) => since - START),
    [0, 1_000, 2_000],
  );
});

test("a down monitor that answers slowly becomes degraded, not up", () => {
  assert.deepEqual(ways(replay(["down", "down", "down", "degraded", "up"]).transitions), [
    "unknown→down",
    "down→degraded",
    "degraded→up",
  ]);
});

test("unknown results neither confirm nor interrupt a failure", () => {
  const { transitions } = replay(["up", "down", "unknown", "down", "unknown", "down"]);
  assert.deepEqual(ways(transitions), ["unknown→up", "up→down"]);
  assert.equal(transitions[1]?.confirmedBy, 3);
});

test("a moment of blindness is passed over; a whole interval of it makes the monitor unknown", () => {
  const { transitions } = watch((ms) => (ms < 60_000 || ms > 200_000 ? "up" : "unknown"), 300_000);
  assert.deepEqual(ways(transitions), ["unknown→up", "up→unknown", "unknown→up"]);
  assert.deepEqual(ways(replay(["up", "unknown", "unknown", "unknown", "unknown", "up"]).transitions), [
    "unknown→up",
  ]);
});

test("what was down before the blindness is remembered, so that its end can be told", () => {
  const blind = watch((ms) => (ms < 100_000 ? "down" : ms < 300_000 ? "unknown" : "up"), 400_000);
  assert.deepEqual(ways(blind.transitions), ["unknown→down", "down→unknown", "unknown→up"]);
  assert.equal(blind.transitions[2]?.known, "down");
});

test("what we spoilt ourselves is looked at again soon, however long the interval, and no more often than that", () => {
  const hourly = { ...POLICY, everyMs: 3_600_000 };
  const waits = (policy: JudgePolicy): (number | undefined)[] => {
    let state = newJudgeState(START);
    return Array.from({ length: 5 }, (_, n) => {
      const at = START + n * 1_000;
      const judged = judge(state, result("down", at, { suspect: "the loop lagged" }), policy, at);
      state = judged.state;
      return judged.recheckAt && judged.recheckAt - at;
    });
  };
  assert.deepEqual(waits(hourly), [1_000, 2_000, 60_000, 60_000, 60_000]);
  assert.deepEqual(waits(POLICY), [1_000, 2_000, undefined, undefined, undefined]);
});

test("a failure seen while the prober lagged counts as unknown; a success still counts", () => {
  const suspect = "the prober's loop lagged 340 ms";
  const state = replay(["up"]).state;
  assert.equal(
    judge(state, result("down", START + 1_000, { suspect }), POLICY, START + 1_000).counted,
    "unknown",
  );
  assert.equal(judge(state, result("up", START + 1_000, { suspect }), POLICY, START + 1_000).counted, "up");
});

test("results older than two intervals, and overtaken ones, change history and never state", () => {
  const { state } = replay(["up"]);
  const late = judge(state, result("down", START + 1), POLICY, START + 120_002);
  assert.deepEqual(
    [late.stale, late.state, late.transition, late.recheckAt],
    [true, state, undefined, undefined],
  );
  assert.equal(judge(state, result("down", START + 1), POLICY, START + 120_001).stale, false);
  assert.equal(judge(state, result("down", START - 1), POLICY, START + 10).stale, true);
  const longCheck = result("down", START + 1, { endedAt: START + 10_000 });
  assert.equal(judge(state, longCheck, { ...POLICY, everyMs: 1_000 }, START + 10_050).stale, false);
});

test("a state from a clock that ran ahead doesn't blind the monitor until that time comes", () => {
  const ahead: JudgeState = { ...replay(["up"]).state, lastAt: START + 86_400_000 };
  const judged = judge(ahead, result("down", START), POLICY, START + 5);
  assert.equal(judged.stale, false);
  assert.equal(judged.state.lastAt, START);
});

test("failures before and after a long silence of ours are not in a row", () => {
  const { state } = replay(["up", "down", "down"]);
  const at = START + 3_600_000;
  assert.equal(judge(state, result("down", at), POLICY, at).transition, undefined);
});

test("a stretch in which nobody looked is unknown from its beginning, and what was known is remembered", () => {
  const { state } = replay(["down", "down", "down"]);
  const now = START + 3_600_000;
  const gone = { fromMs: START + 60_000, reason: "the machine slept" };
  const gap = unwatched(state, gone, { policy: POLICY, now });
  const { from, to, since, known } = gap?.transition ?? {};
  assert.deepEqual(
    { from, to, since, known },
    { from: "down", to: "unknown", since: START + 60_000, known: "down" },
  );
  const seen = judge(gap?.state ?? state, result("up", now + 1_000), POLICY, now + 1_000);
  assert.deepEqual(
    [seen.transition?.from, seen.transition?.to, seen.transition?.known],
    ["unknown", "up", "down"],
  );
  const still = judge(gap?.state ?? state, result("down", now + 1_000), POLICY, now + 1_000);
  assert.equal(still.transition, undefined, "confirmed anew");
});

test("a gap in which no more than two checks were missed changes nothing", () => {
  const { state } = replay(["up"]);
  const gone = { fromMs: START, reason: "the machine slept" };
  assert.equal(unwatched(state, gone, { policy: POLICY, now: START + 180_000 }), undefined);
  assert.equal(unwatched(newJudgeState(START), gone, { policy: POLICY, now: START + 3_600_000 }), undefined);
});

test("six changes in 15 minutes are flapping, said once; 15 quiet minutes end it", () => {
  const policy = { ...POLICY, failures: 1 };
  const flips: Status[] = ["up", "down", "up", "down", "up", "down", "up", "up", "down", "up", "up"];
  const { transitions, state } = replay(flips, policy, 60_000);
  assert.deepEqual(
    transitions.map(({ flapping }) => flapping),
    [false, false, false, false, false, false, "begins", "continues", "continues"],
  );
  assert.equal(state.flapping, true);
  const at = START + 600_000 + 15 * 60_000;
  const quiet = judge(state, result("up", at), policy, at);
  assert.deepEqual([quiet.state.flapping, quiet.steady], [false, true]);
  assert.equal(judge(quiet.state, result("up", at + 1), policy, at + 1).steady, undefined, "said once");
});

test("while flapping, one good result is no recovery", () => {
  const policy = { ...POLICY, failures: 1 };
  const { transitions } = replay(
    ["up", "down", "up", "down", "up", "down", "up", "down", "up", "down", "up"],
    policy,
  );
  assert.equal(ways(transitions).at(-1), "up→down");
});

test("five changes, or six spread over more than 15 minutes, are not flapping", () => {
  const policy = { ...POLICY, failures: 1 };
  const flips: Status[] = ["up", "down", "up", "down", "up", "down", "up"];
  assert.equal(replay(flips.slice(0, 6), policy).state.flapping, false);
  assert.equal(replay(flips, policy, 181_000).state.flapping, false);
});

test("the policy is read from the stored monitor", () => {
  const confirm = { failures: 2, retryEveryMs: [5_000], recoveries: 1 };
  assert.deepEqual(policyOf({ every_ms: 20_000, timeout_ms: 5_000, confirm }), {
    everyMs: 20_000,
    timeoutMs: 5_000,
    failures: 2,
    retryEveryMs: [5_000],
    recoveries: 1,
  });
});

const anyStatus = fc.constantFrom<Status>("up", "degraded", "down", "unknown");
const anyRun = fc.record({
  statuses: fc.array(anyStatus, { maxLength: 60 }),
  failures: fc.integer({ min: 1, max: 5 }),
  recoveries: fc.integer({ min: 1, max: 4 }),
  stepMs: fc.integer({ min: 500, max: 60_000 }),
});
const SEEDED = { seed: 7, numRuns: 200 };
type Run = { statuses: Status[]; failures: number; recoveries: number; stepMs: number };
const play = ({ statuses, stepMs, ...policy }: Run) => replay(statuses, { ...POLICY, ...policy }, stepMs);

test("never down with fewer failures in a row than the policy asks, never up with fewer recoveries", () => {
  const check = (run: Run) => {
    play(run).judgements.forEach(({ transition }, i) => {
      const known = run.statuses.slice(0, i + 1).filter((status) => status !== "unknown");
      if (transition?.to === "down")
        assert.ok(run.failures <= known.length && known.slice(-run.failures).every((s) => s === "down"));
      if (transition?.to === "up")
        assert.ok(known.length >= run.recoveries && known.slice(-run.recoveries).every((s) => s === "up"));
    });
  };
  fc.assert(fc.property(anyRun, check), SEEDED);
});

test("an unknown result never makes a monitor down, degraded or up", () => {
  const check = (run: Run) => {
    play(run).judgements.forEach(({ transition }, i) => {
      if (run.statuses[i] === "unknown" && transition) assert.equal(transition.to, "unknown");
    });
  };
  fc.assert(fc.property(anyRun, check), SEEDED);
});

test("the same results end in the same state, also when it was stored as JSON in between", () => {
  const check = (run: Run, cut: number) => {
    const whole = play(run).state;
    let state = newJudgeState(START);
    run.statuses.forEach((status, i) => {
      const at = START + i * run.stepMs;
      state = judge(
        state,
        result(status, at),
        { ...POLICY, failures: run.failures, recoveries: run.recoveries },
        at,
      ).state;
      if (i % cut === 0) state = JSON.parse(JSON.stringify(state)) as JudgeState;
    });
    assert.deepEqual(state, whole);
  };
  fc.assert(fc.property(anyRun, fc.integer({ min: 1, max: 7 }), check), SEEDED);
});

test("transitions follow each other: each begins where the one before ended, and time never runs back", () => {
  const check = (run: Run) => {
    const { transitions, state } = play(run);
    transitions.forEach((each, i) => {
      const before = transitions[i - 1];
      assert.equal(each.from, before?.to ?? "unknown");
      assert.notEqual(each.from, each.to);
      assert.ok(each.since >= (before?.since ?? START) && each.since <= each.at);
    });
    assert.equal(state.status, transitions.at(-1)?.to ?? "unknown");
  };
  fc.assert(fc.property(anyRun, check), SEEDED);
});
