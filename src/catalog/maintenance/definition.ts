import { checkTimeZone } from "../../org/time-zone.ts";
import { humanDuration, parseDuration } from "../../platform/duration.ts";
import { invalid } from "../../platform/refusal.ts";
import { type Timing, upcoming } from "./model.ts";
import { faultInRule } from "./recurrence.ts";

/** A timing as it is written. */
export interface WrittenTiming {
  time_zone: string;
  starts: string;
  ends: string | null;
  rrule: string | null;
  duration: string | null;
}

const MOST_MS = 366 * 86_400_000;
const MOST_EACH_MS = 31 * 86_400_000;

/** Reads a written timing. Refuses, at its field, what is none, and what would never happen. */
export function readTiming(written: WrittenTiming): Timing {
  const zone = checkTimeZone(written.time_zone);
  const starts = localTime("/starts", written.starts);
  return written.rrule === null
    ? once(written, { zone, starts })
    : recurring(written, { zone, starts, rule: written.rrule });
}

function localTime(pointer: string, text: string): Temporal.PlainDateTime {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: "reject" });
  } catch {
    throw invalid(pointer, `"${text}" is not a local time such as 2026-12-05T22:00.`);
  }
}

interface Begin {
  zone: string;
  starts: Temporal.PlainDateTime;
}

function once(written: WrittenTiming, { zone, starts }: Begin): Timing {
  if (written.duration !== null)
    throw invalid("/duration", "A window that happens once has `ends`; a duration goes with `rrule`.");
  if (written.ends === null)
    throw invalid("/ends", "Say when it ends, or, if it recurs, give an `rrule` and a `duration`.");
  const ends = localTime("/ends", written.ends);
  const lastsMs =
    ends.toZonedDateTime(zone).epochMilliseconds - starts.toZonedDateTime(zone).epochMilliseconds;
  if (lastsMs <= 0) throw invalid("/ends", "It must end after it starts.");
  if (lastsMs > MOST_MS) throw invalid("/ends", "A window lasts a year at the most.");
  return { zone, starts, ends };
}

function recurring(written: WrittenTiming, { zone, starts, rule }: Begin & { rule: string }): Timing {
  if (written.ends !== null)
    throw invalid("/ends", "A window that recurs has a `duration`; its last one is said by UNTIL or COUNT.");
  const durationMs = written.duration === null ? undefined : parseDuration(written.duration);
  if (durationMs === undefined || durationMs < 60_000 || durationMs > MOST_EACH_MS)
    throw invalid("/duration", "Say how long each one lasts, from 1m to 31d, e.g. 2h.");
  const fault = faultInRule(rule);
  if (fault) throw invalid("/rrule", fault);
  const timing = { zone, starts, rule, durationMs };
  const before = starts.toZonedDateTime(zone).toInstant().subtract({ hours: 1 });
  if (upcoming({ timing, endedAt: null }, before, 1).length === 0)
    throw invalid("/rrule", "By this rule it would never happen.");
  return timing;
}

const DAYS: Record<string, string> = {
  MO: "Monday",
  TU: "Tuesday",
  WE: "Wednesday",
  TH: "Thursday",
  FR: "Friday",
  SA: "Saturday",
  SU: "Sunday",
};
const UNITS: Record<string, string> = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" };
const PLACES: Record<string, string> = {
  "1": "the first ",
  "2": "the second ",
  "3": "the third ",
  "4": "the fourth ",
  "-1": "the last ",
};

/** When it happens, for reading: `Every week on Sunday at 02:30 (Europe/Paris), 1 h each`. */
export function timingInWords(timing: Timing): string {
  const { zone, starts } = timing;
  if (!("rule" in timing)) return `Once, ${wall(starts)} to ${wall(timing.ends)} (${zone})`;
  const parts = new Map(
    timing.rule
      .replace(/^RRULE:/, "")
      .split(";")
      .map((part) => part.split("=") as [string, string]),
  );
  const words = [every(parts), days(parts), `at ${hours(parts, starts)}`].filter(Boolean).join(" ");
  return `${words} (${zone}), ${humanDuration(timing.durationMs)} each${end(parts)}`;
}

const wall = (time: Temporal.PlainDateTime): string =>
  time.toString({ smallestUnit: "minute" }).replace("T", " ");

const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

type Parts = ReadonlyMap<string, string>;

function every(parts: Parts): string {
  const unit = UNITS[parts.get("FREQ") ?? ""] ?? "time";
  const interval = Number(parts.get("INTERVAL") ?? 1);
  return interval === 1 ? `Every ${unit}` : `Every ${interval} ${unit}s`;
}

function days(parts: Parts): string {
  const said: string[] = [];
  const list = (name: string) => parts.get(name)?.split(",") ?? [];
  if (parts.has("BYDAY"))
    said.push(
      `on ${spoken(list("BYDAY").map((day) => `${PLACES[day.slice(0, -2)] ?? day.slice(0, -2)}${DAYS[day.slice(-2)]}`))}`,
    );
  if (parts.has("BYMONTHDAY"))
    said.push(
      `on ${spoken(list("BYMONTHDAY").map((day) => (day === "-1" ? "the last day" : `day ${day}`)))}`,
    );
  if (parts.has("BYMONTH"))
    said.push(`in ${spoken(list("BYMONTH").map((month) => MONTHS[Number(month) - 1] ?? month))}`);
  for (const [name, word] of [
    ["BYWEEKNO", "in week"],
    ["BYYEARDAY", "on day of the year"],
    ["BYSETPOS", "of these number"],
  ] as const)
    if (parts.has(name)) said.push(`${word} ${spoken(list(name))}`);
  return said.join(" ");
}

/** `a, b and c`. */
const spoken = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

function hours(parts: Parts, starts: Temporal.PlainDateTime): string {
  const minutes = starts.toPlainTime().toString({ smallestUnit: "minute" }).slice(2);
  const given = parts.get("BYHOUR")?.split(",") ?? [String(starts.hour)];
  return given.map((hour) => hour.padStart(2, "0") + minutes).join(", ");
}

function end(parts: Parts): string {
  const [count, until] = [parts.get("COUNT"), parts.get("UNTIL")];
  if (count) return `, ${count} times`;
  return until ? `, until ${until.replace(/^(\d{4})(\d{2})(\d{2}).*$/, "$1-$2-$3")}` : "";
}
