import { keepFingerprint } from "../alert/fingerprints.ts";
import { wake } from "../incident/escalation.ts";
import { openIncident } from "../incident/incidents.ts";
import { acknowledge, addNote, finishIncident } from "../incident/verbs.ts";
import { type Actor, type By, SYSTEM } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import type { Platform } from "../platform/platform.ts";
import { monitorActor } from "../watch/transition.ts";
import type { Story } from "./stories.ts";
import "../alert/table.ts";
import "../page/table.ts";
import "../watch/table.ts";

export interface StoryContext {
  platform: Platform;
  tx: Tx;
  now: Temporal.Instant;
  people: ReadonlyMap<string, Actor>;
  monitors: ReadonlyMap<string, StoryMonitor>;
}

export interface StoryMonitor {
  id: string;
  slug: string;
  name: string;
  serviceId: string;
  serviceName: string;
  severity: "SEV1" | "SEV2" | "SEV3" | "SEV4" | "SEV5";
  urgency: "high" | "low";
}

export const beganAt = (story: Story, now: Temporal.Instant): Temporal.Instant =>
  now.toZonedDateTimeISO("UTC").subtract({ days: story.daysAgo }).withPlainTime(story.at).toInstant();

const after = (at: Temporal.Instant, minutes: number) => at.add({ seconds: Math.round(minutes * 60) });

/** From the second failing check to the page: what confirmation takes in the demo. */
const CONFIRMED_MIN = 0.15;

/** Tells one outage of the past through the very verbs that tell one of today, each with the instant it had. */
export async function tellStory(context: StoryContext, story: Story): Promise<string> {
  const { tx, platform } = context;
  const monitor = context.monitors.get(story.monitor);
  if (!monitor) throw new Error(`The demo has no monitor ${story.monitor}`);
  const start = beganAt(story, context.now);
  const opened = after(start, CONFIRMED_MIN);
  const by = (actor: Actor, at: Temporal.Instant): By => ({ platform, actor, at, managedBy: "ui" });
  const person = (name: string): Actor => {
    const found = context.people.get(`${name}@harbour.example`);
    if (!found) throw new Error(`The demo has nobody called ${name}`);
    return found;
  };
  const alertId = newId(platform.clock);
  const evidence = {
    location: "local",
    status: story.status ?? null,
    ...(story.body ? { body: story.body } : {}),
    expectations: [
      { what: story.cause.split(":")[0] ?? "status", ok: false, wanted: wantedOf(story), got: gotOf(story) },
    ],
  };
  const source = by(monitorActor(monitor), opened);
  const { id } = await openIncident(tx, source, {
    title: `${monitor.serviceName}: ${story.title}`,
    severity: monitor.severity,
    urgency: monitor.urgency,
    serviceId: monitor.serviceId,
    groupingKey: `service:${monitor.serviceId}`,
    startedAt: start,
    alerts: [
      {
        id: alertId,
        title: story.title,
        reason: story.reason,
        cause: story.cause,
        severity: monitor.severity,
        urgency: monitor.urgency,
        serviceId: monitor.serviceId,
        source: { type: "monitor", slug: monitor.slug, name: monitor.name },
        evidence,
        firstAt: opened,
        lastAt: opened,
      },
    ],
  });
  const end = after(start, story.lastedMin);
  await writeAlert(context, { story, monitor, alertId, incidentId: id, opened, end, evidence });
  await settleDeliveries(tx, { incidentId: id, opened });
  const { acknowledged } = story;
  await escalateUntil(context, { id, until: after(start, acknowledged?.afterMin ?? story.lastedMin) });
  if (acknowledged) {
    const paged = await wasPaged(tx, { incidentId: id, personId: person(acknowledged.by).id });
    await acknowledge(tx, by(person(acknowledged.by), after(start, acknowledged.afterMin)), {
      id,
      how: paged ? acknowledged.how : "Keepwatch",
    });
  }
  for (const { afterMin, by: who, text } of story.notes ?? []) {
    await addNote(tx, by(person(who), after(start, afterMin)), { id, text });
  }
  const incident = await tx
    .selectFrom("incidents")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  await tx
    .updateTable("incident_alerts")
    .set({ status: "resolved", resolved_at: end, last_at: end })
    .where("incident_id", "=", id)
    .execute();
  await finishIncident(tx, by(monitorActor(monitor), end), { incident, how: "the check recovered" });
  await settleDeliveries(tx, { incidentId: id, opened: end });
  await platform.due.cancel(tx, "escalate", id);
  return id;
}

/** A link in a mail is pressed by whoever got one; a colleague who was quicker used the page. */
async function wasPaged(
  tx: Tx,
  { incidentId, personId }: { incidentId: string; personId: string | null },
): Promise<boolean> {
  const row = await tx
    .selectFrom("pages")
    .select("id")
    .where("subject_id", "=", incidentId)
    .where("person_id", "=", personId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Nobody had answered yet: the next levels were woken at their time. */
async function escalateUntil(
  { tx, platform }: StoryContext,
  { id, until }: { id: string; until: Temporal.Instant },
): Promise<void> {
  for (let level = 0; level < 6; level++) {
    const { next_escalation_at: at } = await tx
      .selectFrom("incidents")
      .select("next_escalation_at")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    if (!at || Temporal.Instant.compare(at, until) >= 0) return;
    await wake(tx, { platform, actor: SYSTEM, at, managedBy: "ui" }, id);
    await settleDeliveries(tx, { incidentId: id, opened: at });
  }
}

const wantedOf = (story: Story): string => /wanted (.+)$/.exec(story.reason)?.[1] ?? "an answer";
const gotOf = (story: Story): string => story.reason.replace(/^\[[^\]]+\] /, "").replace(/, wanted .+$/, "");

async function writeAlert(
  { tx, now }: StoryContext,
  past: {
    story: Story;
    monitor: StoryMonitor;
    alertId: string;
    incidentId: string;
    opened: Temporal.Instant;
    end: Temporal.Instant;
    evidence: object;
  },
): Promise<void> {
  const { story, monitor, alertId, incidentId, opened, end } = past;
  const start = beganAt(story, now);
  const alert = await tx
    .insertInto("alerts")
    .values({
      id: alertId,
      source_type: "monitor",
      source_id: monitor.id,
      dedup_key: monitor.id,
      status: "resolved",
      title: story.title,
      reason: story.reason,
      cause: story.cause,
      severity: monitor.severity,
      urgency: monitor.urgency,
      evidence: json(past.evidence),
      service_id: monitor.serviceId,
      incident_id: incidentId,
      started_at: start,
      first_at: opened,
      last_at: end,
      resolved_at: end,
      resolved_reason: "the check recovered",
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await keepFingerprint(tx, alert);
  const change = (at: Temporal.Instant, from: "up" | "down", to: "up" | "down", reason: string) => ({
    id: crypto.randomUUID(),
    monitor_id: monitor.id,
    at,
    from_status: from,
    to_status: to,
    reason,
  });
  await tx
    .insertInto("monitor_transitions")
    .values([change(start, "up", "down", story.reason), change(end, "down", "up", "[status] 200")])
    .execute();
}

/** What was queued then was sent then: nothing of the past rings now. */
async function settleDeliveries(
  tx: Tx,
  { incidentId, opened }: { incidentId: string; opened: Temporal.Instant },
): Promise<void> {
  const sent = opened.add({ milliseconds: 180 });
  const rows = await tx
    .updateTable("deliveries")
    .set({ status: "sent", sent_at: sent, finished_at: sent, reason: null })
    .where("subject_id", "=", incidentId)
    .where("status", "in", ["queued", "sending"])
    .where("due_at", "<=", sent)
    .returning("id")
    .execute();
  if (rows.length === 0) return;
  await tx
    .insertInto("delivery_attempts")
    .values(
      rows.map(({ id }) => ({
        delivery_id: id,
        number: 1,
        at: opened,
        outcome: "accepted" as const,
        ms: 180,
        detail: "250 OK",
      })),
    )
    .execute();
  await tx
    .deleteFrom("due_jobs")
    .where("kind", "=", "deliver")
    .where(
      "key",
      "in",
      rows.map(({ id }) => id),
    )
    .execute();
}
