import type { Actor } from "../org/actor.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import "../org/table.ts";

/** A person's own zone; UTC for a token, and for a zone that this runtime doesn't know. */
export async function zoneOf(db: DbOrTx, actor: Actor): Promise<string> {
  if (actor.type !== "user" || actor.id === null) return "UTC";
  const user = await db.selectFrom("users").select("time_zone").where("id", "=", actor.id).executeTakeFirst();
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(user?.time_zone ?? "UTC").timeZoneId;
  } catch {
    return "UTC";
  }
}
