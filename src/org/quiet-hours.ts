import type { DbOrTx } from "../platform/database/database.ts";
import type { QuietHours } from "../platform/hours/schema.ts";
import { coversEverything, endsAt, refuseHalfHours } from "../platform/hours/week.ts";
import { invalid } from "../platform/refusal.ts";
import "./table.ts";

/** When somebody is left alone at low urgency, on their own clock. */
export interface PersonsQuietHours {
  hours: QuietHours;
  timeZone: string;
}

/** Refuses half a stretch of hours, and hours that leave no time. */
export function checkQuietHours(hours: QuietHours): QuietHours {
  refuseHalfHours(hours, "/quiet_hours");
  if (coversEverything(hours))
    throw invalid("/quiet_hours", "Quiet hours must leave some time. Leave some hours of the week out.");
  return hours;
}

/** By person; absent for those who have none. */
export async function quietHoursOf(
  db: DbOrTx,
  userIds: readonly string[],
): Promise<Map<string, PersonsQuietHours>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("users")
    .select(["id", "time_zone", "quiet_hours"])
    .where("id", "in", userIds)
    .where("quiet_hours", "is not", null)
    .execute();
  return new Map(
    rows.flatMap(({ id, time_zone: timeZone, quiet_hours: hours }) =>
      hours ? [[id, { hours, timeZone }] as const] : [],
    ),
  );
}

/** Until when a page of low urgency waits; null when it may go. High urgency never waits. */
export const quietUntil = (
  quiet: PersonsQuietHours | null | undefined,
  at: Temporal.Instant,
): Temporal.Instant | null => (quiet ? endsAt(quiet, at) : null);
