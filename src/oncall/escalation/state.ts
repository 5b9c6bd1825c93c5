import { fallbackLevel, type PolicyCopy } from "./policy.ts";

/** How far an incident's escalation has come. Plain data, kept with the incident; `next` makes the following one. */
export interface EscalationState {
  round: number;
  /** Runs of the levels in this round, from 0. It only grows, and is the `repeat` of the run's pages. */
  run: number;
  /** The run with which this pass over the policy began; the pass ends `repeat` runs later. */
  passFrom: number;
  /** The level paged last; in phase "begin" the one to begin with. The fallback is the number after the last. */
  level: number;
  /**
   * begin: nothing done yet. waiting: for an answer. unreached: all of this run's people are paged and no delivery has
   * got through. nobody: no level has anybody. exhausted: all runs are over.
   */
  phase: "begin" | "waiting" | "unreached" | "nobody" | "exhausted";
  /** Who has been paged in this run. */
  paged: readonly { level: number; person: string }[];
  /** Whose turn it was on levels that page one person in turn. It stays theirs for the whole round. */
  chosen?: readonly { level: number; person: string }[];
  /** When `next` has something to do; null when it never will. ISO 8601. */
  dueAt: string | null;
  /** While nobody is there or reached: when to page all over again. */
  againAt: string | null;
}

/** The state of a new round, about to page `fromLevel` (1 unless a person asks for more). */
export const startRound = (
  policy: PolicyCopy,
  { round, fromLevel = 1 }: { round: number; fromLevel?: number },
): EscalationState => ({
  round,
  run: 0,
  passFrom: 0,
  level: Math.max(1, Math.min(fromLevel, fallbackLevel(policy))),
  phase: "begin",
  paged: [],
  dueAt: null,
  againAt: null,
});

/**
 * Where the round of an "escalate now" begins: the level after the one that is waited for, after the last one the
 * fallback, and after that the first again.
 */
export function levelAfter(policy: PolicyCopy, state: EscalationState | null): number {
  if (!state) return 1;
  if (state.phase === "begin") return state.level;
  if (state.phase !== "waiting") return 1;
  const last =
    policy.fallback.length + (policy.lastResort?.length ?? 0) > 0
      ? fallbackLevel(policy)
      : policy.levels.length;
  return state.level < last ? state.level + 1 : 1;
}
