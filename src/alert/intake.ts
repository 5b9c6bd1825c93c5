import { sql } from "kysely";
import { openIncident } from "../incident/incidents.ts";
import { type Actor, type By, by, SYSTEM } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { inTransaction, isUniqueViolation } from "../platform/database/transaction.ts";
import type { Job, JobResult } from "../platform/due/due.ts";
import { failpoint } from "../platform/failpoint.ts";
import type { Platform } from "../platform/platform.ts";
import { applyAcknowledge, applyResolve, applyTrigger } from "./alerts.ts";
import type { AlertEvent, Source } from "./model.ts";
import "./table.ts";

/** After so many tries an event that cannot be applied is parked, visible, and the ones behind it go on. */
const MOST_TRIES = 8;

/**
 * Takes an event in, in the caller's transaction: once that commits, the event is durable and will be applied,
 * in order per (source, dedup key). This is the only door to an alert.
 */
export const receive = (
  tx: Tx,
  by: By,
  { dedupKey, event }: { dedupKey: string; event: AlertEvent },
): Promise<void> => receiveAll(tx, by, [{ dedupKey, event }]);

/** The same for several, in their order, in two statements whatever their number. */
export async function receiveAll(
  tx: Tx,
  by: By,
  taken: readonly { dedupKey: string; event: AlertEvent }[],
): Promise<void> {
  if (taken.length === 0) return;
  await sql`
    insert into inbox_events (source_type, source_id, dedup_key, payload, received_at)
    select source_type, source_id, dedup_key, payload, ${by.at}
    from unnest(
      ${taken.map(({ event }) => event.source.type)}::text[], ${taken.map(({ event }) => event.source.id)}::uuid[],
      ${taken.map(({ dedupKey }) => dedupKey)}::text[], ${taken.map(({ event }) => json(event))}::jsonb[])
      with ordinality as event(source_type, source_id, dedup_key, payload, place)
    order by place`.execute(tx);
  await by.platform.due.addAll(
    tx,
    taken.map(({ dedupKey, event }) => ({
      kind: "intake",
      key: `${event.source.id}:${dedupKey}`,
      at: by.at,
      payload: { sourceId: event.source.id, dedupKey },
      maxAttempts: 1_000_000,
    })),
  );
}

/** The processor: a due job per (source, dedup key) that applies what waits there, oldest first. */
export function handleIntake(platform: Platform): void {
  platform.due.handle("intake", (job) => drain(platform, job), { concurrency: 8 });
}

async function drain(platform: Platform, job: Job): Promise<JobResult> {
  const queue = job.payload as Queue;
  for (;;) {
    const taken: { event?: Waiting } = {};
    try {
      await applyOldest(platform, queue, taken);
    } catch (error) {
      if (!taken.event) throw error;
      await remember(platform, taken.event, error);
      if (taken.event.attempts + 1 < MOST_TRIES) throw error;
    }
    if (!taken.event) return undefined;
    failpoint("intake:applied");
  }
}

/** Events of one source and key wait for each other. */
interface Queue {
  sourceId: string;
  dedupKey: string;
}

/**
 * Alert, incident, escalation and the event's end in one transaction. Two openings of one incident: the second joins.
 * `taken` is told which event it was, also when it could not be applied.
 */
async function applyOldest(platform: Platform, queue: Queue, taken: { event?: Waiting }): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(platform.db, async (tx) => {
        taken.event = await takeOldest(tx, queue);
        if (!taken.event) return;
        await apply(tx, platform, { dedupKey: taken.event.dedup_key, event: taken.event.payload });
        failpoint("intake:before-commit");
      });
    } catch (error) {
      if (attempt >= 3 || !isUniqueViolation(error)) throw error;
    }
  }
}

const takeOldest = (tx: Tx, { sourceId, dedupKey }: Queue): Promise<Waiting | undefined> =>
  tx
    .deleteFrom("inbox_events")
    .where("id", "=", (eb) =>
      eb
        .selectFrom("inbox_events")
        .select("id")
        .where("source_id", "=", sourceId)
        .where("dedup_key", "=", dedupKey)
        .where("parked_at", "is", null)
        .orderBy("id")
        .limit(1),
    )
    .returning(["id", "attempts", "dedup_key", "payload"])
    .executeTakeFirst();

async function apply(
  tx: Tx,
  platform: Platform,
  { dedupKey, event }: { dedupKey: string; event: AlertEvent },
): Promise<void> {
  const hand = by(platform, sourceActor(event.source));
  switch (event.action) {
    case "trigger":
      return applyTrigger(tx, hand, { dedupKey, event });
    case "acknowledge":
      return applyAcknowledge(tx, hand, { dedupKey, event });
    case "resolve":
      return applyResolve(tx, hand, { dedupKey, event });
  }
}

/** Alerts act in the name of their source: it is what the timeline shows. */
const sourceActor = (source: Source): Actor => ({
  type: source.type,
  id: source.id,
  name: source.name,
  role: "admin",
  teams: [],
  teamScope: null,
});

/** An event and how often it has been tried. */
interface Waiting {
  id: number;
  attempts: number;
  dedup_key: string;
  payload: AlertEvent;
}

async function remember(platform: Platform, waiting: Waiting, error: unknown): Promise<void> {
  const parked = waiting.attempts + 1 >= MOST_TRIES;
  const message = error instanceof Error ? error.message : String(error);
  platform.log.error({ error, event: waiting.id, parked }, "an event could not be applied");
  await platform.db
    .updateTable("inbox_events")
    .set({
      attempts: waiting.attempts + 1,
      last_error: message.slice(0, 2000),
      parked_at: parked ? platform.clock.now() : null,
    })
    .where("id", "=", waiting.id)
    .execute();
  if (parked) await tellOfParked(platform, waiting, message);
}

/** What was parked may have been an outage: people look at it, as an incident that only they can resolve. */
async function tellOfParked(platform: Platform, { payload, dedup_key }: Waiting, why: string): Promise<void> {
  const { source, action } = payload;
  const incident = {
    title:
      action === "trigger"
        ? `Not understood: ${payload.title}`
        : `Not understood: that ${source.name} ${action === "resolve" ? "is well" : "is looked at"}`,
    summary: `${source.name} sent an event that Keepwatch tried ${MOST_TRIES} times to apply. It is kept in the inbox. ${why}`,
    severity: "SEV2",
    urgency: "high",
    groupingKey: `parked:${source.id}:${dedup_key}`,
    startedAt: platform.clock.now(),
    alerts: [],
  } as const;
  const services = [action === "trigger" ? payload.serviceId : null, null];
  for (const serviceId of new Set(services)) {
    try {
      await inTransaction(platform.db, (tx) =>
        openIncident(tx, by(platform, SYSTEM), { ...incident, serviceId }),
      );
      return;
    } catch (error) {
      // One is open already for this key; or its service is what is wrong with it, and then it goes without.
      if (isUniqueViolation(error)) return;
      platform.log.error({ error }, "a parked event could not be told of");
    }
  }
}
