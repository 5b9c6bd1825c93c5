import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { next, type Situation, type Step } from "./next.ts";
import type { PolicyCopy, Target } from "./policy.ts";
import { levelAfter, startRound } from "./state.ts";
import { describeWhy } from "./why.ts";

const MINUTE_MS = 60_000;
const START = Temporal.Instant.from("2026-11-23T03:00:00Z");

const schedule = (name: string): Target => ({ kind: "schedule", id: name, name });
const policy = (more: Partial<PolicyCopy> = {}): PolicyCopy => ({
  slug: "web",
  name: "Web",
  repeat: 1,
  levels: [
    { targets: [schedule("primary")], waitMs: 5 * MINUTE_MS },
    { targets: [schedule("secondary")], waitMs: 10 * MINUTE_MS },
  ],
  fallback: [{ kind: "team", id: "web", name: "Web" }],
  ...more,
});

/** One incident's escalation: `step` asks at the instant last named by `next`, or `after` so many minutes. */
class Escalation {
  now = START;
  people: Record<string, string[]> = { primary: ["ada"], secondary: ["bo"], web: ["cy"] };
  urgency: "high" | "low" = "high";
  status: Situation["incident"]["status"] = "triggered";
  reached = true;
  policy: PolicyCopy;
  last: Step;

  constructor(more: Partial<PolicyCopy> = {}, fromLevel = 1) {
    this.policy = policy(more);
    const state = startRound(this.policy, { round: 1, fromLevel });
    this.last = { pages: [], state, wakeAt: START, why: { kind: "finished" } };
  }

  step(change: Partial<Pick<Escalation, "people" | "urgency" | "status" | "reached">> = {}): string {
    Object.assign(this, change);
    this.now = this.last.wakeAt ?? this.now;
    return this.ask();
  }

  ask(): string {
    const { policy, urgency, status, reached, now } = this;
    const resolve = (target: Target) => this.people[target.id] ?? [];
    const state = JSON.parse(JSON.stringify(this.last.state));
    this.last = next({ policy, state, incident: { status, urgency }, resolve, reached, now });
    const paged = this.last.pages.map((page) => `${page.person}@${page.level}/${page.repeat}`).join(" ");
    const minutes = this.last.wakeAt ? START.until(this.last.wakeAt).total("minutes") : "never";
    return `${paged || "-"} next ${minutes}`;
  }

  get told(): string {
    return describeWhy(this.last.why, (person) => person[0]!.toUpperCase() + person.slice(1));
  }
}

const steps = (escalation: Escalation, count: number): string[] =>
  Array.from({ length: count }, () => escalation.step());

test("levels are paged one after the other, repeated, then the fallback, and all over again in 30 minutes", () => {
  deepEqual(steps(new Escalation(), 7), [
    "ada@1/0 next 5",
    "bo@2/0 next 15",
    "ada@1/1 next 20",
    "bo@2/1 next 30",
    "cy@3/1 next 60",
    "ada@1/2 next 65",
    "bo@2/2 next 75",
  ]);
});

test("at low urgency an exhausted policy stops", () => {
  const escalation = new Escalation({ repeat: 0 });
  escalation.urgency = "low";
  deepEqual(steps(escalation, 4), ["ada@1/0 next 5", "bo@2/0 next 15", "cy@3/0 next never", "- next never"]);
  equal(escalation.last.why.kind, "finished");
});

test("without a fallback an exhausted policy still begins again", () => {
  const escalation = new Escalation({ repeat: 0, fallback: [] });
  deepEqual(steps(escalation, 4), ["ada@1/0 next 5", "bo@2/0 next 15", "- next 45", "ada@1/1 next 50"]);
});

for (const status of ["acknowledged", "resolved"] as const)
  test(`once ${status}, nobody is paged and nothing is due`, () => {
    const escalation = new Escalation();
    escalation.step();
    equal(escalation.step({ status }), "- next never");
    equal(escalation.told, `The incident is ${status}, so nobody else is paged.`);
  });

test("asked too early, it changes nothing", () => {
  const escalation = new Escalation();
  escalation.step();
  const { state } = escalation.last;
  equal(escalation.ask(), "- next 5");
  deepEqual(escalation.last.state, state);
  equal(escalation.last.why.kind, "waiting");
});

test("asked late, the next level gets its whole wait", () => {
  const escalation = new Escalation();
  escalation.step();
  escalation.now = START.add({ minutes: 60 });
  equal(escalation.ask(), "bo@2/0 next 70");
});

test("asked twice in the same situation, it answers the same", () => {
  const escalation = new Escalation();
  const { state } = escalation.last;
  const first = escalation.ask();
  escalation.last = { ...escalation.last, state };
  equal(escalation.ask(), first);
});

test("one person targeted twice in a level gets one page, for the first reason", () => {
  const escalation = new Escalation({
    levels: [
      {
        targets: [schedule("primary"), { kind: "user", id: "primary", name: "Ada" }, schedule("secondary")],
        waitMs: 1_000,
      },
    ],
  });
  escalation.people = { primary: ["ada"], secondary: ["bo", "ada"] };
  escalation.step();
  deepEqual(
    escalation.last.pages.map((page) => [page.person, page.reason]),
    [
      ["ada", "level 1, on call in primary"],
      ["bo", "level 1, on call in secondary"],
    ],
  );
});

test("a person of two levels is paged at both", () => {
  const escalation = new Escalation();
  escalation.people = { primary: ["ada"], secondary: ["ada"] };
  deepEqual(steps(escalation, 2), ["ada@1/0 next 5", "ada@2/0 next 15"]);
});

test("an empty level is skipped at once, and said so", () => {
  const escalation = new Escalation();
  equal(escalation.step({ people: { secondary: ["bo"] } }), "bo@2/0 next 10");
  equal(escalation.told, "Paged level 2: Bo. Skipped level 1, where there is nobody to page.");
});

test("who is on call is asked when a level's turn comes, not before", () => {
  const escalation = new Escalation();
  escalation.step();
  equal(escalation.step({ people: { primary: ["ada"], secondary: ["dee"] } }), "dee@2/0 next 15");
});

test("nobody at any level: the fallback at once, again every 30 minutes, and levels as soon as they fill", () => {
  const escalation = new Escalation();
  escalation.people = { web: ["cy", "dee"] };
  equal(escalation.step(), "cy@3/0 dee@3/0 next 1");
  equal(escalation.told, "There is nobody to page at any level, so the fallback was paged: Cy and Dee.");
  deepEqual(steps(escalation, 29).slice(-1), ["- next 30"]);
  equal(escalation.step(), "cy@3/1 dee@3/1 next 31");
  equal(escalation.step({ people: { primary: ["ada"], web: ["cy"] } }), "ada@1/1 next 36");
});

test("at low urgency a fallback that was reached is paged once", () => {
  const escalation = new Escalation();
  escalation.people = { web: ["cy"] };
  escalation.urgency = "low";
  escalation.step();
  deepEqual(new Set(steps(escalation, 40).map((line) => line.slice(0, 1))), new Set(["-"]));
});

test("nobody at all: looked at again within a minute, until somebody is there", () => {
  const escalation = new Escalation();
  escalation.people = {};
  deepEqual(steps(escalation, 3), ["- next 1", "- next 2", "- next 3"]);
  equal(
    escalation.told,
    "There is nobody to page at any level, nor in the fallback; looking again in 1 min.",
  );
  equal(escalation.step({ people: { web: ["cy"] } }), "cy@3/0 next 4");
  equal(escalation.step({ people: { secondary: ["bo"], web: ["cy"] } }), "bo@2/0 next 14");
});

test("a policy without levels goes to its fallback", () => {
  equal(new Escalation({ levels: [] }).step(), "cy@1/0 next 1");
});

test("while nobody can be reached all levels are paged once and no repeat is used up", () => {
  const escalation = new Escalation();
  escalation.reached = false;
  deepEqual(steps(escalation, 5), [
    "ada@1/0 next 5",
    "bo@2/0 next 15",
    "cy@3/0 next 16",
    "- next 17",
    "- next 18",
  ]);
  equal(escalation.told, "Nobody could be reached yet. Deliveries keep trying; looking again in 1 min.");
  equal(escalation.step({ reached: true }), "- next 28", "those just reached have the last wait to answer");
  equal(escalation.told, "Somebody was reached after all. Waiting 10 min for an answer.");
  deepEqual(steps(escalation, 3), ["ada@1/1 next 33", "bo@2/1 next 43", "cy@3/1 next 73"]);
});

test("whoever comes on call while nobody can be reached is paged, too", () => {
  const escalation = new Escalation();
  escalation.reached = false;
  steps(escalation, 3);
  equal(escalation.step({ people: { primary: ["eve"], secondary: ["bo"], web: ["cy"] } }), "eve@1/0 next 17");
  equal(escalation.told, "Paged as well, not tried until now: Eve.");
  equal(escalation.step(), "- next 18");
});

test("after half an hour in which nobody was reached everybody is paged afresh, and no repeat is used up", () => {
  const escalation = new Escalation();
  escalation.reached = false;
  const paged = steps(escalation, 34).filter((line) => !line.startsWith("-"));
  deepEqual(paged, [
    "ada@1/0 next 5",
    "bo@2/0 next 15",
    "cy@3/0 next 16",
    "ada@1/1 next 50",
    "bo@2/1 next 60",
  ]);
  escalation.reached = true;
  deepEqual(steps(escalation, 3), ["ada@1/2 next 65", "bo@2/2 next 75", "cy@3/2 next 105"]);
});

test("a wait of nothing is a second", () => {
  const escalation = new Escalation({ levels: [{ targets: [schedule("primary")], waitMs: 0 }] });
  escalation.step();
  equal(escalation.last.wakeAt?.toString(), START.add({ seconds: 1 }).toString());
});

test("a fallback that was paged for want of a receipt isn't paged twice in the same run", () => {
  const escalation = new Escalation({ repeat: 0 });
  escalation.reached = false;
  steps(escalation, 3);
  escalation.step({ reached: true });
  equal(escalation.step(), "- next 56", "exhausted: again 30 minutes later");
  equal(escalation.last.why.kind, "exhausted");
});

test("escalating now begins a round at the level after the one that is waited for", () => {
  const escalation = new Escalation();
  equal(levelAfter(escalation.policy, null), 1);
  escalation.step();
  equal(levelAfter(escalation.policy, escalation.last.state), 2);
  escalation.step();
  equal(levelAfter(escalation.policy, escalation.last.state), 3, "the fallback");
  equal(levelAfter({ ...escalation.policy, fallback: [] }, escalation.last.state), 1);

  deepEqual(steps(new Escalation({}, 2), 3), ["bo@2/0 next 10", "ada@1/1 next 15", "bo@2/1 next 25"]);
  deepEqual(steps(new Escalation({}, 3), 2), ["cy@3/0 next 10", "ada@1/1 next 15"]);
});

test("escalating past levels without anybody comes back to those below", () => {
  const escalation = new Escalation({}, 2);
  escalation.people = { primary: ["ada"], web: ["cy"] };
  equal(escalation.step(), "ada@1/0 next 5");
  const toFallback = new Escalation({}, 3);
  toFallback.people = { primary: ["ada"] };
  equal(toFallback.step(), "ada@1/0 next 5");
});

test("a new round pages again whom the last one paged", () => {
  const escalation = new Escalation();
  escalation.step();
  escalation.last.state = startRound(escalation.policy, { round: 2 });
  escalation.ask();
  deepEqual(
    escalation.last.pages.map(({ person, round, level, repeat }) => [person, round, level, repeat]),
    [["ada", 2, 1, 0]],
  );
});

test("an exhausted policy says how often it was run and when it begins again", () => {
  const escalation = new Escalation();
  steps(escalation, 3);
  equal(escalation.told, "Paged level 1, run 2 of 2: Ada.");
  steps(escalation, 2);
  equal(
    escalation.told,
    "Nobody answered; the policy was run 2 times. Paged the fallback: Cy. Beginning again in 30 min.",
  );
});

test("a fallback that is nobody gives way to the administrators, and so does one that was paged and didn't answer", () => {
  const root: Target = { kind: "user", id: "root", name: "Root", administrator: true };
  const empty = new Escalation({ lastResort: [root] });
  empty.people = { root: ["root"] };
  equal(empty.step(), "root@4/0 next 1");
  equal(empty.told, "There is nobody to page at any level, so the administrators were paged: Root.");
  equal(empty.last.pages[0]?.reason, "last resort, an administrator");

  const silent = new Escalation({ repeat: 0, lastResort: [root] });
  silent.people = { primary: ["ada"], secondary: ["bo"], web: ["cy"], root: ["root"] };
  deepEqual(steps(silent, 6).slice(2), [
    "cy@3/0 next 45",
    "ada@1/1 next 50",
    "bo@2/1 next 60",
    "cy@3/1 root@4/1 next 90",
  ]);
  equal(
    silent.told,
    "Nobody answered; the policy was run once. Paged the fallback: Cy. Paged the administrators: Root. Beginning again in 30 min.",
  );
});

test("while nobody can be reached those whose turn it isn't are tried as well, and the administrators", () => {
  const root: Target = { kind: "user", id: "root", name: "Root", administrator: true };
  const levels = [{ targets: [schedule("primary")], waitMs: 5 * MINUTE_MS, roundRobin: true }];
  const escalation = new Escalation({ levels, lastResort: [root] });
  escalation.people = { primary: ["ada", "bo"], web: ["cy"], root: ["root"] };
  escalation.reached = false;
  deepEqual(steps(escalation, 4), ["ada@1/0 next 5", "cy@2/0 next 6", "bo@1/0 root@3/0 next 7", "- next 8"]);
});

test("the person whose turn it is has it for the whole round, and hands it on when they can't be paged any more", () => {
  const levels = [{ targets: [schedule("primary")], waitMs: 5 * MINUTE_MS, roundRobin: true }];
  const escalation = new Escalation({ levels, repeat: 3 });
  escalation.people = { primary: ["ada", "bo"] };
  deepEqual(steps(escalation, 2), ["ada@1/0 next 5", "ada@1/1 next 10"]);
  equal(escalation.step({ people: { primary: ["bo", "cy"] } }), "bo@1/2 next 15");
  equal(escalation.step({ people: { primary: ["ada", "bo"] } }), "bo@1/3 next 20");
});
