import type { Stretch } from "../schedule/stretches.ts";

/** What a person's own clock says of a range: each list in order, without overlaps. */
export interface Windows {
  /** 22:00 to 07:00. */
  nights: Stretch[];
  /** Saturday and Sunday. */
  weekends: Stretch[];
}

export const NIGHT = { from: "22:00", to: "07:00" } as const;
const SATURDAY = 6;

const startOf = (date: Temporal.PlainDate, zone: string): number =>
  date.toZonedDateTime(zone).epochMilliseconds;

const at = (date: Temporal.PlainDate, time: string, zone: string): number =>
  date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;

function* days(range: Stretch, zone: string): Generator<Temporal.PlainDate> {
  const dateOf = (epochMs: number) =>
    Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toPlainDate();
  const last = dateOf(range.to);
  // A night, or a weekend, of the day before reaches into the first one.
  let date = dateOf(range.from).subtract({ days: 1 });
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) yield date;
}

/**
 * The nights and weekends of `zone` that touch the range, whole: a night on which the clocks change is an hour longer
 * or shorter.
 */
export function windowsOf(range: Stretch, zone: string): Windows {
  const nights: Stretch[] = [];
  const weekends: Stretch[] = [];
  for (const date of days(range, zone)) {
    nights.push({ from: at(date, NIGHT.from, zone), to: at(date.add({ days: 1 }), NIGHT.to, zone) });
    if (date.dayOfWeek === SATURDAY)
      weekends.push({ from: startOf(date, zone), to: startOf(date.add({ days: 2 }), zone) });
  }
  return { nights, weekends };
}

/** The given dates ("2026-12-25") as whole days of `zone`. */
export const daysOf = (dates: readonly string[], zone: string): Stretch[] =>
  [...new Set(dates)].sort().map((text) => {
    const date = Temporal.PlainDate.from(text);
    return { from: startOf(date, zone), to: startOf(date.add({ days: 1 }), zone) };
  });
