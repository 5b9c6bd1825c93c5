import { openIncident } from "../incident/incidents.ts";
import type { By } from "../org/actor.ts";
import { by, SYSTEM } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Platform } from "../platform/platform.ts";
import { handleIntake } from "./intake.ts";
import { groupingKey } from "./model.ts";
import "./table.ts";

/** What alert/ does later: applying what came in, and looking again at what was called fixed. */
export function alertEngine(platform: Platform): void {
  handleIntake(platform);
  platform.due.handle("still_failing", async (job) => {
    const { incidentId } = job.payload as { incidentId: string };
    await inTransaction(platform.db, (tx) => stillFailing(tx, by(platform, SYSTEM), incidentId));
    return undefined;
  });
}

/** Five minutes after "really fixed": what of that incident still fires opens a new, linked incident. */
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
  const sources = await tx
    .selectFrom("incident_alerts")
    .select(["alert_id", "source"])
    .where("incident_id", "=", incidentId)
    .execute();
  const sourceOf = new Map(sources.map((row) => [row.alert_id, row.source]));
  const { id } = await openIncident(tx, by, {
    title: first.title,
    severity: first.severity,
    urgency: first.urgency,
    serviceId: first.service_id,
    groupingKey: groupingKey(first.service_id, first.id),
    startedAt: first.started_at,
    followsId: incidentId,
    alerts: firing.map((alert) => ({
      id: alert.id,
      title: alert.title,
      reason: alert.reason,
      cause: alert.cause,
      severity: alert.severity,
      urgency: alert.urgency,
      serviceId: alert.service_id,
      source: sourceOf.get(alert.id) ?? null,
      evidence: alert.evidence,
      firstAt: alert.first_at,
      lastAt: alert.last_at,
    })),
  });
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
