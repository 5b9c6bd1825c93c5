const DAY_MS = 86_400_000;

/** No two offsets of one zone, ever, are further apart than the 24 h of a date-line move plus change. */
const MARGIN_MS = 2 * DAY_MS;

/** The time in which a zone keeps one offset from UTC. */
interface OffsetStretch {
  from: number;
  to: number;
  offset: number;
}

/** What has been asked about each zone. The zone database doesn't change while a program runs. */
const known = new Map<string, OffsetStretch[]>();

/** A century of clocks that change twice a year; beyond it, it is asked again. */
const MOST_STRETCHES = 200;

/**
 * Converts between instants (epoch milliseconds) and wall times of one zone. A wall time is held as the epoch
 * milliseconds it would have in UTC, so that a step on the wall clock is an addition.
 *
 * It gives what Temporal's `compatible` gives; it only remembers the offset of the stretch last asked about, and asks
 * Temporal again near a change of offset. That makes 90 days of hourly turns take milliseconds.
 */
export class WallClock {
  readonly timeZone: string;
  #stretch: OffsetStretch = { from: 0, to: 0, offset: 0 };

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  toWall(epochMs: number): number {
    return epochMs + this.#at(epochMs).offset;
  }

  /** A skipped wall time moves forward by the gap; a repeated one means its first occurrence. */
  toEpoch(wallMs: number): number {
    const guess = wallMs - this.#stretch.offset;
    if (this.#isWellInside(guess)) return guess;
    const { offset } = this.#at(guess);
    if (this.#isWellInside(wallMs - offset)) return wallMs - offset;
    return plainDateTime(wallMs).toZonedDateTime(this.timeZone, { disambiguation: "compatible" })
      .epochMilliseconds;
  }

  /** Whether no clock in the zone ever showed this wall time. */
  isSkipped(wallMs: number): boolean {
    return this.toWall(this.toEpoch(wallMs)) !== wallMs;
  }

  /** No wall time later than this can have come by the instant: counts an hour that is being repeated as passed. */
  latestWallBy(epochMs: number): number {
    // Three days: a wall time is less than 30 h away from its instant, and a gap is at most 24 h.
    const since = epochMs - 3 * DAY_MS;
    let { from, offset } = this.#at(epochMs);
    while (from > since) {
      const earlier = this.#at(from - 1);
      offset = Math.max(offset, earlier.offset);
      from = earlier.from;
    }
    return epochMs + offset;
  }

  #isWellInside(epochMs: number): boolean {
    return epochMs - MARGIN_MS >= this.#stretch.from && epochMs + MARGIN_MS < this.#stretch.to;
  }

  #at(epochMs: number): OffsetStretch {
    const last = this.#stretch;
    if (epochMs >= last.from && epochMs < last.to) return last;
    let stretches = known.get(this.timeZone);
    if (!stretches || stretches.length >= MOST_STRETCHES) {
      stretches = [];
      known.set(this.timeZone, stretches);
    }
    let found = stretches.find(({ from, to }) => epochMs >= from && epochMs < to);
    if (!found) {
      found = this.#ask(epochMs);
      stretches.push(found);
    }
    this.#stretch = found;
    return found;
  }

  #ask(epochMs: number): OffsetStretch {
    const zoned = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(this.timeZone);
    return {
      // "previous" is strictly before, and the change may be at this very instant.
      from: zoned.add({ milliseconds: 1 }).getTimeZoneTransition("previous")?.epochMilliseconds ?? -Infinity,
      to: zoned.getTimeZoneTransition("next")?.epochMilliseconds ?? Infinity,
      offset: zoned.offsetNanoseconds / 1e6,
    };
  }
}

export const plainDateTime = (wallMs: number): Temporal.PlainDateTime =>
  Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO("UTC").toPlainDateTime();

export const wallMs = (local: Temporal.PlainDateTime): number =>
  local.toZonedDateTime("UTC").epochMilliseconds;

/** 0 is Monday. */
export const weekdayOf = (wall: number): number => mod(Math.floor(wall / DAY_MS) + 3, 7);

/** The remainder that is never negative: turn -1 of a ring of three is seat 2. */
export const mod = (n: number, by: number): number => ((n % by) + by) % by;

/** A local time to the second. No zone and no offset: the object it belongs to says which zone. */
const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** The wall time that "2026-11-23T09:00" names; undefined if it isn't one. */
export function parseLocal(text: string): number | undefined {
  const match = LOCAL_TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match.map((part = "0") => Number(part)) as Parts;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  // Temporal takes a leap second for the one before it.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return dayNumber(year, month, day) * DAY_MS + (hour * 3600 + minute * 60 + Math.min(second, 59)) * 1000;
}

type Parts = [number, number, number, number, number, number, number];

/** Days since 1970-01-01 of the Gregorian calendar: years counted from March, so that leap days come last. */
export function dayNumber(year: number, month: number, day: number): number {
  const from = month > 2 ? year : year - 1;
  const ofYear = Math.floor((153 * mod(month - 3, 12) + 2) / 5) + day - 1;
  return (
    from * 365 + Math.floor(from / 4) - Math.floor(from / 100) + Math.floor(from / 400) + ofYear - 719_468
  );
}

/** Year, month and day of a wall time. */
export function dateOf(wall: number): { year: number; month: number; day: number } {
  const date = Math.floor(wall / DAY_MS);
  let year = 1970 + Math.floor(date / 365.2425);
  while (dayNumber(year, 1, 1) > date) year--;
  while (dayNumber(year + 1, 1, 1) <= date) year++;
  let month = 12;
  while (dayNumber(year, month, 1) > date) month--;
  return { year, month, day: date - dayNumber(year, month, 1) + 1 };
}

export function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
