import { joinSpans } from "../../platform/hours/spans.ts";
import type { Shift, Span } from "../schedule/types.ts";
import type { Reminders } from "./schema.ts";

export const DEFAULT_REMINDERS: Reminders = { before_hours: [24], at_start: true, at_end: true };

/** One thing to say to one person. */
export interface Reminder {
  user: string;
  what: string;
  /** When it is to be said. */
  at: Temporal.Instant;
  /** The shift's beginning, or its end. */
  of: Temporal.Instant;
  shift: Span;
}

/**
 * All reminders of the shifts in a range, in order. Adjoining shifts of one person are one; where the range cuts a
 * shift nothing begins or ends, so nothing is said there.
 */
export function remindersOf(
  shifts: readonly Shift[],
  range: Span,
  choiceOf: (user: string) => Reminders,
): Reminder[] {
  const found = [...Map.groupBy(shifts, (shift) => shift.user)].flatMap(([user, theirs]) => {
    const choice = choiceOf(user);
    return joinSpans(theirs).flatMap((shift): Reminder[] => {
      const begins = !shift.from.equals(range.from);
      const ends = !shift.to.equals(range.to);
      const of = shift.from;
      return [
        ...(begins
          ? choice.before_hours.map((hours) => ({
              ...{ user, what: `before ${hours}`, at: of.subtract({ hours }), of, shift },
            }))
          : []),
        ...(begins && choice.at_start ? [{ user, what: "start", at: of, of, shift }] : []),
        ...(ends && choice.at_end ? [{ user, what: "end", at: shift.to, of: shift.to, shift }] : []),
      ];
    });
  });
  return found.sort((a, b) => Temporal.Instant.compare(a.at, b.at));
}
