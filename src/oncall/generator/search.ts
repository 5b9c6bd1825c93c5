import { randomFrom } from "../../platform/random.ts";
import { type Assignment, missingSkills, obstacle, type Problem, pointsOf } from "./problem.ts";

/** An open seat or a slot without a skill outweighs any unfairness. */
const UNMET = 1e12;
const STARTS = 3;
/** Looks at so many moves in all, whatever the size: the bound on its time. */
const MOST_MOVES = 45_000;
/** How much worse than before, in squared points of an average slot, a move may be at first. */
const HEAT = 0.5;

/**
 * Shares the slots out so that people's points are as alike as can be found: the least sum of squares. Nobody is ever
 * put where a constraint keeps them from; a seat that nobody may have stays open. Simulated annealing, a few starts,
 * a fixed number of moves: the same seed gives the same answer.
 */
export function shareOut(problem: Problem, seed: number): Assignment {
  if (problem.slots === 0 || problem.people.length === 0)
    return Array.from({ length: problem.slots }, () => Array.from({ length: problem.seats }, () => null));
  const random = randomFrom(seed);
  let best: { assignment: Assignment; score: number } | undefined;
  for (let start = 0; start < STARTS; start++) {
    const found = anneal(problem, random);
    if (!best || found.score < best.score) best = found;
  }
  return best!.assignment;
}

/** Slot by slot, each seat to whoever has least, those with a skill that is still missing first. */
function greedy(problem: Problem): Assignment {
  const assignment: Assignment = Array.from({ length: problem.slots }, () =>
    Array.from({ length: problem.seats }, () => null),
  );
  const points = problem.people.map(({ carried }) => carried);
  for (const [slot, seats] of assignment.entries()) {
    for (let seat = 0; seat < seats.length; seat++) {
      const missing = missingSkills(problem, seats);
      const rank = (person: number) =>
        points[person]! - (missing.some(({ people }) => people.has(person)) ? UNMET : 0);
      const free = problem.people
        .keys()
        .filter((person) => obstacle(problem, assignment, { person, slot }) === null)
        .toArray()
        .sort((a, b) => rank(a) - rank(b) || a - b);
      const person = free[0];
      if (person === undefined) continue;
      seats[seat] = person;
      points[person]! += problem.people[person]!.cost[slot]!;
    }
  }
  return assignment;
}

interface State {
  problem: Problem;
  assignment: Assignment;
  points: number[];
  /** Open seats, and slots without a skill. */
  unmet: number;
}

type Change = { slot: number; seat: number; person: number | null };

function anneal(problem: Problem, random: () => number): { assignment: Assignment; score: number } {
  const assignment = greedy(problem);
  const unmet = assignment.reduce((sum, seats) => sum + unmetIn(problem, seats), 0);
  const state: State = { problem, assignment, points: pointsOf(problem, assignment), unmet };
  let score = scoreOf(state);
  let best = { assignment: copy(assignment), score };
  const moves = Math.floor(MOST_MOVES / STARTS);
  const heat = HEAT * meanCost(problem) ** 2;
  for (let move = 0; move < moves; move++) {
    const temperature = heat * (1 - move / moves);
    const undo = random() < 0.5 ? reseat(state, random) : swap(state, random);
    if (!undo) continue;
    const next = scoreOf(state);
    if (next <= score || random() < Math.exp((score - next) / (temperature + 1e-9))) {
      score = next;
      if (score < best.score - 1e-9) best = { assignment: copy(assignment), score };
    } else for (const change of undo) put(state, change);
  }
  return best;
}

const copy = (assignment: Assignment): Assignment => assignment.map((seats) => [...seats]);

const meanCost = ({ people, slots }: Problem): number =>
  people.reduce((sum, { cost }) => sum + cost.reduce((all, each) => all + each, 0), 0) /
  (people.length * Math.max(1, slots));

const unmetIn = (problem: Problem, seats: readonly (number | null)[]): number =>
  seats.filter((person) => person === null).length + missingSkills(problem, seats).length;

const scoreOf = ({ unmet, points }: State): number =>
  unmet * UNMET + points.reduce((sum, each) => sum + each * each, 0);

/** Sets one seat; answers with the change that takes it back. */
function put(state: State, { slot, seat, person }: Change): Change {
  const { problem, assignment, points } = state;
  const seats = assignment[slot]!;
  const before = seats[seat]!;
  state.unmet -= unmetIn(problem, seats);
  if (before !== null) points[before]! -= problem.people[before]!.cost[slot]!;
  if (person !== null) points[person]! += problem.people[person]!.cost[slot]!;
  seats[seat] = person;
  state.unmet += unmetIn(problem, seats);
  return { slot, seat, person: before };
}

/**
 * Gives a seat to somebody. From the turns next to it they go, where no one may have two in a row: so a hole can wander
 * to where it can be filled. Undefined when they can't have it; else what takes it back.
 */
function reseat(state: State, random: () => number): Change[] | undefined {
  const { problem, assignment } = state;
  const slot = Math.floor(random() * problem.slots);
  const seat = Math.floor(random() * problem.seats);
  const person = Math.floor(random() * problem.people.length);
  if (assignment[slot]!.includes(person)) return undefined;
  const undo = [put(state, { slot, seat, person: null })];
  if (problem.constraints.noBackToBack) {
    for (const next of [slot - 1, slot + 1]) {
      const at = assignment[next]?.indexOf(person) ?? -1;
      if (at >= 0) undo.unshift(put(state, { slot: next, seat: at, person: null }));
    }
  }
  if (obstacle(problem, assignment, { person, slot }) === null) {
    undo.unshift(put(state, { slot, seat, person }));
    return undo;
  }
  for (const change of undo) put(state, change);
  return undefined;
}

/** Two people change places, if both may. */
function swap(state: State, random: () => number): Change[] | undefined {
  const { problem, assignment } = state;
  const pick = () => ({
    slot: Math.floor(random() * problem.slots),
    seat: Math.floor(random() * problem.seats),
  });
  const [a, b] = [pick(), pick()];
  const [one, other] = [assignment[a.slot]![a.seat]!, assignment[b.slot]![b.seat]!];
  if (a.slot === b.slot || one === other) return undefined;
  const undo = [put(state, { ...b, person: null }), put(state, { ...a, person: null })];
  const places = [
    { ...a, person: other },
    { ...b, person: one },
  ];
  for (const place of places) {
    const { person, slot } = place;
    if (person !== null && obstacle(problem, assignment, { person, slot }) !== null) {
      for (const change of undo) put(state, change);
      return undefined;
    }
    undo.unshift(put(state, place));
  }
  return undo;
}
