import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { MonitorStatus } from "../schema.ts";
import { circleOf, groupStanding, type Member } from "./model.ts";

const member = (slug: string, status: MonitorStatus, leftOut = false): Member => ({ slug, status, leftOut });
const statusOf = (letters: string, rule: Parameters<typeof groupStanding>[1]) => {
  const statuses = { u: "up", d: "down", g: "degraded", "?": "unknown" } as const;
  const members = [...letters].map((letter, n) => member(`m${n}`, statuses[letter as keyof typeof statuses]));
  return groupStanding(members, rule).status;
};

test("all, any, at least so many: down, degraded, up and unknown as the manual has it", () => {
  for (const [letters, rule, wanted] of [
    ["uuu", {}, "up"],
    ["uud", {}, "down"],
    ["uug", {}, "degraded"],
    ["uu?", {}, "unknown"],
    ["ud?", {}, "down"],
    ["udd", { rule: "any" }, "degraded"],
    ["ddd", { rule: "any" }, "down"],
    ["dd?", { rule: "any" }, "unknown"],
    ["u??", { rule: "any" }, "up"],
    ["uud", { at_least: 2 }, "degraded"],
    ["udd", { at_least: 2 }, "down"],
    ["ud?", { at_least: 2 }, "unknown"],
  ] as const)
    assert.equal(statusOf(letters, rule), wanted, `${letters} ${JSON.stringify(rule)}`);
});

test("its reason names who is not up", () => {
  const { reason } = groupStanding([member("eu", "up"), member("us", "down"), member("asia", "unknown")], {});
  assert.equal(reason, "[members] 1 of 3 up, wanted all; down: us; unknown: asia");
});

test("members that are paused or in maintenance say nothing", () => {
  const members = [member("eu", "up"), member("us", "down", true)];
  assert.equal(groupStanding(members, {}).status, "up");
  assert.equal(groupStanding(members, { at_least: 2 }).status, "up");
  assert.equal(groupStanding([member("us", "down", true)], {}).status, "unknown");
});

const anyMembers = fc.array(
  fc.record({
    slug: fc.constant("m"),
    status: fc.constantFrom<MonitorStatus>("up", "degraded", "down", "unknown"),
    leftOut: fc.boolean(),
  }),
  { maxLength: 8 },
);
const anyRule = fc.oneof(
  fc.record({ rule: fc.constantFrom("all" as const, "any" as const) }),
  fc.record({ at_least: fc.integer({ min: 1, max: 8 }) }),
);
const WORSE: readonly MonitorStatus[] = ["up", "degraded", "down"];

test("a member that recovers never makes its group worse", () => {
  fc.assert(
    fc.property(anyMembers, anyRule, fc.nat(), (members, rule, pick) => {
      const before = groupStanding(members, rule).status;
      const better = members.map((each, n) =>
        n === pick % Math.max(1, members.length) ? { ...each, status: "up" as const } : each,
      );
      const after = groupStanding(better, rule).status;
      if (before === "unknown" || after === "unknown") return true;
      return WORSE.indexOf(after) <= WORSE.indexOf(before);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test("unknown means that it depends: some answer of those who are unknown would make it well, and some would not", () => {
  fc.assert(
    fc.property(anyMembers, anyRule, (members, rule) => {
      if (members.every(({ leftOut }) => leftOut)) return true;
      const as = (status: MonitorStatus) =>
        groupStanding(
          members.map((each) => (each.status === "unknown" ? { ...each, status } : each)),
          rule,
        ).status;
      const { status } = groupStanding(members, rule);
      if (status === "down") return as("up") === "down";
      if (status === "unknown") return as("down") === "down" && as("up") !== "down";
      return as("down") !== "down";
    }),
    { seed: 7, numRuns: 200 },
  );
});

test("a group that would hold itself is told by which way", () => {
  const groups = new Map([
    ["b", ["c", "x"]],
    ["c", ["a"]],
    ["y", ["x"]],
  ]);
  assert.deepEqual(circleOf("a", ["x", "b"], groups), ["a", "b", "c", "a"]);
  assert.deepEqual(circleOf("a", ["a"], groups), ["a", "a"]);
  assert.equal(circleOf("z", ["y", "b"], groups), null);
});
