const DAY_MS = 86_400_000;

/** No two offsets of one zone, ever, are further apart than the 24 h of a date-line move plus change. */
const MARGIN_MS = 2 * DAY_MS;

/** The time in which a zone keeps one offset from UTC. */
interface OffsetStretch {
  from: number;
  to: number;
  offset: number;
}

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
    const known = this.#stretch;
    if (epochMs >= known.from && epochMs < known.to) return known;
    const zoned = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(this.timeZone);
    this.#stretch = {
      // "previous" is strictly before, and the change may be at this very instant.
      from: zoned.add({ milliseconds: 1 }).getTimeZoneTransition("previous")?.epochMilliseconds ?? -Infinity,
      to: zoned.getTimeZoneTransition("next")?.epochMilliseconds ?? Infinity,
      offset: zoned.offsetNanoseconds / 1e6,
    };
    return this.#stretch;
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
const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

/** The wall time that "2026-11-23T09:00" names; undefined if it isn't one. */
export function parseLocal(text: string): number | undefined {
  if (!LOCAL_TIME.test(text)) return undefined;
  try {
    return wallMs(Temporal.PlainDateTime.from(text, { overflow: "reject" }));
  } catch {
    return undefined;
  }
}
