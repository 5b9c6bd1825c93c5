import type { Severity, Urgency } from "../catalog/schema.ts";
import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { tellThose } from "../page/deliveries.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import { missing } from "../platform/refusal.ts";
import { audienceOf } from "./audience.ts";
import { beginRound } from "./escalation.ts";
import { onJoin } from "./model.ts";
import { addEntry } from "./timeline.ts";
import { finishIncident } from "./verbs.ts";
import "./table.ts";

/** An alert as the incident is told of it. */
export interface ToldAlert {
  id: string;
  title: string;
  reason: string;
  cause: string;
  severity: Severity;
  urgency: Urgency;
  serviceId: string | null;
  labels?: Record<string, string>;
  source: { type: string; slug: string; name: string } | null;
  evidence: unknown;
  firstAt: Temporal.Instant;
  lastAt: Temporal.Instant;
}

export interface NewIncident {
  title: string;
  summary?: string;
  severity: Severity;
  urgency: Urgency;
  serviceId: string | null;
  groupingKey: string | null;
  startedAt: Temporal.Instant;
  alerts: readonly ToldAlert[];
  /** A policy to use instead of the service's, by slug. */
  policySlug?: string;
  /** The incident that was resolved while something still failed. */
  followsId?: string;
  /** Why it opens only now, e.g. `Still failing after maintenance`. */
  because?: string;
}

export interface IncidentRow {
  id: string;
  number: number;
  title: string;
  status: "triggered" | "acknowledged" | "resolved";
  severity: Severity;
  urgency: Urgency;
  service_id: string | null;
  round: number;
  acknowledged_by: string | null;
  acknowledged_until: Temporal.Instant | null;
  acknowledgement_expires_at: Temporal.Instant | null;
  opened_at: Temporal.Instant;
}

/** Takes the incident for this transaction: whoever comes second waits, and then sees what the first one did. */
export async function lockIncident(tx: Tx, id: string): Promise<IncidentRow> {
  const row = await tx
    .selectFrom("incidents")
    .select([
      "id",
      "number",
      "title",
      "status",
      "severity",
      "urgency",
      "service_id",
      "round",
      "acknowledged_by",
      "acknowledged_until",
      "acknowledgement_expires_at",
      "opened_at",
    ])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw missing(`incident ${id}`);
  return row;
}

/** Tells open browsers of those who may see it that the incident changed. */
export async function publishIncident(tx: DbOrTx, by: By, { id }: { id: string }): Promise<void> {
  await by.platform.live.publish(tx, { type: "incident", id, ...(await audienceOf(tx, id)) });
}

/** Opens an incident, writes its first lines and pages level 1, all in the caller's transaction. */
export async function openIncident(
  tx: Tx,
  by: By,
  input: NewIncident,
): Promise<{ id: string; number: number }> {
  const id = newId(by.platform.clock);
  const row = await tx
    .insertInto("incidents")
    .values({
      id,
      title: input.title,
      summary: input.summary ?? "",
      severity: input.severity,
      urgency: input.urgency,
      service_id: input.serviceId,
      grouping_key: input.groupingKey,
      declared_by: by.actor.type === "user" ? by.actor.id : null,
      started_at: input.startedAt,
      opened_at: by.at,
      follows_id: input.followsId ?? null,
      updated_at: by.at,
    })
    .returning(["id", "number"])
    .executeTakeFirstOrThrow();
  for (const alert of input.alerts) await putAlert(tx, id, alert);
  await addEntry(tx, by, row, opening(input));
  if (by.actor.type === "user" || by.actor.type === "token") {
    await audit(tx, by, { action: "declared", type: "incident", id, name: `#${row.number} ${input.title}` });
  }
  await beginRound(tx, by, { incidentId: id, reason: "opened", policySlug: input.policySlug });
  await publishIncident(tx, by, { id });
  return row;
}

function opening(input: NewIncident): Parameters<typeof addEntry>[3] {
  const first = input.alerts[0];
  if (!first)
    return { kind: "declared", text: `Declared: ${input.title}`, data: { severity: input.severity } };
  return {
    kind: "opened",
    text: sayWhy(first, input.because),
    data: {
      alert: first.id,
      severity: input.severity,
      urgency: input.urgency,
      started_at: input.startedAt.toString(),
    },
  };
}

const sayWhy = ({ reason, title }: ToldAlert, because: string | undefined): string =>
  because === undefined ? reason || title : `${because}: ${reason || title}`;

async function putAlert(tx: Tx, incidentId: string, alert: ToldAlert): Promise<void> {
  const told = {
    status: "firing" as const,
    title: alert.title,
    reason: alert.reason,
    cause: alert.cause,
    severity: alert.severity,
    urgency: alert.urgency,
    service_id: alert.serviceId,
    labels: json(alert.labels ?? {}),
    source: json(alert.source),
    evidence: json(alert.evidence ?? null),
    last_at: alert.lastAt,
  };
  await tx
    .insertInto("incident_alerts")
    .values({ incident_id: incidentId, alert_id: alert.id, first_at: alert.firstAt, ...told })
    .onConflict((conflict) =>
      conflict.columns(["incident_id", "alert_id"]).doUpdateSet({ ...told, resolved_at: null }),
    )
    .execute();
}

/** Another alert belongs to this open incident. */
export async function joinIncident(
  tx: Tx,
  by: By,
  { incidentId, alert, because }: { incidentId: string; alert: ToldAlert; because?: string },
): Promise<void> {
  const incident = await lockIncident(tx, incidentId);
  await putAlert(tx, incidentId, alert);
  const effect = onJoin({ ...incident, serviceId: incident.service_id }, alert);
  await tx
    .updateTable("incidents")
    .set({ severity: effect.severity, urgency: effect.urgency, updated_at: by.at })
    .where("id", "=", incidentId)
    .execute();
  await addEntry(tx, by, incident, {
    kind: "alert_fired",
    text: sayWhy(alert, because),
    data: { alert: alert.id },
  });
  if (effect.newRound) await beginRound(tx, by, { incidentId, reason: "alert_joined" });
  else if (incident.status === "acknowledged") await tellAcknowledger(tx, by, incident);
  await publishIncident(tx, by, incident);
}

export interface RefreshedAlert {
  incidentId: string;
  alert: ToldAlert;
  /** The alert's title until now: an incident that is still called so gets the new one. */
  calledBefore: string;
  /** Something holds it: nothing is raised. */
  quiet?: boolean;
}

/**
 * What is known of a firing alert changed. A newer reason or evidence says nothing on the timeline; an alert that has
 * become worse than its open incident raises it, in a new round.
 */
export async function refreshAlert(
  tx: Tx,
  by: By,
  { incidentId, alert, calledBefore, quiet = false }: RefreshedAlert,
): Promise<void> {
  const incident = await lockIncident(tx, incidentId);
  await putAlert(tx, incidentId, alert);
  if (incident.status === "resolved" || quiet) return;
  const { newRound, ...worse } = onJoin({ ...incident, serviceId: alert.serviceId }, alert);
  if (!newRound) return;
  const title = incident.title === calledBefore ? alert.title : incident.title;
  await tx
    .updateTable("incidents")
    .set({ ...worse, title, updated_at: by.at })
    .where("id", "=", incidentId)
    .execute();
  await addEntry(tx, by, incident, {
    kind: "alert_fired",
    text: `Worse than before: ${alert.reason || alert.title}`,
    data: { alert: alert.id, ...worse },
  });
  await beginRound(tx, by, { incidentId, reason: "raised" });
  await publishIncident(tx, by, incident);
}

async function tellAcknowledger(tx: Tx, by: By, incident: IncidentRow): Promise<void> {
  if (!incident.acknowledged_by) return;
  await tellThose(tx, by, {
    subject: { type: "incident", id: incident.id },
    purpose: "joined",
    personIds: [incident.acknowledged_by],
  });
}

/** An alert of this incident is over. When it was the last one, the incident resolves itself. */
export async function alertOver(
  tx: Tx,
  by: By,
  { incidentId, alertId, reason }: { incidentId: string; alertId: string; reason: string },
): Promise<void> {
  const incident = await lockIncident(tx, incidentId);
  const over = await tx
    .updateTable("incident_alerts")
    .set({ status: "resolved", resolved_at: by.at, last_at: by.at })
    .where("incident_id", "=", incidentId)
    .where("alert_id", "=", alertId)
    .where("status", "=", "firing")
    .returning("title")
    .executeTakeFirst();
  if (!over) return;
  await addEntry(tx, by, incident, {
    kind: "alert_resolved",
    text: `${over.title}: ${reason}`,
    data: { alert: alertId },
  });
  if (incident.status !== "resolved" && (await firingAlerts(tx, incidentId)) === 0) {
    await finishIncident(tx, by, { incident, how: reason });
  }
  await publishIncident(tx, by, incident);
}

export async function firingAlerts(tx: DbOrTx, incidentId: string): Promise<number> {
  const row = await tx
    .selectFrom("incident_alerts")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("incident_id", "=", incidentId)
    .where("status", "=", "firing")
    .executeTakeFirstOrThrow();
  return row.count;
}
