/** What is to be shared out. People and slots are known by their place in the lists. */
export interface Problem {
  /** How many people each slot wants. */
  seats: number;
  slots: number;
  people: readonly Candidate[];
  constraints: Constraints;
}

export interface Candidate {
  name: string;
  /** Points from before: who had more gets less. */
  carried: number;
  /** What each slot costs this person, in points. */
  cost: readonly number[];
  /** Slots in which the person is away. */
  away: ReadonlySet<number>;
  /** The nights of each slot, as numbers of days in order. */
  nights: readonly (readonly number[])[];
  /** Nights before the first slot, in order. */
  nightsBefore: readonly number[];
  /** Whether the turn before the first slot was this person's. */
  heldBefore: boolean;
}

export interface Skill {
  name: string;
  /** Places of those who have it. */
  people: ReadonlySet<number>;
}

export interface Constraints {
  noBackToBack: boolean;
  maxNights: { count: number; days: number } | null;
  /** Of each, somebody must be in every slot. */
  skills: readonly Skill[];
}

/** Who sits where: by slot, then by seat; null is an open seat. */
export type Assignment = (number | null)[][];

/** Why somebody can't have a slot; null when they can. */
export type Obstacle = "here" | "away" | "back-to-back" | "nights" | null;

/**
 * The slots of a person near one that they might get, in order and with it: those whose nights can be within the same
 * days. What lies further off makes no difference to it.
 */
function slotsNear(
  { people, slots }: Problem,
  assignment: Assignment,
  { person, slot, days }: { person: number; slot: number; days: number },
): number[] {
  const { nights } = people[person]!;
  const [first, last] = [nights[slot]![0], nights[slot]!.at(-1)];
  if (first === undefined || last === undefined) return [];
  const near = [slot];
  for (let at = slot - 1; at >= 0 && (nights[at]!.at(-1) ?? first) > first - days; at--)
    if (assignment[at]!.includes(person)) near.unshift(at);
  for (let at = slot + 1; at < slots && (nights[at]![0] ?? last) < last + days; at++)
    if (assignment[at]!.includes(person)) near.push(at);
  return near;
}

/** What keeps a person from a slot, given who sits elsewhere. Whoever sits there now is not looked at, except "here". */
export function obstacle(
  problem: Problem,
  assignment: Assignment,
  { person, slot }: { person: number; slot: number },
): Obstacle {
  if (assignment[slot]!.includes(person)) return "here";
  const candidate = problem.people[person]!;
  if (candidate.away.has(slot)) return "away";
  if (problem.constraints.noBackToBack && isNextTo(problem, assignment, { person, slot }))
    return "back-to-back";
  const { maxNights } = problem.constraints;
  if (
    maxNights &&
    hasTooManyNights(
      candidate,
      slotsNear(problem, assignment, { person, slot, days: maxNights.days }),
      maxNights,
    )
  )
    return "nights";
  return null;
}

export function isNextTo(
  { people }: Problem,
  assignment: Assignment,
  { person, slot }: { person: number; slot: number },
): boolean {
  const before = slot === 0 ? people[person]!.heldBefore : assignment[slot - 1]!.includes(person);
  return before || (assignment[slot + 1]?.includes(person) ?? false);
}

/** More than `count` nights within some stretch of `days` days. */
export function hasTooManyNights(
  { nights, nightsBefore }: Candidate,
  slots: readonly number[],
  { count, days }: { count: number; days: number },
): boolean {
  const all = [...nightsBefore, ...slots.toSorted((a, b) => a - b).flatMap((slot) => nights[slot]!)];
  // What is over can't be mended: a stretch that was too full before counts only once a night is added to it.
  const first = Math.max(nightsBefore.length, count);
  return all.some((night, i) => i >= first && night - all[i - count]! < days);
}

/** Skills that nobody in the seats has. */
export const missingSkills = (
  { constraints }: Problem,
  seats: readonly (number | null)[],
): readonly Skill[] =>
  constraints.skills.filter(({ people }) => !seats.some((person) => person !== null && people.has(person)));

/** Everybody's points: what they carry and what the assignment gives them. */
export function pointsOf({ people }: Problem, assignment: Assignment): number[] {
  const points = people.map(({ carried }) => carried);
  for (const [slot, seats] of assignment.entries())
    for (const person of seats) if (person !== null) points[person]! += people[person]!.cost[slot]!;
  return points;
}
