/** An escalation policy as it is copied onto an incident when a round starts: plain data, as JSON keeps it. */

import type { ChosenPath, PathCondition } from "./paths.ts";

/** Whom a level pages. `name` is what people call it, so that a page can still say why after the target is gone. */
export interface Target {
  /** next: whoever is on call next in a schedule. lead: the leads of a team, or its members if it has none. */
  kind: "schedule" | "user" | "team" | "next" | "lead";
  id: string;
  name: string;
  /** They are here because nobody else is. */
  administrator?: true;
}

export interface PolicyLevel {
  targets: readonly Target[];
  /** How long its people have to answer before the next level, 1 s at least. */
  waitMs: number;
  /** Pages one of its people, whose turn it is, instead of all of them. */
  roundRobin?: boolean;
}

/** Other levels for some incidents. */
export interface PolicyPath {
  name: string;
  when: PathCondition;
  repeat: number;
  levels: readonly PolicyLevel[];
  fallback: readonly Target[];
}

export interface PolicyCopy {
  /** Absent for one that nobody wrote: the administrators, or one person to whom an incident was handed. */
  id?: string;
  slug: string;
  name: string;
  /** How many more times the levels are run after the first. */
  repeat: number;
  levels: readonly PolicyLevel[];
  fallback: readonly Target[];
  /** The administrators: paged when the fallback doesn't help either. */
  lastResort?: readonly Target[];
  /** As long as none is chosen: the first that fits takes the place of the levels above. */
  paths?: readonly PolicyPath[];
  /** The path whose levels these are, of a policy that has several. */
  path?: ChosenPath;
  /** An acknowledgement that isn't renewed for so long runs out. */
  acknowledgeTimeoutMs?: number;
  /** When it was copied onto the incident. */
  copiedAt?: string;
}

/** Levels count from 1; the fallback's pages carry the number after the last. */
export const fallbackLevel = (policy: PolicyCopy): number => policy.levels.length + 1;

/** The pages of the administrators, when the fallback doesn't help, carry the number after the fallback's. */
export const lastResortLevel = (policy: PolicyCopy): number => policy.levels.length + 2;

/** Every target that a round by this policy may come to. */
export const targetsOfCopy = ({ levels, fallback, lastResort = [] }: PolicyCopy): Target[] => [
  ...levels.flatMap((level) => level.targets),
  ...fallback,
  ...lastResort,
];

/** The targets behind a level's number. */
export function targetsAt(policy: PolicyCopy, level: number): readonly Target[] {
  if (level === fallbackLevel(policy)) return policy.fallback;
  if (level === lastResortLevel(policy)) return policy.lastResort ?? [];
  return policy.levels[level - 1]?.targets ?? [];
}
