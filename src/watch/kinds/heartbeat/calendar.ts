/**
 * Calendar expressions as systemd's timers have them (systemd.time(7), “Calendar Events”):
 * `Mon..Fri *-*-* 09:00:00 Europe/Paris`, `*-*~01 03:00`, `*:0/15`, `weekly`.
 */

/** One term of a component: a value, a range or all, and of it every `step`th, counted from `origin`. */
interface Term {
  from: number;
  to: number;
  origin: number;
  step: number;
}

/** Null where everything matches. */
type Values = readonly Term[] | null;

export interface Calendar {
  /** 1 is Monday. */
  weekdays: ReadonlySet<number> | null;
  years: Values;
  months: Values;
  days: Values;
  /** Days count back from the month's last, which is 1. */
  fromEnd: boolean;
  hours: readonly number[];
  minutes: readonly number[];
  seconds: readonly number[];
  /** The expression's own zone, which it may end in. */
  timeZone: string | null;
}

/** An expression that cannot be read; the message says where and how it should look. */
export class CalendarError extends Error {
  override readonly name = "CalendarError" as const;
}

const SHORTHANDS: Readonly<Record<string, string>> = {
  minutely: "*-*-* *:*:00",
  hourly: "*-*-* *:00:00",
  daily: "*-*-* 00:00:00",
  weekly: "Mon *-*-* 00:00:00",
  monthly: "*-*-01 00:00:00",
  quarterly: "*-01,04,07,10-01 00:00:00",
  semiannually: "*-01,07-01 00:00:00",
  "semi-annually": "*-01,07-01 00:00:00",
  yearly: "*-01-01 00:00:00",
  annually: "*-01-01 00:00:00",
};

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const LAST_YEAR = 2199;

/** Reads an expression; throws a `CalendarError` in words. */
export function parseCalendar(text: string): Calendar {
  const words = text.trim().split(/\s+/);
  const zone = words.length > 1 ? zoneOf(words.at(-1) ?? "") : null;
  if (zone !== null) words.pop();
  const shorthand = words.length === 1 ? SHORTHANDS[(words[0] ?? "").toLowerCase()] : undefined;
  const parts = shorthand === undefined ? words : shorthand.split(" ");
  if (parts[0] === "") throw new CalendarError("write when it runs, e.g. Mon..Fri *-*-* 09:00");
  const weekdays = /^[a-z]/i.test(parts[0] ?? "") ? weekdaysOf(parts.shift() ?? "") : null;
  const date = parts[0] !== undefined && !parts[0].includes(":") ? parts.shift() : undefined;
  const time = parts.shift();
  if (parts.length > 0)
    throw new CalendarError(`“${parts[0]}” is too much: weekdays, date, time and zone, in this order`);
  return { weekdays, ...dateOf(date), ...timeOf(time), timeZone: zone };
}

/** A last word such as `UTC` or `Europe/Paris`; weekdays and shorthands are no zones. */
function zoneOf(word: string): string | null {
  if (!/^[a-z]/i.test(word)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(word).timeZoneId;
  } catch {
    throw new CalendarError(`“${word}” is not a time zone; write an IANA name, e.g. Europe/Paris`);
  }
}

function weekdaysOf(word: string): ReadonlySet<number> {
  const number = (name: string): number => {
    const short = name.toLowerCase();
    const index = WEEKDAYS.findIndex((day) => day === short || day.slice(0, 3) === short);
    if (index >= 0) return index + 1;
    throw new CalendarError(`“${name}” is no weekday; write Mon, Tue, Wed, Thu, Fri, Sat or Sun`);
  };
  const days = word.replace(/,$/, "").split(",");
  return new Set(
    days.flatMap((each) => {
      const [first, last, more] = each.split("..");
      const from = number(first ?? "");
      const to = last === undefined ? from : number(last);
      if (more !== undefined || to < from)
        throw new CalendarError(`“${each}” runs backwards; write the days one by one, e.g. Sat,Sun,Mon`);
      return Array.from({ length: to - from + 1 }, (_, n) => from + n);
    }),
  );
}

function dateOf(word: string | undefined): Pick<Calendar, "years" | "months" | "days" | "fromEnd"> {
  if (word === undefined) return { years: null, months: null, days: null, fromEnd: false };
  const match = /^(?:([^-~]+)-)?([^-~]+)([-~])([^-~]+)$/.exec(word);
  if (!match)
    throw new CalendarError(
      `“${word}” is no date; write year-month-day, e.g. *-*-01, or ~ for the month's end`,
    );
  const [, year = "*", month = "*", dash, day = "*"] = match;
  return {
    years: valuesOf(year, { what: "year", min: 1970, max: LAST_YEAR }),
    months: valuesOf(month, { what: "month", min: 1, max: 12 }),
    days: dash === "~" ? daysFromEnd(day) : valuesOf(day, DAYS),
    fromEnd: dash === "~",
  };
}

const DAYS = { what: "day", min: 1, max: 31 } as const;

/** Days before the month's end are counted down: steps begin at the earliest of them and go on to the last day. */
function daysFromEnd(text: string): Values {
  if (text === "*") return null;
  return text.split(",").map((each) => {
    const { from, to, step } = termOf(each, DAYS);
    const goesOn = /^\d+\//.test(each);
    return goesOn ? { from: 1, to: from, origin: from, step } : { from, to, origin: to, step };
  });
}

function timeOf(word: string | undefined): Pick<Calendar, "hours" | "minutes" | "seconds"> {
  const parts = (word ?? "00:00:00").split(":");
  if (parts.length < 2 || parts.length > 3)
    throw new CalendarError(`“${word}” is no time; write hours:minutes, e.g. 03:00 or *:0/15`);
  const all = (text: string, what: string, max: number): number[] => {
    const values = valuesOf(text, { what, min: 0, max });
    return Array.from({ length: max + 1 }, (_, n) => n).filter((n) => matches(values, n));
  };
  const [hours = "*", minutes = "*", seconds = "00"] = parts;
  return {
    hours: all(hours, "hour", 23),
    minutes: all(minutes, "minute", 59),
    seconds: all(seconds, "second", 59),
  };
}

interface Bounds {
  what: string;
  min: number;
  max: number;
}

function valuesOf(text: string, bounds: Bounds): Values {
  if (text === "*") return null;
  return text.split(",").map((each) => termOf(each, bounds));
}

function termOf(text: string, { what, min, max }: Bounds): Term {
  const match = /^(?:\*|(\d{1,4})(?:\.\.(\d{1,4}))?)(?:\/(\d{1,4}))?$/.exec(text);
  if (!match)
    throw new CalendarError(
      `“${text}” is no ${what}; write a number, a range a..b, *, several with commas, or a step with /`,
    );
  const [, first, last, every] = match;
  const from = first === undefined ? min : Number(first);
  const step = every === undefined ? 1 : Number(every);
  const open = first === undefined || (last === undefined && every !== undefined);
  const to = open ? max : Number(last ?? first);
  if (from < min || from > max || to > max)
    throw new CalendarError(`a ${what} is ${min} to ${max}, not ${from < min || from > max ? from : to}`);
  if (to < from) throw new CalendarError(`“${text}” runs backwards; write the smaller ${what} first`);
  if (step < 1) throw new CalendarError(`the step in “${text}” must be 1 or more`);
  return { from, to, origin: from, step };
}

const matches = (values: Values, n: number): boolean =>
  values === null ||
  values.some(({ from, to, origin, step }) => n >= from && n <= to && (n - origin) % step === 0);

/**
 * The first run after `afterMs` (epoch ms) by the wall clock of `timeZone` or the expression's own; null when none
 * comes before 2200. As systemd has it, a time that DST skips is no run, and one that it repeats is its first.
 */
export function nextOfCalendar(calendar: Calendar, afterMs: number, timeZone: string): number | null {
  const zone = calendar.timeZone ?? timeZone;
  const local = Temporal.Instant.fromEpochMilliseconds(afterMs).toZonedDateTimeISO(zone).toPlainDateTime();
  let date = local.toPlainDate();
  const today = date;
  while (date.year <= LAST_YEAR) {
    if (!matches(calendar.years, date.year)) date = date.add({ years: 1 }).with({ month: 1, day: 1 });
    else if (!matches(calendar.months, date.month)) date = date.add({ months: 1 }).with({ day: 1 });
    else {
      const run = isDay(calendar, date)
        ? firstOfDay(calendar, {
            date,
            zone,
            afterMs,
            from: date.equals(today) ? local.toPlainTime() : undefined,
          })
        : null;
      if (run !== null) return run;
      date = date.add({ days: 1 });
    }
  }
  return null;
}

const isDay = ({ weekdays, days, fromEnd }: Calendar, date: Temporal.PlainDate): boolean =>
  (weekdays === null || weekdays.has(date.dayOfWeek)) &&
  matches(days, fromEnd ? date.daysInMonth - date.day + 1 : date.day);

interface Day {
  date: Temporal.PlainDate;
  zone: string;
  afterMs: number;
  /** Earlier times of the day are past. */
  from: Temporal.PlainTime | undefined;
}

function firstOfDay(calendar: Calendar, { date, zone, afterMs, from }: Day): number | null {
  for (const hour of calendar.hours) {
    if (from && hour < from.hour) continue;
    for (const minute of calendar.minutes) {
      if (from && hour === from.hour && minute < from.minute) continue;
      for (const second of calendar.seconds) {
        const wanted = new Temporal.PlainTime(hour, minute, second);
        const zoned = date.toZonedDateTime({ timeZone: zone, plainTime: wanted });
        if (zoned.epochMilliseconds > afterMs && zoned.toPlainTime().equals(wanted))
          return zoned.epochMilliseconds;
      }
    }
  }
  return null;
}
