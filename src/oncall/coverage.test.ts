import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type CoverageInput, cutsOf, uncovered } from "./coverage.ts";
import { choosePath } from "./escalation/paths.ts";
import type { PolicyCopy, Target } from "./escalation/policy.ts";
import type { ContactChoice } from "./notification-rules.ts";
import { instant, scheduleOf } from "./schedule/testing.ts";
import { simulate } from "./simulate.ts";

const FROM = instant("2026-10-23T00:00:00Z");
const TO = FROM.add({ hours: 24 * 14 });
const HOOK: ContactChoice = { slug: "hook", verified: true, disabled: false };

const person = (methods: ContactChoice[]) => ({ rules: [], methods });
const office = { days: ["mon", "tue", "wed", "thu", "fri"] as const, from: "09:00", to: "18:00" };
const daytime = scheduleOf("Europe/Paris", [
  { rotation: "daily", starts: "2026-10-01T09:00", users: ["ada"], only: [{ ...office }] },
]);
const onDuty: Target = { kind: "schedule", id: "s1", name: "web-primary" };
const policyTo = (targets: Target[], more: Partial<PolicyCopy> = {}): PolicyCopy => ({
  ...{ slug: "web", name: "Web", repeat: 0, fallback: [] },
  levels: [{ targets, waitMs: 60_000 }],
  ...more,
});

const input = (more: Partial<CoverageInput> = {}): CoverageInput => ({
  ...{ policy: policyTo([onDuty]), urgency: "high", severity: "SEV2", labels: [], from: FROM, to: TO },
  schedules: new Map([["s1", daytime]]),
  teams: new Map(),
  people: new Map([["ada", person([HOOK])]]),
  ...more,
});

const drawn = (given: CoverageInput) => uncovered(given).map(({ from, to, kind }) => `${from} ${to} ${kind}`);

test("it names each stretch without anybody to the instant, through a change of the clocks", () => {
  deepEqual(drawn(input({ from: instant("2026-10-23T12:00:00Z"), to: instant("2026-10-26T12:00:00Z") })), [
    "2026-10-23T16:00:00Z 2026-10-26T08:00:00Z nobody-there",
  ]);
});

test("a person on call without a verified method counts as nobody, and is named", () => {
  const people = new Map([["ada", person([{ ...HOOK, verified: false }])]]);
  const [first] = uncovered(input({ people, from: instant("2026-10-23T08:00:00Z") }));
  equal(first?.kind === "nobody-reachable" && first.people.join(), "ada");
});

test("a fallback, or the administrators, close every gap", () => {
  const bo: Target = { kind: "user", id: "bo", name: "Bo" };
  const people = new Map(["ada", "bo"].map((id) => [id, person([HOOK])]));
  deepEqual(drawn(input({ people, policy: policyTo([onDuty], { fallback: [bo] }) })), []);
  deepEqual(drawn(input({ people, policy: policyTo([onDuty], { lastResort: [bo] }) })), []);
});

const target = fc
  .tuple(
    fc.constantFrom<Target["kind"]>("schedule", "schedule", "next", "user", "team", "lead"),
    fc.nat({ max: 1 }),
  )
  .map(([kind, n]): Target => {
    const id = { schedule: "s", next: "s", user: "u", team: "t", lead: "t" }[kind] + n;
    return { kind, id, name: id };
  });
const levels = fc.array(
  fc.record({ targets: fc.array(target, { minLength: 1, maxLength: 2 }), waitMs: fc.constant(60_000) }),
  { minLength: 1, maxLength: 2 },
);
const hour = fc.integer({ min: 0, max: 23 }).map((h) => `${String(h).padStart(2, "0")}:30`);
const zone = fc.constantFrom("UTC", "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns");
const schedule = fc
  .record({
    ...{ zone, from: hour, to: hour, day: fc.integer({ min: 24, max: 30 }) },
    rotation: fc.constantFrom("daily", "weekly"),
    users: fc.array(fc.constantFrom("u0", "u1", "u2", null), { minLength: 1, maxLength: 3 }),
    ends: fc.boolean(),
  })
  .map(({ zone, from, to, day, rotation, users, ends }) =>
    scheduleOf(
      zone,
      [
        {
          ...{ rotation, users, starts: "2026-10-01T09:00", only: [{ from, to }] },
          ...(ends ? { ends: `2026-10-${day}T12:00` } : {}),
        },
      ],
      [{ user: "u2", from: `2026-10-${day}T01:15`, to: `2026-10-${day + 1}T03:45` }],
    ),
  );

const stories: fc.Arbitrary<CoverageInput> = fc
  .record({
    ...{ levels, other: levels, zone, from: hour, to: hour, outside: fc.boolean() },
    schedules: fc.tuple(schedule, schedule),
    reachable: fc.subarray(["u0", "u1", "u2"]),
    fallback: fc.oneof(fc.constant([]), fc.array(target, { maxLength: 1 })),
  })
  .map(({ levels, other, zone, from, to, outside, schedules, reachable, fallback }) => {
    const hours = { time_zone: zone, from, to, ...(outside ? { outside: true as const } : {}) };
    const paths = [{ name: "hours", when: { hours }, repeat: 0, levels: other, fallback: [] }];
    return input({
      policy: { slug: "web", name: "Web", repeat: 0, levels, fallback, paths },
      schedules: new Map(schedules.map((each, i) => [`s${i}`, each])),
      teams: new Map([["t0", [{ person: "u2", lead: false }]]]),
      people: new Map(["u0", "u1", "u2"].map((id) => [id, person(reachable.includes(id) ? [HOOK] : [])])),
    });
  });

/** Whether the simulator pages somebody the moment an incident opens. */
function pages(story: CoverageInput, at: Temporal.Instant): boolean {
  const policy = choosePath(story.policy, { ...story, at });
  return simulate({ ...story, policy, at, horizonMs: 1 }).deliveries.length > 0;
}

test("it agrees with the simulator at random instants and on both sides of every cut", () => {
  const moments = fc.array(fc.integer({ min: 0, max: 14 * 86_400_000 - 1 }), {
    minLength: 5,
    maxLength: 5,
  });
  fc.assert(
    fc.property(stories, moments, (story, after) => {
      const found = uncovered(story);
      const covered = (at: Temporal.Instant) =>
        !found.some((each) => Temporal.Instant.compare(each.from, at) <= 0 && at.until(each.to).sign > 0);
      const cuts = cutsOf(story).slice(1);
      const sides = cuts.flatMap((cut) => [cut.subtract({ milliseconds: 1 }), cut]);
      for (const at of [...sides, ...after.map((ms) => FROM.add({ milliseconds: ms }))])
        equal(covered(at), pages(story, at), at.toString());
    }),
    { seed: 15, numRuns: 40 },
  );
});
