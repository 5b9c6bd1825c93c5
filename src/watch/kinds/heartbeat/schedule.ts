import { Cron } from "croner";
import { parseDuration } from "../../../platform/duration.ts";
import { nextOfCalendar, parseCalendar } from "./calendar.ts";
import type { HeartbeatConfig } from "./config.ts";

/** When pings are expected. Pure: epoch milliseconds in and out. */
export interface Schedule {
  /** The first instant after `afterMs` at which a ping is expected; null when none comes any more. */
  next(afterMs: number): number | null;
  /** True when runs fall on fixed times, whenever the last ping came. */
  fixed: boolean;
}

/** The schedule of a valid configuration. */
export function scheduleOf(
  config: Pick<HeartbeatConfig, "period" | "cron" | "on_calendar" | "time_zone">,
): Schedule {
  const zone = config.time_zone ?? "UTC";
  if (config.cron !== undefined) return { next: cronNext(config.cron, zone), fixed: true };
  if (config.on_calendar !== undefined) {
    const calendar = parseCalendar(config.on_calendar);
    return { next: (afterMs) => nextOfCalendar(calendar, afterMs, zone), fixed: true };
  }
  const periodMs = parseDuration(config.period ?? "") ?? Number.NaN;
  return { next: (afterMs) => afterMs + periodMs, fixed: false };
}

/** Throws, in croner's words, for what is no expression of five fields. */
export function cronNext(expression: string, timeZone: string): Schedule["next"] {
  const cron = new Cron(expression, { timezone: timeZone, mode: "5-part", paused: true });
  return (afterMs) =>
    cron.nextRun(Temporal.Instant.fromEpochMilliseconds(afterMs).toString())?.getTime() ?? null;
}

/** The next runs after `afterMs`, at most `count`. */
export function nextRuns(schedule: Schedule, afterMs: number, count: number): number[] {
  const runs: number[] = [];
  let after: number | null = afterMs;
  while (runs.length < count) {
    after = schedule.next(after);
    if (after === null) break;
    runs.push(after);
  }
  return runs;
}
