import { z } from "zod";
import { formatDuration, humanDuration, parseDuration } from "../../../platform/duration.ts";
import { duration } from "../base/fields.ts";
import type { FormField } from "../kind.ts";
import { CalendarError, nextOfCalendar, parseCalendar } from "./calendar.ts";
import { cronNext } from "./schedule.ts";

const DAY_MS = 86_400_000;
/** Longer than a year, so that yearly jobs can be late. */
const LONGEST_MS = 400 * DAY_MS;
/** Some instant from which every expression must still have a run: 2026-01-01. */
const PROBE_FROM_MS = 1_767_225_600_000;
const DEFAULT_GRACE_MS = 5 * 60_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const span = duration.refine((text) => {
  const ms = parseDuration(text) ?? 0;
  return ms >= 1000 && ms <= LONGEST_MS;
}, "1s is the shortest and 400d the longest");

const timeZone = z.string().superRefine((name, issue) => {
  if (isZone(name)) return;
  issue.addIssue({
    code: "custom",
    message: `"${name}" is not a time zone; write an IANA name, e.g. Europe/Paris`,
  });
});

function isZone(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

const NEVER = "no date fits this expression: it would never run";

const cron = z.string().superRefine((text, issue) => {
  const wrong = (message: string) => issue.addIssue({ code: "custom", message });
  if (text.trim().split(/\s+/).length !== 5)
    return wrong('write five fields: minute hour day month weekday, e.g. "0 3 * * *"');
  try {
    if (cronNext(text, "UTC")(PROBE_FROM_MS) === null) wrong(NEVER);
  } catch (error) {
    wrong(String(error instanceof Error ? error.message : error).replace(/^CronPattern: /, ""));
  }
});

const onCalendar = z.string().superRefine((text, issue) => {
  const wrong = (message: string) => issue.addIssue({ code: "custom", message });
  try {
    if (nextOfCalendar(parseCalendar(text), PROBE_FROM_MS, "UTC") === null) wrong(NEVER);
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    wrong(error.message);
  }
});

/** What the API is sent in place of a secret that it keeps. */
const KEPT = "!secret unchanged";

/** The configuration of a monitor that expects to be pinged. */
export const heartbeatConfig = z
  .strictObject({
    period: span.optional(),
    cron: cron.optional(),
    on_calendar: onCalendar.optional(),
    time_zone: timeZone.optional(),
    grace: span.optional(),
    max_runtime: span.optional(),
    uuid: z
      .string()
      .refine(
        (text) => UUID.test(text) || text === KEPT,
        "write the UUID of its ping URL, 36 characters with dashes",
      )
      .optional(),
    token: z
      .string()
      .refine(
        (text) => /^[\w-]{16,64}$/.test(text) || text === KEPT,
        "write the token of its push URL: 16 to 64 letters and digits",
      )
      .optional(),
  })
  .superRefine((config, issue) => {
    const schedules = [config.period, config.cron, config.on_calendar].filter((each) => each !== undefined);
    const wrong = (path: string, message: string) =>
      issue.addIssue({ code: "custom", path: [path], message });
    if (schedules.length === 0)
      wrong("period", 'say when pings are expected: period: "1h", cron: "0 3 * * *" or on_calendar: "daily"');
    if (schedules.length > 1) wrong("period", "give one of period, cron and on_calendar, not several");
    if (config.time_zone !== undefined && config.period !== undefined)
      wrong("time_zone", "a period has no time zone; remove it, or give cron or on_calendar");
    if (config.time_zone !== undefined && hasOwnZone(config.on_calendar))
      wrong("time_zone", "the expression has a time zone of its own; give one of the two");
  });

export type HeartbeatConfig = z.infer<typeof heartbeatConfig>;

function hasOwnZone(expression: string | undefined): boolean {
  try {
    return expression !== undefined && parseCalendar(expression).timeZone !== null;
  } catch {
    return false;
  }
}

/** How long a ping may be late: as written, or 5 minutes, or the period where that is shorter. */
export const graceMsOf = ({ grace, period }: HeartbeatConfig): number =>
  parseDuration(grace ?? "") ?? Math.min(DEFAULT_GRACE_MS, parseDuration(period ?? "") ?? DEFAULT_GRACE_MS);

/** How long a run may take; null when nothing but the grace limits it. */
export const maxRuntimeMsOf = ({ max_runtime }: HeartbeatConfig): number | null =>
  parseDuration(max_runtime ?? "") ?? null;

export const heartbeatSecrets = ({ uuid, token }: HeartbeatConfig): string[] => [
  ...(uuid === undefined ? [] : ["/uuid"]),
  ...(token === undefined ? [] : ["/token"]),
];

export function describeHeartbeat(config: HeartbeatConfig): string {
  const zone =
    config.time_zone ?? (config.on_calendar && parseCalendar(config.on_calendar).timeZone) ?? "UTC";
  const when = config.cron
    ? `as cron has it: ${config.cron} (${zone})`
    : config.on_calendar
      ? `on calendar ${config.on_calendar}${hasOwnZone(config.on_calendar) ? "" : ` (${zone})`}`
      : `every ${formatDuration(parseDuration(config.period ?? "") ?? 0)}`;
  const maxMs = maxRuntimeMsOf(config);
  const runs = maxMs === null ? "" : `, and a run to take ${humanDuration(maxMs)} at the most`;
  return `Expects a ping ${when}, ${humanDuration(graceMsOf(config))} late at the most${runs}.`;
}

export const heartbeatForm: readonly FormField[] = [
  {
    name: "period",
    label: "Period",
    type: "duration",
    group: "Schedule",
    placeholder: "1h",
    help: "How long from one ping to the next. Give this, or one of the two expressions below.",
  },
  {
    name: "cron",
    label: "Cron expression",
    type: "text",
    group: "Schedule",
    placeholder: "0 3 * * *",
    help: "As in the crontab: minute, hour, day, month, weekday.",
  },
  {
    name: "on_calendar",
    label: "OnCalendar expression",
    type: "text",
    group: "Schedule",
    placeholder: "Mon..Fri *-*-* 09:00",
    help: "As in the systemd timer.",
  },
  {
    name: "time_zone",
    label: "Time zone",
    type: "text",
    group: "Schedule",
    default: "UTC",
    placeholder: "Europe/Paris",
    help: "Of the machine that runs the job. For cron and OnCalendar.",
  },
  {
    name: "grace",
    label: "Grace",
    type: "duration",
    group: "Patience",
    default: "5m",
    help: "How late a ping may be before it counts as missed. A run that was started must end in this time too.",
  },
  {
    name: "max_runtime",
    label: "Longest run",
    type: "duration",
    group: "Patience",
    placeholder: "2h",
    help: "For jobs that ping when they start: how long a run may take, when that is more than the grace.",
  },
  {
    name: "uuid",
    label: "UUID of its ping URL",
    type: "secret",
    group: "Moving in",
    help: "From healthchecks.io, so that jobs change only the host. Made by Keepwatch when left empty.",
  },
  {
    name: "token",
    label: "Token of its push URL",
    type: "secret",
    group: "Moving in",
    help: "From Uptime Kuma, so that pushes change only the host. Made by Keepwatch when left empty.",
  },
];
