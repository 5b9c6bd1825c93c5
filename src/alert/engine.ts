import type { Selectable } from "kysely";
import { joinIncident, openIncident, type ToldAlert } from "../incident/incidents.ts";
import { type By, by, SYSTEM } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Platform } from "../platform/platform.ts";
import { handleIntake } from "./intake.ts";
import { groupingKey } from "./model.ts";
import type { AlertTable } from "./table.ts";

/** What alert/ does later: applying what came in, and looking again at what was called fixed. */
export function alertEngine(platform: Platform): void {
  handleIntake(platform);
  platform.due.handle("still_failing", async (job) => {
    const { incidentId } = job.payload as { incidentId: string };
    await inTransaction(platform.db, (tx) => stillFailing(tx, by(platform, SYSTEM), incidentId));
    return undefined;
  });
}

/**
 * Five minutes after "really fixed": what of that incident still fires opens a new, linked incident, or joins the one
 * that something else has opened meanwhile.
 */
async function stillFailing(tx: Tx, by: By, incidentId: string): Promise<void> {
  const firing = await tx
    .selectFrom("alerts")
    .selectAll()
    .where("incident_id", "=", incidentId)
    .where("status", "=", "firing")
    .orderBy("first_at")
    .forUpdate()
    .execute();
  const first = firing[0];
  if (!first) return;
  const alerts = await toldAlerts(tx, incidentId, firing);
  const key = groupingKey(first.service_id, first.id);
  const open = await tx
    .selectFrom("incidents")
    .select("id")
    .where("grouping_key", "=", key)
    .where("status", "<>", "resolved")
    .forUpdate()
    .executeTakeFirst();
  if (open) for (const alert of alerts) await joinIncident(tx, by, { incidentId: open.id, alert });
  const { id } =
    open ??
    (await openIncident(tx, by, {
      title: first.title,
      severity: first.severity,
      urgency: first.urgency,
      serviceId: first.service_id,
      groupingKey: key,
      startedAt: first.started_at,
      followsId: incidentId,
      alerts,
    }));
  await tx
    .updateTable("alerts")
    .set({ incident_id: id })
    .where(
      "id",
      "in",
      firing.map((alert) => alert.id),
    )
    .execute();
}

/** Alerts as their next incident is told of them; where they come from, the last one knows. */
async function toldAlerts(
  tx: Tx,
  incidentId: string,
  rows: readonly Selectable<AlertTable>[],
): Promise<ToldAlert[]> {
  const sources = await tx
    .selectFrom("incident_alerts")
    .select(["alert_id", "source"])
    .where("incident_id", "=", incidentId)
    .execute();
  const sourceOf = new Map(sources.map((row) => [row.alert_id, row.source]));
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    reason: row.reason,
    cause: row.cause,
    severity: row.severity,
    urgency: row.urgency,
    serviceId: row.service_id,
    source: sourceOf.get(row.id) ?? null,
    evidence: row.evidence,
    firstAt: row.first_at,
    lastAt: row.last_at,
  }));
}
