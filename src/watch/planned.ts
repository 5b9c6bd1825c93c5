import type { Occurrence } from "../catalog/maintenance/model.ts";
import { plannedTimes, plannedTimesOf } from "../catalog/maintenance/store.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import "./table.ts";

/** When each monitor was in planned work that is left out of uptime, within [from, to); absent means never. */
export async function plannedTimesOfMonitors(
  db: DbOrTx,
  monitorIds: readonly string[],
  span: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<Map<string, Occurrence[]>> {
  const times = await plannedTimes(db, span);
  if (times.length === 0 || monitorIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select(["monitors.id", "monitors.slug as monitor", "monitors.labels", "services.slug as service"])
    .where("monitors.id", "in", monitorIds)
    .execute();
  return new Map(rows.map((row) => [row.id, plannedTimesOf(times, row)]));
}
