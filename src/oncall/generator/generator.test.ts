import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Assignment, type Candidate, type Problem, pointsOf } from "./problem.ts";
import { broken, orderRing, turned } from "./ring.ts";
import { shareOut } from "./search.ts";
import { leftOpen } from "./why.ts";

const FREE = { noBackToBack: false, maxNights: null, skills: [] };

/** Weeks with seven nights each; what differs is given. */
function problem(count: number, slots: number, more: Partial<Problem> = {}): Problem {
  const nights = Array.from({ length: slots }, (_, slot) =>
    Array.from({ length: 7 }, (_, i) => slot * 7 + i),
  );
  const people = Array.from(
    { length: count },
    (_, i): Candidate => ({
      ...{ name: `P${i}`, carried: 0, cost: nights.map(() => 279), away: new Set(), nights },
      ...{ nightsBefore: [], heldBefore: false },
    }),
  );
  return { seats: 1, slots, people, constraints: FREE, ...more };
}

const spread = (of: Problem, assignment: Assignment): number => {
  const points = pointsOf(of, assignment);
  return Math.max(...points) - Math.min(...points);
};
const turnsOf = (assignment: Assignment, person: number) =>
  assignment.flatMap((seats, slot) => (seats.includes(person) ? [slot] : []));

test("twelve people share twenty-four weeks alike: two each, never two in a row", () => {
  const p = problem(12, 24, { constraints: { ...FREE, noBackToBack: true } });
  const found = shareOut(p, 1);
  assert.equal(spread(p, found), 0);
  assert.deepEqual(leftOpen(p, found), []);
  assert.deepEqual(broken(p, found), []);
});

test("who had more before gets less now", () => {
  const p = problem(3, 9);
  const people = p.people.map((person, i) => ({ ...person, carried: i === 0 ? 3 * 279 : 0 }));
  const found = shareOut({ ...p, people }, 1);
  assert.deepEqual(
    people.map((_, i) => turnsOf(found, i).length),
    [1, 4, 4],
  );
});

test("nobody is put on call while away, and where nobody is left the seat stays open and says why", () => {
  const p = problem(3, 6);
  const people = p.people.map((person) => ({ ...person, away: new Set([2]) }));
  const found = shareOut({ ...p, people }, 1);
  assert.deepEqual(found[2], [null]);
  assert.deepEqual(leftOpen({ ...p, people }, found), [
    { slot: 2, kind: "open-seat", text: "One place stays open: P0, P1 and P2 are away." },
  ]);
});

test("a skill is in every turn, also when only two of many have it", () => {
  const skills = [{ name: "databases", people: new Set([0, 1]) }];
  const p = problem(6, 10, { seats: 2, constraints: { ...FREE, noBackToBack: true, skills } });
  const found = shareOut(p, 1);
  assert.deepEqual(leftOpen(p, found), []);
  assert.ok(found.every((seats) => seats.includes(0) || seats.includes(1)));
});

test("one person alone can't have every week without two in a row: said, not broken", () => {
  const p = problem(1, 4, { constraints: { ...FREE, noBackToBack: true } });
  const found = shareOut(p, 1);
  assert.deepEqual(broken(p, found), []);
  assert.deepEqual(
    leftOpen(p, found).map(({ text }) => text),
    Array(2).fill("One place stays open: P0 is on call in the turn before or after."),
  );
});

test("nights from before the first turn count against the most nights", () => {
  const p = problem(2, 4, { constraints: { ...FREE, maxNights: { count: 7, days: 14 } } });
  const people = p.people.map((person, i) => ({
    ...person,
    nightsBefore: i === 0 ? [-7, -6, -5, -4, -3, -2, -1] : [],
  }));
  const found = shareOut({ ...p, people }, 1);
  assert.deepEqual(found, [[1], [0], [1], [0]]);
});

const constraint = fc.record({
  noBackToBack: fc.boolean(),
  maxNights: fc.option(
    fc.record({ count: fc.integer({ min: 3, max: 14 }), days: fc.integer({ min: 7, max: 28 }) }),
    { nil: null },
  ),
  skilled: fc.option(fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }), { nil: null }),
});
const someone = fc.record({
  carried: fc.nat(2_000),
  away: fc.uniqueArray(fc.nat(15), { maxLength: 8 }),
  costs: fc.array(fc.integer({ min: 24, max: 500 }), { minLength: 16, maxLength: 16 }),
  before: fc.nat(7),
});
const anyProblem = fc
  .record({
    ...{ people: fc.array(someone, { minLength: 1, maxLength: 6 }), seats: fc.integer({ min: 1, max: 3 }) },
    ...{ slots: fc.integer({ min: 1, max: 16 }), constraint, seed: fc.nat() },
  })
  .map(({ people, seats, slots, constraint: { skilled, ...rest }, seed }) => {
    const base = problem(people.length, slots);
    const candidates = people.map(
      (person, i): Candidate => ({
        ...base.people[i]!,
        ...{ carried: person.carried, away: new Set(person.away), cost: person.costs.slice(0, slots) },
        nightsBefore: Array.from({ length: person.before }, (_, night) => night - person.before),
        heldBefore: person.before > 0 && i === 0,
      }),
    );
    const skills = skilled ? [{ name: "x", people: new Set(skilled.filter((i) => i < people.length)) }] : [];
    return { p: { seats, slots, people: candidates, constraints: { ...rest, skills } }, seed };
  });

test("no constraint on a person is ever broken, every open seat is said with a reason, and a seed repeats itself", () => {
  fc.assert(
    fc.property(anyProblem, ({ p, seed }) => {
      const found = shareOut(p, seed);
      assert.deepEqual(
        broken(p, found).filter(({ kind }) => kind !== "skill"),
        [],
      );
      for (const seats of found) {
        const sitting = seats.filter((person) => person !== null);
        assert.equal(new Set(sitting).size, sitting.length, "nobody sits twice");
      }
      const said = leftOpen(p, found);
      for (const [slot, seats] of found.entries()) {
        const isSaid = said.some((each) => each.slot === slot && each.kind === "open-seat");
        assert.equal(isSaid, seats.includes(null));
      }
      assert.ok(said.every(({ text }) => /: .+\.$/.test(text)));
    }),
    { numRuns: process.env.KEEPWATCH_SWEEP === "all" ? 400 : 12, seed: 3 },
  );
  for (const { p, seed } of fc.sample(anyProblem, { numRuns: 2, seed: 4 }))
    assert.deepEqual(shareOut(p, seed), shareOut(p, seed));
});

test("a ring is put in the order that steps around holidays, and what it can't step around is named", () => {
  const p = problem(4, 8, { constraints: { ...FREE, noBackToBack: true } });
  const people = p.people.map((person, i) => ({ ...person, away: new Set(i === 0 ? [0, 4] : []) }));
  const ring = orderRing({ ...p, people }, 1);
  assert.notEqual(ring[0], 0);
  assert.deepEqual(broken({ ...p, people }, turned(ring, 8)), []);
  const stuck = p.people.map((person, i) => ({ ...person, away: new Set(i === 0 ? [0, 1, 2, 3] : []) }));
  const left = broken({ ...p, people: stuck }, turned(orderRing({ ...p, people: stuck }, 1), 8));
  assert.deepEqual(
    left.map((each) => each.kind),
    ["away"],
  );
});

test("twelve people, twenty-six weeks, all constraints: under a second", () => {
  const skills = [{ name: "databases", people: new Set([0, 1, 2, 3, 4]) }];
  const constraints = { noBackToBack: true, maxNights: { count: 7, days: 21 }, skills };
  const p = problem(12, 26, { seats: 2, constraints });
  const before = performance.now();
  const found = shareOut(p, 1);
  const spentMs = performance.now() - before;
  assert.deepEqual(leftOpen(p, found), []);
  assert.ok(spentMs < 1_000, `${spentMs} ms`);
});
