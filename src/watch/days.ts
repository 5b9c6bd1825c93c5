import type { z } from "zod";
import type { DbOrTx } from "../platform/database/database.ts";
import { invalid } from "../platform/refusal.ts";
import { transitionsOf } from "./history.ts";
import type { day } from "./schema.ts";
import { timeIn } from "./uptime.ts";

/** Seconds in each state per local day of `zone`, oldest first; today up to now. A day of 23 or 25 hours is that long. */
export async function readDays(
  db: DbOrTx,
  monitorId: string,
  { now, count, zone }: { now: Temporal.Instant; count: number; zone: string },
): Promise<z.infer<typeof day>[]> {
  const today = startOfToday(now, zone);
  const first = today.subtract({ days: count - 1 });
  const transitions = (await transitionsOf(db, [monitorId], first.toInstant())).get(monitorId) ?? [];
  return Array.from({ length: count }, (_, index) => {
    const start = first.add({ days: index });
    const end = start.add({ days: 1 }).startOfDay().toInstant();
    const until = Temporal.Instant.compare(end, now) > 0 ? now : end;
    const spent = timeIn(transitions, start.startOfDay().toInstant(), until);
    return {
      date: start.toPlainDate().toString(),
      up: spent.up / 1000,
      degraded: spent.degraded / 1000,
      down: spent.down / 1000,
      unknown: spent.unknown / 1000,
    };
  });
}

function startOfToday(now: Temporal.Instant, zone: string): Temporal.ZonedDateTime {
  try {
    return now.toZonedDateTimeISO(zone).startOfDay();
  } catch {
    throw invalid("/time_zone", `"${zone}" is not a time zone, such as Europe/Paris or UTC.`);
  }
}
