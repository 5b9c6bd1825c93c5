import { alertOver, refreshAlert } from "../incident/incidents.ts";
import { acknowledge } from "../incident/verbs.ts";
import type { By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import { keepFingerprint } from "./fingerprints.ts";
import { hold, readHolds, release, shareHolds } from "./holds.ts";
import { autoResolveLater, lastResolve, rememberResolve } from "./integrations/said.ts";
import { type AlertRow, intoIncident, publishAlert, toldAlert } from "./into-incident.ts";
import { type AcknowledgeEvent, isLate, type ResolveEvent, type TriggerEvent } from "./model.ts";
import "./table.ts";

/**
 * A trigger: a new alert joins or opens an incident, unless something holds it; for one that fires already it is a
 * sign of life.
 */
export async function applyTrigger(
  tx: Tx,
  by: By,
  { dedupKey, event }: { dedupKey: string; event: TriggerEvent },
): Promise<void> {
  await shareHolds(tx);
  const firing = await tx
    .selectFrom("alerts")
    .selectAll()
    .where("source_id", "=", event.source.id)
    .where("dedup_key", "=", dedupKey)
    .where("status", "=", "firing")
    .forUpdate()
    .executeTakeFirst();
  if (firing) return again(tx, by, { firing, event });
  if (event.ordered && isLate(event.saidAt, await lastResolve(tx, { event, dedupKey }))) return;
  const alert = await tx
    .insertInto("alerts")
    .values(newRow({ id: newId(by.platform.clock), dedupKey, event, at: by.at }))
    .returningAll()
    .executeTakeFirstOrThrow();
  await keepFingerprint(tx, alert);
  await autoResolveLater(tx, by, { alert, afterMs: event.autoResolveMs });
  const held = (await readHolds(tx, by))(alert);
  if (held) await hold(tx, by, { id: alert.id, hold: held });
  else await intoIncident(tx, by, { alerts: [alert] });
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
  said_at: event.saidAt === undefined ? null : Temporal.Instant.from(event.saidAt),
});

const whatIsKnown = ({ source, ...event }: TriggerEvent) => ({
  title: event.title,
  reason: event.reason,
  cause: event.cause,
  severity: event.severity,
  urgency: event.urgency,
  labels: json(event.labels),
  source: json({ type: source.type, slug: source.slug, name: source.name }),
  evidence: json(event.evidence ?? null),
});

async function again(
  tx: Tx,
  by: By,
  { firing, event }: { firing: AlertRow; event: TriggerEvent },
): Promise<void> {
  if (event.ordered && isLate(event.saidAt, firing.said_at)) return;
  const saidAt = event.saidAt === undefined ? {} : { said_at: Temporal.Instant.from(event.saidAt) };
  const alert = await tx
    .updateTable("alerts")
    .set({ ...whatIsKnown(event), ...saidAt, last_at: Temporal.Instant.from(event.at) })
    .where("id", "=", firing.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await keepFingerprint(tx, alert);
  const held = (await readHolds(tx, by))(alert);
  if (held) await hold(tx, by, { id: alert.id, hold: held });
  else if (firing.held_by !== null) return release(tx, by, alert);
  if (!firing.incident_id) return;
  await refreshAlert(tx, by, {
    incidentId: firing.incident_id,
    alert: toldAlert(alert),
    calledBefore: firing.title,
    quiet: held !== null,
  });
  await publishAlert(tx, by, firing.id);
}

/** The firing alert of a key that an event is about; undefined also when the event is older than what was said of it. */
async function firingOf(
  tx: Tx,
  { dedupKey, event }: { dedupKey: string; event: AcknowledgeEvent | ResolveEvent },
): Promise<AlertRow | undefined> {
  const alert = await tx
    .selectFrom("alerts")
    .selectAll()
    .where("source_id", "=", event.source.id)
    .where("dedup_key", "=", dedupKey)
    .where("status", "=", "firing")
    .forUpdate()
    .executeTakeFirst();
  return alert && isLate(event.saidAt, alert.said_at) ? undefined : alert;
}

/** Taken on over there is taken on here: the alert's incident stops ringing. One that is held rings nobody anyway. */
export async function applyAcknowledge(
  tx: Tx,
  by: By,
  { dedupKey, event }: { dedupKey: string; event: AcknowledgeEvent },
): Promise<void> {
  const alert = await firingOf(tx, { dedupKey, event });
  if (!alert?.incident_id) return;
  await acknowledge(tx, by, { id: alert.incident_id, how: event.source.name });
}

/** A resolve ends the firing alert; one for an unknown key says nothing, as senders repeat themselves. */
export async function applyResolve(
  tx: Tx,
  by: By,
  { dedupKey, event }: { dedupKey: string; event: ResolveEvent },
): Promise<void> {
  await rememberResolve(tx, by, { dedupKey, event });
  const alert = await firingOf(tx, { dedupKey, event });
  if (!alert) return;
  await tx
    .updateTable("alerts")
    .set({
      ...{ status: "resolved", resolved_at: by.at, resolved_reason: event.reason },
      last_at: Temporal.Instant.from(event.at),
    })
    .where("id", "=", alert.id)
    .execute();
  if (alert.incident_id) {
    await alertOver(tx, by, { incidentId: alert.incident_id, alertId: alert.id, reason: event.reason });
  }
  await publishAlert(tx, by, alert.id);
}
