import type { DbOrTx } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoredSchedule } from "./stored.ts";

/** Tells open browsers that what they show of a schedule may be otherwise now. */
export const publishSchedule = (
  { live }: Platform,
  db: DbOrTx,
  { id, team }: StoredSchedule,
): Promise<void> => live.publish(db, { type: "oncall", id, team: team?.id ?? null });
