import { randomFrom } from "../../platform/random.ts";
import {
  type Assignment,
  hasTooManyNights,
  isNextTo,
  missingSkills,
  type Problem,
  pointsOf,
} from "./problem.ts";

const UNMET = 1e12;
const STARTS = 4;
/** Orders looked at, and slots looked at in all: the bounds on its time. */
const MOST_ORDERS = 4_000;
const MOST_SLOTS = 250_000;

/** Who sits where when the ring turns by itself: one seat a slot. */
export const turned = (ring: readonly number[], slots: number): Assignment =>
  Array.from({ length: slots }, (_, slot) => [ring[slot % ring.length]!]);

/**
 * The order in which the people of a ring carry as alike as can be found and break as few constraints as can be: a ring
 * can't step aside for somebody's holiday, so what it breaks is for `broken` to say. The same seed, the same answer.
 */
export function orderRing(problem: Problem, seed: number): number[] {
  const people = [...problem.people.keys()];
  if (people.length < 2 || problem.slots === 0) return people;
  const random = randomFrom(seed);
  let best = { ring: people, score: scoreOf(problem, people) };
  const tries = Math.floor(Math.min(MOST_ORDERS, MOST_SLOTS / problem.slots) / STARTS);
  for (let start = 0; start < STARTS; start++) {
    const ring = start === 0 ? [...people] : shuffled(people, random);
    let score = scoreOf(problem, ring);
    for (let i = 0; i < tries; i++) {
      const [a, b] = [Math.floor(random() * ring.length), Math.floor(random() * ring.length)];
      if (a === b) continue;
      [ring[a], ring[b]] = [ring[b]!, ring[a]!];
      const next = scoreOf(problem, ring);
      if (next <= score) score = next;
      else [ring[a], ring[b]] = [ring[b]!, ring[a]!];
    }
    if (score < best.score) best = { ring: [...ring], score };
  }
  return best.ring;
}

function shuffled(people: readonly number[], random: () => number): number[] {
  const left = [...people];
  const order: number[] = [];
  while (left.length > 0) order.push(...left.splice(Math.floor(random() * left.length), 1));
  return order;
}

function scoreOf(problem: Problem, ring: readonly number[]): number {
  const assignment = turned(ring, problem.slots);
  const unmet = broken(problem, assignment).length;
  return unmet * UNMET + pointsOf(problem, assignment).reduce((sum, each) => sum + each * each, 0);
}

export type Broken = { slot: number } & (
  | { kind: "away" | "back-to-back" | "nights"; person: number }
  | { kind: "skill"; skill: string }
);

/** Every constraint that an assignment breaks, slot by slot. */
export function broken(problem: Problem, assignment: Assignment): Broken[] {
  const { constraints, people } = problem;
  const held = people.map((): number[] => []);
  return assignment.flatMap((seats, slot) => {
    const found: Broken[] = missingSkills(problem, seats).map(({ name }) => ({
      slot,
      kind: "skill",
      skill: name,
    }));
    for (const person of seats) {
      if (person === null) continue;
      const candidate = people[person]!;
      const mine = held[person]!;
      if (candidate.away.has(slot)) found.push({ slot, kind: "away", person });
      const follows = slot === 0 ? candidate.heldBefore : mine.at(-1) === slot - 1;
      if (constraints.noBackToBack && follows && isNextTo(problem, assignment, { person, slot }))
        found.push({ slot, kind: "back-to-back", person });
      mine.push(slot);
      const { maxNights } = constraints;
      if (maxNights && candidate.nights[slot]!.length > 0 && hasTooManyNights(candidate, mine, maxNights))
        found.push({ slot, kind: "nights", person });
    }
    return found;
  });
}
