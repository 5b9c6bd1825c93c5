import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { PolicyCopy } from "./escalation/policy.ts";
import { describeWhy } from "./escalation/why.ts";
import type { ContactChoice } from "./notification-rules.ts";
import { instant, scheduleOf } from "./schedule/testing.ts";
import { type SimulationInput, simulate } from "./simulate.ts";

const MINUTE_MS = 60_000;
const HOOK: ContactChoice = { slug: "hook", verified: true, disabled: false };
const MAIL: ContactChoice = { slug: "mail", verified: true, disabled: false };
const SMS: ContactChoice = { slug: "sms", verified: false, disabled: false };

const policy: PolicyCopy = {
  slug: "web",
  name: "Web",
  repeat: 0,
  levels: [
    { targets: [{ kind: "schedule", id: "s1", name: "web-primary" }], waitMs: 5 * MINUTE_MS },
    { targets: [{ kind: "user", id: "bo", name: "Bo" }], waitMs: 10 * MINUTE_MS },
  ],
  fallback: [{ kind: "team", id: "t1", name: "Web" }],
};

const input = (more: Partial<SimulationInput<ContactChoice>> = {}): SimulationInput<ContactChoice> => ({
  policy,
  urgency: "high",
  at: instant("2026-11-28T03:00:00Z"),
  horizonMs: 40 * MINUTE_MS,
  schedules: new Map([
    [
      "s1",
      scheduleOf("Europe/Paris", [{ rotation: "weekly", starts: "2026-11-23T09:00", users: ["ada", "bo"] }]),
    ],
  ]),
  teams: new Map([["t1", ["ada", "bo", "cy"].map((person) => ({ person, lead: person === "cy" }))]]),
  people: new Map([
    [
      "ada",
      {
        rules: [
          { method: "hook", afterMs: 0 },
          { method: "mail", afterMs: 7 * MINUTE_MS },
        ],
        methods: [HOOK, MAIL],
      },
    ],
    ["bo", { rules: [], methods: [HOOK, MAIL] }],
    ["cy", { rules: [], methods: [SMS] }],
  ]),
  ...more,
});

const drawn = (given: SimulationInput<ContactChoice>) =>
  simulate(given).deliveries.map(
    ({ at, person, level, method }) =>
      `${given.at.until(at).total("minutes")} ${person} L${level} ${method.slug}`,
  );

test("it names every message that would go out if nobody answered, in order of time", () => {
  deepEqual(drawn(input()), [
    "0 ada L1 hook",
    "5 bo L2 hook",
    "5 bo L2 mail",
    "7 ada L1 mail",
    "15 ada L3 hook",
    "15 bo L3 hook",
    "15 bo L3 mail",
    "22 ada L3 mail",
  ]);
});

test("what falls on the horizon is left out", () => {
  equal(drawn(input({ horizonMs: 5 * MINUTE_MS })).join(), "0 ada L1 hook");
});

test("who is on call is looked up for each step's own instant", () => {
  // 09:00 in Paris on Monday is the hand-off to Bo; the second run comes after it.
  const at = instant("2026-11-30T07:58:00Z");
  const onlyPrimary = { ...policy, repeat: 1, levels: policy.levels.slice(0, 1), fallback: [] };
  deepEqual(drawn(input({ at, policy: onlyPrimary, horizonMs: 6 * MINUTE_MS })), [
    "0 ada L1 hook",
    "5 bo L1 hook",
    "5 bo L1 mail",
  ]);
});

test("it says what was decided", () => {
  deepEqual(
    simulate(input()).decisions.map(({ why }) => describeWhy(why)),
    [
      "Paged level 1: ada.",
      "Paged level 2: bo.",
      "Nobody answered; the policy was run once. Paged the fallback: ada and bo. Beginning again in 30 min.",
    ],
  );
});

test("somebody who can't be reached is named with the reason, and their level is skipped", () => {
  const simulation = simulate(
    input({
      horizonMs: MINUTE_MS,
      policy: {
        ...policy,
        levels: [{ targets: [{ kind: "user", id: "cy", name: "Cy" }], waitMs: MINUTE_MS }, ...policy.levels],
      },
    }),
  );
  deepEqual(simulation.unreachable, [
    { person: "cy", reason: { kind: "no-method", unverified: ["sms"], disabled: [] } },
  ]);
  deepEqual(
    simulation.decisions.map(({ why }) => describeWhy(why)),
    ["Paged level 2: ada. Skipped level 1, where there is nobody to page."],
  );
});

test("when nobody is there at all it says so once", () => {
  const simulation = simulate(input({ schedules: new Map(), people: new Map() }));
  deepEqual(simulation.deliveries, []);
  deepEqual(
    simulation.decisions.map(({ why }) => why.kind),
    ["nobody"],
  );
});

test("a low-urgency incident ends with the policy", () => {
  const simulation = simulate(input({ urgency: "low", horizonMs: 72 * 60 * MINUTE_MS }));
  equal(simulation.decisions.at(-1)?.why.kind, "exhausted");
  equal(simulation.deliveries.length, 8);
});
