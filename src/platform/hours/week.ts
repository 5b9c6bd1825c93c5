import { later } from "../clock.ts";
import { invalid } from "../refusal.ts";
import { allowedWithin, compileRestriction, type Restriction } from "./restrictions.ts";
import { union } from "./stretches.ts";
import { dayNumber, WallClock } from "./wall-clock.ts";

const DAY_MS = 86_400_000;

/** How far ahead hours are looked for. Longer than any holiday; after it, one looks again. */
export const LOOK_AHEAD_MS = 60 * DAY_MS;

/** Hours that last this long have no end worth waiting for. */
const ENDLESS_MS = 8 * DAY_MS;

/** Hours of the week in a time zone. */
export interface WeekHours {
  timeZone: string;
  hours: readonly Restriction[];
  /** ISO dates on which no hours begin. */
  except?: readonly string[];
}

/** Refuses a stretch with a beginning and no end, or the other way round. @param pointer where the list stands. */
export function refuseHalfHours(hours: readonly Restriction[], pointer: string): void {
  const half = hours.findIndex(({ from, to }) => (from === undefined) !== (to === undefined));
  if (half >= 0)
    throw invalid(`${pointer}/${half}`, "`from` and `to` go together; leave out both for whole days.");
}

/** The hours that touch [from, from + ms), as stretches of epoch milliseconds, joined. */
function stretches({ timeZone, hours, except = [] }: WeekHours, from: Temporal.Instant, ms: number) {
  const days = new Set(except.map((date) => dayOf(Temporal.PlainDate.from(date))));
  const compiled = hours.map((each) => ({ ...compileRestriction(each), except: days }));
  const start = from.epochMilliseconds;
  return union(allowedWithin(compiled, new WallClock(timeZone), { from: start, to: start + ms }));
}

const dayOf = ({ year, month, day }: Temporal.PlainDate): number => dayNumber(year, month, day);

/** Whether the instant lies within the hours: half-open, the end is outside. */
export const isWithin = (hours: WeekHours, at: Temporal.Instant): boolean =>
  stretches(hours, at, 1).length > 0;

/**
 * When the hours begin next; null while they are on. Hours that begin nowhere within the look-ahead are looked for
 * again at its end.
 */
export function beginsAt(hours: WeekHours, at: Temporal.Instant): Temporal.Instant | null {
  const found = stretches(hours, at, 10 * DAY_MS)[0] ?? stretches(hours, at, LOOK_AHEAD_MS)[0];
  if (!found) return later(at, LOOK_AHEAD_MS);
  return found.from <= at.epochMilliseconds ? null : Temporal.Instant.fromEpochMilliseconds(found.from);
}

/** Until when the hours last that are on at the instant; null when none are, or when they have no end. */
export function endsAt(hours: WeekHours, at: Temporal.Instant): Temporal.Instant | null {
  const [current] = stretches(hours, at, ENDLESS_MS);
  if (!current || current.from > at.epochMilliseconds) return null;
  return current.to - at.epochMilliseconds >= ENDLESS_MS
    ? null
    : Temporal.Instant.fromEpochMilliseconds(current.to);
}

/** Whether they leave no time at all, on no day of a common week. */
export function coversEverything(hours: readonly Restriction[]): boolean {
  const monday = Temporal.Instant.from("2026-01-05T00:00Z");
  const [first] = stretches({ timeZone: "UTC", hours }, monday, ENDLESS_MS);
  return (
    first !== undefined &&
    first.from <= monday.epochMilliseconds &&
    first.to - monday.epochMilliseconds >= ENDLESS_MS
  );
}
