import {
  alertOver,
  joinIncident,
  openIncident,
  refreshAlert,
  type ToldAlert,
} from "../incident/incidents.ts";
import type { By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import { groupingKey, type ResolveEvent, type TriggerEvent } from "./model.ts";
import "./table.ts";

/** A trigger: a new alert joins or opens an incident; for one that fires already it is a sign of life. */
export async function applyTrigger(
  tx: Tx,
  by: By,
  { dedupKey, event }: { dedupKey: string; event: TriggerEvent },
): Promise<void> {
  const firing = await tx
    .selectFrom("alerts")
    .select(["id", "title", "incident_id", "first_at"])
    .where("source_id", "=", event.source.id)
    .where("dedup_key", "=", dedupKey)
    .where("status", "=", "firing")
    .forUpdate()
    .executeTakeFirst();
  if (firing) return again(tx, by, { firing, event });
  const id = newId(by.platform.clock);
  await tx
    .insertInto("alerts")
    .values(newRow({ id, dedupKey, event, at: by.at }))
    .execute();
  await intoIncident(tx, by, told(id, event, by.at), event);
}

const newRow = ({
  id,
  dedupKey,
  event,
  at,
}: {
  id: string;
  dedupKey: string;
  event: TriggerEvent;
  at: Temporal.Instant;
}) => ({
  id,
  source_type: event.source.type,
  source_id: event.source.id,
  dedup_key: dedupKey,
  status: "firing" as const,
  ...whatIsKnown(event),
  service_id: event.serviceId,
  started_at: Temporal.Instant.from(event.startedAt),
  first_at: at,
  last_at: Temporal.Instant.from(event.at),
});

const whatIsKnown = (event: TriggerEvent) => ({
  title: event.title,
  reason: event.reason,
  cause: event.cause,
  severity: event.severity,
  urgency: event.urgency,
  labels: json(event.labels),
  evidence: json(event.evidence ?? null),
});

function told(id: string, event: TriggerEvent, firstAt: Temporal.Instant): ToldAlert {
  const { title, reason, cause, severity, urgency, serviceId, evidence } = event;
  const source = { type: event.source.type, slug: event.source.slug, name: event.source.name };
  const lastAt = Temporal.Instant.from(event.at);
  return { id, title, reason, cause, severity, urgency, serviceId, evidence, source, firstAt, lastAt };
}

async function again(
  tx: Tx,
  by: By,
  {
    firing,
    event,
  }: {
    firing: { id: string; title: string; incident_id: string | null; first_at: Temporal.Instant };
    event: TriggerEvent;
  },
): Promise<void> {
  await tx
    .updateTable("alerts")
    .set({ ...whatIsKnown(event), last_at: Temporal.Instant.from(event.at) })
    .where("id", "=", firing.id)
    .execute();
  if (!firing.incident_id) return;
  await refreshAlert(tx, by, {
    incidentId: firing.incident_id,
    alert: told(firing.id, event, firing.first_at),
    calledBefore: firing.title,
  });
  await publishAlert(tx, by, firing.id);
}

/** Joins the open incident of its grouping key, or opens one. The unique index lets only one be open. */
async function intoIncident(tx: Tx, by: By, alert: ToldAlert, event: TriggerEvent): Promise<void> {
  const key = groupingKey(event.serviceId, alert.id);
  const open = await tx
    .selectFrom("incidents")
    .select("id")
    .where("grouping_key", "=", key)
    .where("status", "<>", "resolved")
    .forUpdate()
    .executeTakeFirst();
  const incidentId = open
    ? open.id
    : (
        await openIncident(tx, by, {
          title: event.title,
          severity: event.severity,
          urgency: event.urgency,
          serviceId: event.serviceId,
          groupingKey: key,
          startedAt: Temporal.Instant.from(event.startedAt),
          alerts: [alert],
        })
      ).id;
  if (open) await joinIncident(tx, by, { incidentId, alert });
  await tx.updateTable("alerts").set({ incident_id: incidentId }).where("id", "=", alert.id).execute();
  await publishAlert(tx, by, alert.id);
}

/** A resolve ends the firing alert; one for an unknown key says nothing, as senders repeat themselves. */
export async function applyResolve(
  tx: Tx,
  by: By,
  { dedupKey, event }: { dedupKey: string; event: ResolveEvent },
): Promise<void> {
  const at = Temporal.Instant.from(event.at);
  const alert = await tx
    .updateTable("alerts")
    .set({ status: "resolved", resolved_at: by.at, last_at: at, resolved_reason: event.reason })
    .where("source_id", "=", event.source.id)
    .where("dedup_key", "=", dedupKey)
    .where("status", "=", "firing")
    .returning(["id", "incident_id"])
    .executeTakeFirst();
  if (!alert) return;
  if (alert.incident_id) {
    await alertOver(tx, by, { incidentId: alert.incident_id, alertId: alert.id, reason: event.reason });
  }
  await publishAlert(tx, by, alert.id);
}

/** Tells open browsers of those who may see it that the alert changed. */
async function publishAlert(tx: Tx, by: By, id: string): Promise<void> {
  const row = await tx
    .selectFrom("alerts")
    .leftJoin("services", "services.id", "alerts.service_id")
    .select(["services.team_id as team", "services.visibility"])
    .where("alerts.id", "=", id)
    .executeTakeFirstOrThrow();
  const visibility = row.visibility ?? "company";
  await by.platform.live.publish(tx, { type: "alert", id, team: row.team, visibility });
}
