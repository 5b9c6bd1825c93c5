import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AGAIN_MS, LOOK_AGAIN_MS, next, type PageDemand, type Situation, type Step } from "./next.ts";
import { fallbackLevel, type PolicyCopy, type Target } from "./policy.ts";
import { startRound } from "./state.ts";
import { describeWhy } from "./why.ts";

const START = Temporal.Instant.from("2026-11-23T03:00:00Z");
const seeded = { seed: 8, numRuns: 200 } as const;

const target = fc
  .record({
    kind: fc.constantFrom("schedule" as const, "user" as const, "team" as const),
    id: fc.constantFrom("a", "b", "c", "d"),
  })
  .map((each): Target => ({ ...each, name: each.id }));
const targets = fc.array(target, { minLength: 1, maxLength: 3 });

const policies: fc.Arbitrary<PolicyCopy> = fc.record({
  slug: fc.constant("web"),
  name: fc.constant("Web"),
  repeat: fc.integer({ min: 0, max: 3 }),
  levels: fc.array(fc.record({ targets, waitMs: fc.integer({ min: 1_000, max: 900_000 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  fallback: fc.oneof(fc.constant([]), targets),
});

/** Who is behind each target, for each hour of the story. */
const rosters = fc.array(
  fc.dictionary(
    fc.constantFrom("a", "b", "c", "d"),
    fc.array(fc.constantFrom("ada", "bo", "cy"), { maxLength: 3 }),
  ),
  { minLength: 1, maxLength: 4 },
);

interface Story {
  policy: PolicyCopy;
  rosters: Record<string, string[]>[];
  /** For each run in turn, after how many questions somebody has been reached; once reached, a run stays so. */
  reachedAfter: number[];
  fromLevel: number;
  urgency: "high" | "low";
}

const NEVER = 1_000;

const stories: fc.Arbitrary<Story> = fc.record({
  policy: policies,
  rosters,
  reachedAfter: fc.array(fc.constantFrom(0, 1, 2, 4, 8, NEVER), { minLength: 1, maxLength: 4 }),
  fromLevel: fc.integer({ min: 1, max: 6 }),
  urgency: fc.constantFrom("high", "low"),
});

interface Told extends Step {
  now: Temporal.Instant;
  before: Situation;
}

/** The story while nobody answers, each step asked for at the instant named by the one before. */
function tell({ policy, rosters, reachedAfter, fromLevel, urgency }: Story, length = 80): Told[] {
  const told: Told[] = [];
  let state = startRound(policy, { round: 1, fromLevel });
  let now: Temporal.Instant | null = START;
  let asked = 0;
  for (let i = 0; i < length && now; i++) {
    const roster = rosters[Math.floor(START.until(now).total("hours")) % rosters.length]!;
    const before: Situation = {
      policy,
      state: JSON.parse(JSON.stringify(state)),
      incident: { status: "triggered", urgency },
      resolve: (target) => roster[target.id] ?? [],
      reached: asked >= reachedAfter[state.run % reachedAfter.length]!,
      now,
    };
    const step = next(before);
    told.push({ ...step, now, before });
    asked = step.state.run === state.run ? asked + 1 : 0;
    state = step.state;
    now = step.wakeAt;
  }
  return told;
}

const identity = ({ person, round, level, repeat }: PageDemand) => `${round}/${level}/${repeat}/${person}`;

const holds = (claim: string, check: (story: Story) => void) =>
  test(claim, () => {
    fc.assert(fc.property(stories, check), seeded);
  });

holds("no page is demanded twice", (story) => {
  const pages = tell(story).flatMap((step) => step.pages.map(identity));
  equal(new Set(pages).size, pages.length);
});

holds("it is always asked again later than now, unless a low-urgency policy is over", (story) => {
  const steps = tell(story);
  for (const { wakeAt, now, state } of steps) {
    if (wakeAt) ok(Temporal.Instant.compare(wakeAt, now) > 0);
    else deepEqual([story.urgency, state.phase], ["low", "exhausted"]);
    equal(state.dueAt, wakeAt?.toString() ?? null);
  }
});

holds("the same situation gives the same step", (story) => {
  for (const { now: _, before, ...step } of tell(story, 20)) deepEqual(next(before), step);
});

holds("a level waits only for people it has paged", (story) => {
  for (const { why, pages, state } of tell(story)) {
    if (why.kind !== "level") continue;
    ok(pages.length > 0 && pages.every((page) => page.level === state.level));
    ok(!why.skipped.includes(why.level));
  }
});

holds(
  "when nobody is paged, either nobody is there or all who are have been paged, and it looks again in a minute",
  (story) => {
    for (const { pages, why, now, wakeAt, before, state } of tell(story)) {
      if (pages.length > 0 || why.kind === "exhausted" || why.kind === "finished" || why.kind === "reached")
        continue;
      // Who came on call in the very moment the run ended is paged with that next look.
      equal(wakeAt && now.until(wakeAt).total("milliseconds"), LOOK_AGAIN_MS);
      if (before.state.phase !== state.phase) continue;
      const there = story.policy.levels.flatMap((level) => level.targets.flatMap(before.resolve));
      ok(there.every((person) => before.state.paged.some((page) => page.person === person)));
    }
  },
);

holds(
  "when nobody answers but all are reached, every level with people is paged in each run, repeat and all",
  (story) => {
    const always: Story = {
      ...story,
      rosters: [story.rosters[0]!],
      reachedAfter: [0],
      urgency: "low",
      fromLevel: 1,
    };
    const resolve = (target: Target) => always.rosters[0]![target.id] ?? [];
    const people = (targets: readonly Target[]) => new Set(targets.flatMap(resolve));
    const steps = tell(always);
    const filled = story.policy.levels.flatMap((level, i) =>
      [...people(level.targets)].map((person) => `${i + 1}/${person}`),
    );
    const paged = steps.flatMap((step) => step.pages);
    const runs = Array.from({ length: story.policy.repeat + 1 }, (_, run) =>
      filled.map((page) => `${run}/${page}`),
    ).flat();
    const fallback = [...people(story.policy.fallback)].map((person) => {
      const run = filled.length > 0 ? story.policy.repeat : 0;
      return `${run}/${fallbackLevel(story.policy)}/${person}`;
    });
    deepEqual(
      new Set(paged.map(({ repeat, level, person }) => `${repeat}/${level}/${person}`)),
      new Set([...runs, ...fallback]),
    );
  },
);

holds("high urgency never stops: somebody is paged again, at the latest an hour past a run", (story) => {
  const steps = tell({
    ...story,
    urgency: "high",
    rosters: [{ a: ["ada"], b: ["ada"], c: ["ada"], d: ["ada"] }],
  });
  const runMs = story.policy.levels.reduce((sum, level) => sum + level.waitMs, 0);
  // Up to half an hour without a receipt, the last wait for those then reached, and half an hour until it begins again.
  const limitMs = 2 * runMs + 2 * AGAIN_MS + LOOK_AGAIN_MS;
  let silentSince = START;
  for (const { now, pages } of steps) {
    ok(silentSince.until(now).total("milliseconds") <= limitMs);
    if (pages.length > 0) silentSince = now;
  }
  ok(steps.at(-1)?.wakeAt);
});

holds("every decision can be said in words", (story) => {
  for (const { why } of tell(story, 30)) {
    const words = describeWhy(why);
    ok(/^[A-Z].*\.$/.test(words) && !words.includes("undefined") && !words.includes(".."), words);
  }
});
