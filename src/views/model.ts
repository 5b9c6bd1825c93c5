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

/**
 * Seconds in each state per local day of `zone` over [from, to), oldest first. The first and the last day are cut at
 * `from` and `to`; a day of 23 or 25 hours is that long. `transitions` are in order of time and may begin before
 * `from`; before any of them the state is unknown.
 */
export function dayBars(
  transitions: readonly Transition[],
  { from, to, zone }: { from: Temporal.Instant; to: Temporal.Instant; zone: string },
): Day[] {
  const changes = transitions.map((change) => ({ ms: change.at.epochMilliseconds, to: change.to }));
  const end = to.epochMilliseconds;
  const days: Day[] = [];
  let next = 0;
  let state: MonitorStatus = "unknown";
  let at = from.epochMilliseconds;
  let date = from.toZonedDateTimeISO(zone).toPlainDate();
  while (at < end) {
    const midnight = date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
    const until = Math.min(midnight, end);
    const spent: Record<MonitorStatus, number> = { up: 0, degraded: 0, down: 0, unknown: 0 };
    for (let change = changes[next]; change && change.ms < until; next += 1, change = changes[next]) {
      spent[state] += Math.max(0, change.ms - at);
      at = Math.max(at, change.ms);
      state = change.to;
    }
    spent[state] += until - at;
    at = until;
    days.push({ date: date.toString(), ...inSeconds(spent) });
    date = date.add({ days: 1 });
  }
  return days;
}

const inSeconds = ({ up, degraded, down, unknown }: Record<MonitorStatus, number>) => ({
  up: up / 1000,
  degraded: degraded / 1000,
  down: down / 1000,
  unknown: unknown / 1000,
});
