/** An event as it was last handed out. */
export interface Revision {
  fingerprint: string;
  /** How often it changed since its first appearance. */
  sequence: number;
  /** When it last changed, an instant to the second. */
  at: string;
}
/** By UID. */
export type Revisions = Record<string, Revision>;

/**
 * What to remember of events handed out now: one that is as it was keeps its revision, one that differs counts on, one
 * that is gone is forgotten. The second answer tells whether anything differs from before.
 */
export function revise(
  before: Revisions,
  events: readonly { uid: string; fingerprint: string }[],
  now: Temporal.Instant,
): { revisions: Revisions; changed: boolean } {
  const at = now.toString({ smallestUnit: "second" });
  const revisions: Revisions = {};
  for (const { uid, fingerprint } of events) {
    const last = before[uid];
    if (last?.fingerprint === fingerprint) revisions[uid] = last;
    else revisions[uid] = { fingerprint, sequence: last ? last.sequence + 1 : 0, at };
  }
  const isGone = Object.keys(before).some((uid) => !(uid in revisions));
  return {
    revisions,
    changed: isGone || Object.entries(revisions).some(([uid, now]) => before[uid] !== now),
  };
}
