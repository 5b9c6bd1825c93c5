import { type Assignment, missingSkills, type Obstacle, obstacle, type Problem } from "./problem.ts";
import type { Broken } from "./ring.ts";

/** What could not be met in a slot, in words. */
export interface Unmet {
  slot: number;
  kind: "open-seat" | "skill" | "away" | "back-to-back" | "nights";
  text: string;
}

const WORDS: Record<Exclude<Obstacle, null>, string> = {
  here: "already in this turn",
  away: "away",
  "back-to-back": "on call in the turn before or after",
  nights: "at the most nights already",
};

const list = (names: readonly string[]): string =>
  names.length < 3 ? names.join(" and ") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** Why none of the people can have a slot: "Ada is away; Bo and Cy are on call in the turn before or after". */
function obstacles(
  problem: Problem,
  assignment: Assignment,
  at: { slot: number; of: readonly number[] },
): string {
  const found = Map.groupBy(at.of, (person) => obstacle(problem, assignment, { person, slot: at.slot }));
  const parts = [...found].map(([kind, people]) => {
    const names = list(people.map((person) => problem.people[person]!.name));
    const are = people.length === 1 ? "is" : "are";
    return kind === null ? `${names} would fit in another's place` : `${names} ${are} ${WORDS[kind]}`;
  });
  return parts.join("; ");
}

/** What a shared-out assignment leaves open, and why: open seats, and slots in which nobody has a skill. */
export function leftOpen(problem: Problem, assignment: Assignment): Unmet[] {
  const everybody = [...problem.people.keys()];
  return assignment.flatMap((seats, slot): Unmet[] => {
    const open = seats.filter((person) => person === null).length;
    const seatsText = open === 1 ? "One place stays open" : `${open} places stay open`;
    const because = (of: readonly number[]) => obstacles(problem, assignment, { slot, of });
    return [
      ...(open > 0
        ? [{ slot, kind: "open-seat" as const, text: `${seatsText}: ${because(everybody)}.` }]
        : []),
      ...missingSkills(problem, seats).map(({ name, people }) => ({
        ...{ slot, kind: "skill" as const },
        text: `Nobody with ${name} is in it: ${people.size === 0 ? "none of these people has it" : because([...people])}.`,
      })),
    ];
  });
}

/** The same for a ring, which breaks what it can't meet. */
export const brokenInWords = (problem: Problem, found: readonly Broken[]): Unmet[] =>
  found.map((each) => {
    const { slot, kind } = each;
    if (each.kind === "skill") return { slot, kind, text: `Nobody with ${each.skill} is in it.` };
    const { name } = problem.people[each.person]!;
    const texts = {
      away: `${name} is away then.`,
      "back-to-back": `${name} has the turn before, too.`,
      nights: `${name} has more nights than allowed by then.`,
    };
    return { slot, kind, text: texts[each.kind] };
  });
