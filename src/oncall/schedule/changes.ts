import { slicesWithin } from "./slices.ts";
import type { Schedule, Span, UserId } from "./types.ts";

/** A stretch in which other people are on call than before. */
export interface ChangedShift extends Span {
  before: UserId[];
  after: UserId[];
}

/** Where two schedules differ in who is on call within [from, to), in order; neighbours with the same change are joined. */
export function changedShifts(before: Schedule, after: Schedule, { from, to }: Span): ChangedShift[] {
  const range = { from: from.epochMilliseconds, to: to.epochMilliseconds };
  const old = slicesWithin(before, range);
  const fresh = slicesWithin(after, range);
  const changes: { from: number; to: number; before: UserId[]; after: UserId[] }[] = [];
  for (let i = 0, j = 0; i < old.length && j < fresh.length; ) {
    const a = old[i]!;
    const b = fresh[j]!;
    const part = {
      from: Math.max(a.from, b.from),
      to: Math.min(a.to, b.to),
      before: a.entries.map((entry) => entry.user).sort(),
      after: b.entries.map((entry) => entry.user).sort(),
    };
    const last = changes.at(-1);
    if (!sameList(part.before, part.after)) {
      if (last?.to === part.from && sameList(last.before, part.before) && sameList(last.after, part.after))
        last.to = part.to;
      else changes.push(part);
    }
    if (a.to <= b.to) i++;
    if (b.to <= a.to) j++;
  }
  return changes.map((change) => ({
    ...change,
    from: Temporal.Instant.fromEpochMilliseconds(change.from),
    to: Temporal.Instant.fromEpochMilliseconds(change.to),
  }));
}

const sameList = (a: readonly UserId[], b: readonly UserId[]): boolean => a.join("\n") === b.join("\n");
