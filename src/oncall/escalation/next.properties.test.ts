import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AGAIN_MS, LOOK_AGAIN_MS, next, type PageDemand, type Situation, type Step } from "./next.ts";
import { fallbackLevel, lastResortLevel, type PolicyCopy, type Target } from "./policy.ts";
import { startRound } from "./state.ts";
import { describeWhy } from "./why.ts";

const START = Temporal.Instant.from("2026-11-23T03:00:00Z");
const seeded = { seed: 8, numRuns: 200 } as const;

const target = fc
  .record({
    kind: fc.constantFrom<Target["kind"]>("schedule", "user", "team", "next", "lead"),
    id: fc.constantFrom("a", "b", "c", "d"),
  })
  .map((each): Target => ({ ...each, name: each.id }));
const targets = fc.array(target, { minLength: 1, maxLength: 3 });

const policies: fc.Arbitrary<PolicyCopy> = fc.record({
  slug: fc.constant("web"),
  name: fc.constant("Web"),
  repeat: fc.integer({ min: 0, max: 3 }),
  levels: fc.array(
    fc.record({ targets, waitMs: fc.integer({ min: 1_000, max: 900_000 }), roundRobin: fc.boolean() }),
    { minLength: 1, maxLength: 4 },
  ),
  fallback: fc.oneof(fc.constant([]), targets),
  lastResort: fc.oneof(fc.constant([]), targets),
  path: fc.option(fc.constant({ name: "night", because: "urgency high" }), { nil: undefined }),
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
  /** Who had the turn before, at any level. */
  served: string[];
  /** Teams without a lead. */
  unled: string[];
}

const NEVER = 1_000;

const stories: fc.Arbitrary<Story> = fc.record({
  policy: policies,
  rosters,
  reachedAfter: fc.array(fc.constantFrom(0, 1, 2, 4, 8, NEVER), { minLength: 1, maxLength: 4 }),
  fromLevel: fc.integer({ min: 1, max: 6 }),
  urgency: fc.constantFrom("high", "low"),
  served: fc.shuffledSubarray(["ada", "bo", "cy"]),
  unled: fc.subarray(["a", "b", "c", "d"]),
});

interface Told extends Step {
  now: Temporal.Instant;
  before: Situation;
}

/** The story while nobody answers, each step asked for at the instant named by the one before. */
function tell({ policy, rosters, reachedAfter, fromLevel, urgency, ...story }: Story, length = 80): Told[] {
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
      leaderless: (target) => story.unled.includes(target.id),
      served: () => story.served,
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

holds(
  "a level in turn pages one person for the whole run, and the same one in every run while they are there",
  (story) => {
    const steps = tell({ ...story, rosters: [story.rosters[0]!] });
    story.policy.levels.forEach(({ roundRobin }, i) => {
      if (!roundRobin) return;
      // Only when nobody can be reached is everybody else tried as well.
      const turns = steps.filter(({ why }) => why.kind === "level").flatMap(({ pages }) => pages);
      const people = turns.filter(({ level }) => level === i + 1).map(({ person }) => person);
      equal(new Set(people).size, people.length === 0 ? 0 : 1);
      const there = (story.policy.levels[i]!.targets ?? []).flatMap(
        (each) => story.rosters[0]![each.id] ?? [],
      );
      const waiting = there.filter((person) => !story.served.includes(person));
      if (people.length > 0 && waiting.length > 0)
        ok(waiting.includes(people[0]!), "who never had it comes first");
    });
  },
);

holds(
  "administrators are paged only where the fallback is nobody, or was paged before and didn't help",
  (story) => {
    for (const { pages, before } of tell(story)) {
      if (!pages.some(({ level }) => level === lastResortLevel(story.policy))) continue;
      const fallback = story.policy.fallback.flatMap(before.resolve);
      const tried = before.state.paged.some(({ level }) => level === fallbackLevel(story.policy));
      ok(fallback.length === 0 || tried || before.state.passFrom > 0);
    }
  },
);

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
    const turnOf = (all: readonly string[]) => {
      const oldest = (person: string) => story.served.indexOf(person);
      return all.toSorted((a, b) => oldest(a) - oldest(b)).slice(0, 1);
    };
    const filled = story.policy.levels.flatMap((level, i) => {
      const all = [...people(level.targets)];
      return (level.roundRobin ? turnOf(all) : all).map((person) => `${i + 1}/${person}`);
    });
    const paged = steps.flatMap((step) => step.pages);
    const runs = Array.from({ length: story.policy.repeat + 1 }, (_, run) =>
      filled.map((page) => `${run}/${page}`),
    ).flat();
    const hasFallback = people(story.policy.fallback).size > 0;
    const level = hasFallback ? fallbackLevel(story.policy) : lastResortLevel(story.policy);
    const last = hasFallback ? story.policy.fallback : (story.policy.lastResort ?? []);
    const fallback = [...people(last)].map((person) => {
      const run = filled.length > 0 ? story.policy.repeat : 0;
      return `${run}/${level}/${person}`;
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
