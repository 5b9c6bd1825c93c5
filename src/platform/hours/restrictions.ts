import { type Stretch, union } from "./stretches.ts";
import { type WallClock, weekdayOf } from "./wall-clock.ts";

const DAY_MS = 86_400_000;

/** Monday first, as in ISO 8601. */
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Hours of the week on somebody's wall clock: a part of each of `days` (every day without it). */
export interface Restriction {
  days?: readonly Weekday[];
  /** "HH:MM". Without `from` and `to`, and when they are equal: a whole day that begins at `from`. */
  from?: string;
  to?: string;
}

/** Hours of the week: the weekdays (0 is Monday) on which they begin, and milliseconds since midnight. */
export interface AllowedHours {
  days: readonly boolean[];
  fromMs: number;
  /** More than a day when they cross midnight. */
  toMs: number;
  /** Days since 1970-01-01 on which they don't begin. */
  except?: ReadonlySet<number>;
}

/** "HH:MM" on a 24-hour clock. "24:00" is the next day's "00:00", so it is refused. */
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Milliseconds since midnight; undefined if it isn't a time of day. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = TIME_OF_DAY.exec(text);
  return match ? (Number(match[1]) * 60 + Number(match[2])) * 60_000 : undefined;
}

export function compileRestriction({
  days = WEEKDAYS,
  from = "00:00",
  to = from,
}: Restriction): AllowedHours {
  const fromMs = parseTimeOfDay(from);
  const toMs = parseTimeOfDay(to);
  if (fromMs === undefined || toMs === undefined) throw new RangeError(`hours from ${from} to ${to}`);
  return {
    days: WEEKDAYS.map((day) => days.includes(day)),
    fromMs,
    toMs: toMs > fromMs ? toMs : toMs + DAY_MS,
  };
}

/** The stretches of all these hours together that touch [from, to). */
export function allowedWithin(
  all: readonly AllowedHours[],
  clock: WallClock,
  { from, to }: Stretch,
): Stretch[] {
  const stretches: Stretch[] = [];
  // Hours of two days before may still run: they last up to a day, and a skipped day moves them by another.
  const first = Math.floor(clock.toWall(from) / DAY_MS) - 2;
  const last = Math.floor(clock.latestWallBy(to) / DAY_MS);
  for (let day = first; day <= last; day++) {
    const midnight = day * DAY_MS;
    for (const hours of all) {
      if (!hours.days[weekdayOf(midnight)] || hours.except?.has(day)) continue;
      const stretch = {
        from: clock.toEpoch(midnight + hours.fromMs),
        to: clock.toEpoch(midnight + hours.toMs),
      };
      // On the night the clocks go forward, 02:30 to 03:15 ends before it begins.
      if (stretch.from < stretch.to && stretch.to > from && stretch.from < to) stretches.push(stretch);
    }
  }
  return union(stretches);
}
