import { sql } from "kysely";
import { later } from "../../platform/clock.ts";
import type { Part } from "../../platform/parts.ts";
import type { Platform } from "../../platform/platform.ts";
import { handleAutoResolve } from "./auto-resolve.ts";
import "./table.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** What came is kept so long, or until there is more of it than this. */
const RECEIVED_KEPT_MS = 30 * DAY_MS;
const RECEIVED_MOST_BYTES = 2 * 1024 ** 3;
const CHANGES_KEPT_MS = 90 * DAY_MS;
const RESOLVES_KEPT_MS = 7 * DAY_MS;

/** What integrations do later. */
export function integrationEngine(platform: Platform): void {
  handleAutoResolve(platform);
}

/** Drops what has been kept long enough. */
export const receivedPart = (platform: Platform): Part => ({
  name: "retention of received events",
  everyMs: HOUR_MS,
  limitMs: 10 * 60_000,
  run: () => dropOld(platform),
});

export async function dropOld(
  { db, clock }: Pick<Platform, "db" | "clock">,
  mostBytes: number = RECEIVED_MOST_BYTES,
): Promise<void> {
  const now = clock.now();
  await db.deleteFrom("received_events").where("received_at", "<", later(now, -RECEIVED_KEPT_MS)).execute();
  await db.deleteFrom("change_events").where("at", "<", later(now, -CHANGES_KEPT_MS)).execute();
  await db.deleteFrom("resolved_keys").where("kept_at", "<", later(now, -RESOLVES_KEPT_MS)).execute();
  // Ids are in order of arrival: the newest that fit stay.
  await sql`
    delete from received_events where id in (
      select id from (
        select id, sum(octet_length(body) + 500) over (order by id desc) as bytes from received_events
      ) as kept where bytes > ${mostBytes})`.execute(db);
}
