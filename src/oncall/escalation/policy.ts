/** An escalation policy as it is copied onto an incident when a round starts: plain data, as JSON keeps it. */

/** Whom a level pages. `name` is what people call it, so that a page can still say why after the target is gone. */
export interface Target {
  kind: "schedule" | "user" | "team";
  id: string;
  name: string;
}

export interface PolicyLevel {
  targets: readonly Target[];
  /** How long its people have to answer before the next level, 1 s at least. */
  waitMs: number;
}

export interface PolicyCopy {
  slug: string;
  name: string;
  /** How many more times the levels are run after the first. */
  repeat: number;
  levels: readonly PolicyLevel[];
  fallback: readonly Target[];
}

/** Levels count from 1; the fallback's pages carry the number after the last. */
export const fallbackLevel = (policy: PolicyCopy): number => policy.levels.length + 1;
