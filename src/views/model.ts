import type { z } from "zod";
import type { day, MonitorStatus } from "../watch/schema.ts";
import type { Transition } from "../watch/uptime.ts";

export type Day = z.infer<typeof day>;

/** What is known counts before what isn't; of what is known, the worst. */
const WORST_FIRST: readonly MonitorStatus[] = ["down", "degraded", "up", "unknown"];

/**
 * The history of a whole made of several parts: at each moment the worst of them. A part that is unknown says
 * nothing, so the whole is unknown only while all parts are. Each list is in order of time.
 */
export function worstOf(histories: readonly (readonly Transition[])[]): Transition[] {
  const [only, ...others] = histories;
  if (only && others.length === 0) return [...only];
  const changes = histories
    .flatMap((history, part) => history.map(({ at, to }) => ({ ms: at.epochMilliseconds, at, to, part })))
    .sort((a, b) => a.ms - b.ms);
  const states = new Map<number, MonitorStatus>();
  const counts: Record<MonitorStatus, number> = { up: 0, degraded: 0, down: 0, unknown: histories.length };
  const whole: Transition[] = [];
  let last: MonitorStatus = "unknown";
  for (const { at, to, part } of changes) {
    counts[states.get(part) ?? "unknown"] -= 1;
    counts[to] += 1;
    states.set(part, to);
    const worst = WORST_FIRST.find((status) => counts[status] > 0) ?? "unknown";
    if (worst === last) continue;
    // Changes at one instant are one change.
    if (whole.at(-1)?.at.epochMilliseconds === at.epochMilliseconds) whole.pop();
    whole.push({ at, to: worst });
    last = worst;
  }
  return whole;
}

/** A local day, [start, end) in epoch milliseconds. */
export interface LocalDay {
  date: string;
  start: number;
  end: number;
}

/**
 * The local days of `zone` that [from, to) touches, oldest first. The first and the last are cut at `from` and `to`;
 * a day of 23 or 25 hours is that long.
 */
export function localDays(span: { from: Temporal.Instant; to: Temporal.Instant; zone: string }): LocalDay[] {
  const end = span.to.epochMilliseconds;
  const days: LocalDay[] = [];
  let start = span.from.epochMilliseconds;
  let date = span.from.toZonedDateTimeISO(span.zone).toPlainDate();
  while (start < end) {
    const tomorrow = date.add({ days: 1 });
    const midnight = Math.min(end, tomorrow.toZonedDateTime(span.zone).epochMilliseconds);
    days.push({ date: date.toString(), start, end: midnight });
    start = midnight;
    date = tomorrow;
  }
  return days;
}

/**
 * Seconds in each state on each of the days, which follow one another. `transitions` are in order of time and may
 * begin before the first day; before any of them the state is unknown.
 */
export function dayBars(transitions: readonly Transition[], days: readonly LocalDay[]): Day[] {
  const changes = transitions.map((change) => ({ ms: change.at.epochMilliseconds, to: change.to }));
  let next = 0;
  let state: MonitorStatus = "unknown";
  return days.map(({ date, start, end }) => {
    const spent: Record<MonitorStatus, number> = { up: 0, degraded: 0, down: 0, unknown: 0 };
    let at = start;
    for (let change = changes[next]; change && change.ms < end; next += 1, change = changes[next]) {
      spent[state] += Math.max(0, change.ms - at);
      at = Math.max(at, change.ms);
      state = change.to;
    }
    spent[state] += end - at;
    return { date, ...inSeconds(spent) };
  });
}

const inSeconds = ({ up, degraded, down, unknown }: Record<MonitorStatus, number>) => ({
  up: up / 1000,
  degraded: degraded / 1000,
  down: down / 1000,
  unknown: unknown / 1000,
});
