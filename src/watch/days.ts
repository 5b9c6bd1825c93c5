import type { z } from "zod";
import type { Occurrence } from "../catalog/maintenance/model.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { invalid } from "../platform/refusal.ts";
import { countedTransitionsOf } from "./history.ts";
import { plannedTimesOfMonitors } from "./planned.ts";
import type { day } from "./schema.ts";
import { timeIn } from "./uptime.ts";

/**
 * Seconds in each state per local day of `zone`, oldest first; today up to now. A day of 23 or 25 hours is that long.
 * Planned work that is left out of uptime is told apart.
 */
export async function readDays(
  db: DbOrTx,
  monitorId: string,
  { now, count, zone }: { now: Temporal.Instant; count: number; zone: string },
): Promise<z.infer<typeof day>[]> {
  const today = startOfToday(now, zone);
  const first = today.subtract({ days: count - 1 });
  const span = { from: first.toInstant(), to: now };
  const transitions = (await countedTransitionsOf(db, [monitorId], span)).get(monitorId) ?? [];
  const planned = (await plannedTimesOfMonitors(db, [monitorId], span)).get(monitorId) ?? [];
  return Array.from({ length: count }, (_, index) => {
    const start = first.add({ days: index });
    const end = start.add({ days: 1 }).startOfDay().toInstant();
    const until = Temporal.Instant.compare(end, now) > 0 ? now : end;
    const begin = start.startOfDay().toInstant();
    const spent = timeIn(transitions, begin, until);
    const plannedMs = overlapMs(planned, begin, until);
    return {
      date: start.toPlainDate().toString(),
      up: spent.up / 1000,
      degraded: spent.degraded / 1000,
      down: spent.down / 1000,
      unknown: (spent.unknown - plannedMs) / 1000,
      ...(plannedMs > 0 ? { maintenance: plannedMs / 1000 } : {}),
    };
  });
}

const overlapMs = (planned: readonly Occurrence[], from: Temporal.Instant, to: Temporal.Instant): number =>
  planned.reduce((sum, each) => {
    const begin = Math.max(each.from.epochMilliseconds, from.epochMilliseconds);
    const end = Math.min(each.to.epochMilliseconds, to.epochMilliseconds);
    return sum + Math.max(0, end - begin);
  }, 0);

function startOfToday(now: Temporal.Instant, zone: string): Temporal.ZonedDateTime {
  try {
    return now.toZonedDateTimeISO(zone).startOfDay();
  } catch {
    throw invalid("/time_zone", `"${zone}" is not a time zone, such as Europe/Paris or UTC.`);
  }
}
