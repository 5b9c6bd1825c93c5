import { fallbackLevel, lastResortLevel, type PolicyCopy, type Target, targetsAt } from "./policy.ts";
import type { EscalationState } from "./state.ts";

/** What decides whom a level means. */
export interface Roll {
  policy: PolicyCopy;
  state: EscalationState;
  /** Whom a target means now. */
  resolve: (target: Target) => readonly string[];
  /** Whether a team that was asked for its lead has none, so that its members stand in. */
  leaderless?: (target: Target) => boolean;
  /** Of a level that pages in turn: who had it before, the last one last. */
  served?: (level: number) => readonly string[];
}

/** Somebody of a level, with the reason that they will read. */
export interface Person {
  person: string;
  level: number;
  reason: string;
  /** It is their turn. */
  turn?: true;
  /** The team in whose lead's place they stand. */
  unled?: string;
}

/** The people of a level, each once however many targets name them; of a level in turn the one whose turn it is. */
export function peopleAt(roll: Roll, level: number): Person[] {
  const people = everybodyAt(roll, level);
  if (!roll.policy.levels[level - 1]?.roundRobin || people.length === 0) return people;
  const one = inTurn(roll, level, people);
  return [{ ...one, turn: true, reason: `${one.reason}, whose turn it is` }];
}

/** The people of a level, even where only one has the turn. */
export function everybodyAt(roll: Roll, level: number): Person[] {
  const people = new Map<string, Person>();
  for (const target of targetsAt(roll.policy, level)) {
    const unled = target.kind === "lead" && roll.leaderless?.(target) ? { unled: target.name } : {};
    const reason = `${levelName(roll.policy, level)}, ${roleOf(target, unled.unled !== undefined)}`;
    for (const person of roll.resolve(target))
      if (!people.has(person)) people.set(person, { person, level, reason, ...unled });
  }
  return [...people.values()];
}

export const newAmong = (state: EscalationState, people: readonly Person[]): Person[] =>
  people.filter(
    ({ person, level }) => !state.paged.some((page) => page.level === level && page.person === person),
  );

/** Whoever has it in this round, while they can be paged; or else who never had it, or had it longest ago. */
function inTurn({ state, served }: Roll, level: number, people: readonly Person[]): Person {
  const chosen = state.chosen?.find((each) => each.level === level)?.person;
  const kept = people.find(({ person }) => person === chosen);
  if (kept) return kept;
  const last = served?.(level) ?? [];
  return people.reduce((best, each) => (last.indexOf(each.person) < last.indexOf(best.person) ? each : best));
}

function levelName(policy: PolicyCopy, level: number): string {
  if (level === fallbackLevel(policy)) return "fallback";
  return level === lastResortLevel(policy) ? "last resort" : `level ${level}`;
}

function roleOf({ kind, name, administrator }: Target, isStandIn: boolean): string {
  switch (kind) {
    case "schedule":
      return `on call in ${name}`;
    case "next":
      return `next on call in ${name}`;
    case "user":
      return administrator ? "an administrator" : "named in the policy";
    case "team":
      return `member of ${name}`;
    case "lead":
      return isStandIn ? `member of ${name}, which has no lead` : `lead of ${name}`;
  }
}
