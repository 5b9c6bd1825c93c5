import { RRuleTemporal } from "rrule-temporal";

/**
 * Recurrence rules as RFC 5545 writes them, on the wall clock. The library is asked in UTC, where no hour is skipped
 * or repeated, so that a rule gives wall times; whoever asks puts them into a time zone. Nothing else uses it.
 */
export interface Recurrence {
  /** Wall times within [from, to], in order. */
  between(from: Temporal.PlainDateTime, to: Temporal.PlainDateTime): Temporal.PlainDateTime[];
  /** The first wall time at or after `from`; undefined when there is none within ten years. */
  next(from: Temporal.PlainDateTime): Temporal.PlainDateTime | undefined;
}

const NUMBERS =
  (low: number, high: number, signed = false) =>
  (value: string) =>
    value.split(",").every((part) => {
      const shape = signed ? /^[+-]?\d{1,3}$/ : /^\d{1,3}$/;
      const size = Math.abs(Number(part));
      return shape.test(part) && size >= low && size <= high;
    });

/** What a rule may be made of, and how each part looks in words. */
const PARTS: Record<string, { fits: (value: string) => boolean; wanted: string }> = {
  FREQ: {
    fits: (value) => /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(value),
    wanted: "DAILY, WEEKLY, MONTHLY or YEARLY; for several windows a day add BYHOUR",
  },
  INTERVAL: { fits: NUMBERS(1, 999), wanted: "a number from 1 to 999" },
  COUNT: { fits: (value) => /^[1-9]\d{0,3}$/.test(value), wanted: "a number from 1 to 9999" },
  UNTIL: {
    fits: (value) => /^\d{8}(T\d{6}Z?)?$/.test(value),
    wanted: "a date such as 20271231, or a time such as 20271231T220000Z",
  },
  BYDAY: {
    fits: (value) => value.split(",").every((day) => /^([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)$/.test(day)),
    wanted: "days such as MO,WE or, in a month, 2TU (the second Tuesday) or -1SU (the last Sunday)",
  },
  BYMONTHDAY: { fits: NUMBERS(1, 31, true), wanted: "days such as 1,15, or -1 for the last" },
  BYMONTH: { fits: NUMBERS(1, 12), wanted: "months such as 3,6,9,12" },
  BYWEEKNO: { fits: NUMBERS(1, 53, true), wanted: "weeks from 1 to 53" },
  BYYEARDAY: { fits: NUMBERS(1, 366, true), wanted: "days from 1 to 366" },
  BYSETPOS: { fits: NUMBERS(1, 366, true), wanted: "places such as 1 or -1" },
  BYHOUR: { fits: NUMBERS(0, 23), wanted: "hours from 0 to 23" },
  WKST: { fits: (value) => /^(MO|SU)$/.test(value), wanted: "MO or SU" },
};

/** What is wrong with the rule and how to mend it; undefined when it can be read. */
export function faultInRule(text: string): string | undefined {
  const parts = text.replace(/^RRULE:/, "").split(";");
  const seen = new Set<string>();
  for (const part of parts) {
    const [name = "", value = "", ...more] = part.split("=");
    const known = PARTS[name];
    if (!known || more.length > 0)
      return `"${part}" is no part of a rule that is known here. Known: ${Object.keys(PARTS).join(", ")}.`;
    if (seen.has(name)) return `${name} stands in the rule twice.`;
    seen.add(name);
    if (!known.fits(value)) return `${name} is ${known.wanted}, not "${value}".`;
  }
  if (!seen.has("FREQ")) return "A rule needs FREQ, e.g. FREQ=WEEKLY;BYDAY=SU.";
  if (seen.has("COUNT") && seen.has("UNTIL")) return "A rule ends by COUNT or by UNTIL, not by both.";
  try {
    build(text, { starts: Temporal.PlainDateTime.from("2026-01-01T00:00"), zone: "UTC" });
  } catch (error) {
    return `The rule cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
  return undefined;
}

/** @param text a rule in which `faultInRule` finds nothing. `starts` is DTSTART on the wall clock of `zone`. */
export function recurrence(text: string, when: { starts: Temporal.PlainDateTime; zone: string }): Recurrence {
  const rule = build(text, when);
  const between: Recurrence["between"] = (from, to) =>
    rule.between(utc(from), utc(to), true).map((each) => each.toPlainDateTime());
  return {
    between,
    next(from) {
      const first = Temporal.PlainDateTime.compare(from, when.starts) < 0 ? when.starts : from;
      // Not the library's own `next`: for a rule that never comes true again it would search the ages, and throw.
      for (const [months, upTo] of SEARCH) {
        const found = between(first.add({ months }), first.add({ months: upTo }));
        if (found[0]) return found[0];
      }
      return undefined;
    },
  };
}

/** Looked for nearby before it is looked for far away. In months. */
const SEARCH = [
  [0, 1],
  [1, 13],
  [13, 121],
] as const;

const utc = (wall: Temporal.PlainDateTime): Temporal.ZonedDateTime => wall.toZonedDateTime("UTC");

const build = (text: string, { starts, zone }: { starts: Temporal.PlainDateTime; zone: string }) =>
  new RRuleTemporal({
    rruleString: `RRULE:${untilOnTheWall(text.replace(/^RRULE:/, ""), zone)}`,
    dtstart: utc(starts),
    temporal: Temporal,
  });

/** UNTIL as the library is to read it: on the wall clock, written as UTC. A date means its whole day. */
function untilOnTheWall(text: string, zone: string): string {
  return text.replace(/(?<=^|;)UNTIL=([^;]+)/, (_whole, value: string) => {
    if (!value.includes("T")) return `UNTIL=${value}T235959Z`;
    if (!value.endsWith("Z")) return `UNTIL=${value}Z`;
    const wall = Temporal.Instant.from(value).toZonedDateTimeISO(zone).toPlainDateTime();
    const compact = wall.toString({ smallestUnit: "second" }).replaceAll(/[-:]/g, "");
    return `UNTIL=${compact}Z`;
  });
}
