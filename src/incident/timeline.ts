import type { By } from "../org/actor.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import { audienceOf } from "./audience.ts";
import type { TimelineEntry } from "./schema.ts";
import "./table.ts";

export const TIMELINE_KINDS = [
  "opened",
  "declared",
  "alert_fired",
  "alert_resolved",
  "paged",
  "nobody",
  "paging_paused",
  "acknowledged",
  "acknowledgement_expiring",
  "acknowledgement_expired",
  "snoozed",
  "escalated",
  "reassigned",
  "responders_asked",
  "responder_answered",
  "changed",
  "note",
  "delivery_failed",
  "resolved",
  "told",
  "postmortem",
  "problem",
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export interface NewEntry {
  kind: TimelineKind;
  /** One sentence, as a person would say it. */
  text: string;
  data?: Record<string, unknown>;
  /** When it happened, if not now. */
  at?: Temporal.Instant;
}

/** Appends to the incident's record; nothing ever changes or removes an entry. Tells open browsers of those who may see it. */
export async function addEntry(tx: DbOrTx, by: By, incident: { id: string }, entry: NewEntry): Promise<void> {
  const id = newId(by.platform.clock);
  await tx
    .insertInto("timeline_entries")
    .values({
      id,
      incident_id: incident.id,
      at: entry.at ?? by.at,
      kind: entry.kind,
      actor_type: by.actor.type,
      actor_id: by.actor.id,
      actor_name: by.actor.name,
      text: entry.text,
      data: json(entry.data ?? {}),
    })
    .execute();
  const audience = await audienceOf(tx, incident.id);
  await by.platform.live.publish(tx, { type: "timeline", id, of: incident.id, ...audience });
}

/** The whole record, oldest first. */
export async function timelineOf(db: DbOrTx, incidentId: string): Promise<TimelineEntry[]> {
  const rows = await db
    .selectFrom("timeline_entries")
    .selectAll()
    .where("incident_id", "=", incidentId)
    .orderBy("at")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toString(),
    kind: row.kind,
    actor: { type: row.actor_type as TimelineEntry["actor"]["type"], name: row.actor_name },
    text: row.text,
    data: row.data,
    starred: row.starred,
  }));
}
