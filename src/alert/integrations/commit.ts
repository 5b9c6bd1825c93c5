import { sql } from "kysely";
import { by, SYSTEM } from "../../org/actor.ts";
import { createBatcher } from "../../platform/batcher.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { failpoint } from "../../platform/failpoint.ts";
import { newId } from "../../platform/ids.ts";
import type { Platform } from "../../platform/platform.ts";
import { receiveAll } from "../intake.ts";
import type { changeOf, Keyed } from "./events.ts";
import type { Known } from "./known.ts";
import { NOT_UNDERSTOOD, notUnderstood, understoodAgain } from "./not-understood.ts";
import type { ReceivedOutcome } from "./table.ts";
import "./table.ts";

/** One request as it is kept, with what it became. */
export interface Receipt {
  id: string;
  integration: Known;
  at: Temporal.Instant;
  method: string;
  path: string;
  contentType: string | null;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  outcome: ReceivedOutcome;
  why: string | null;
  events: readonly Keyed[];
  changes: readonly (ReturnType<typeof changeOf> & { serviceId: string | null })[];
}

/** Requests that arrive together share one transaction, so that durability doesn't cost throughput. */
const MOST_TOGETHER = 64;
const IN_FLIGHT = 2;

/** Commits receipts; resolves once they are on disk. One that can't be stored fails by itself. */
export function createCommit(platform: Platform): (receipt: Receipt) => Promise<void> {
  return createBatcher<Receipt, void>({
    most: MOST_TOGETHER,
    inFlight: IN_FLIGHT,
    async run(receipts) {
      failpoint("received:before-commit");
      await inTransaction(platform.db, (tx) => write(tx, platform, receipts));
      failpoint("received:committed");
      return receipts.map(() => undefined);
    },
  });
}

async function write(tx: Tx, platform: Platform, receipts: readonly Receipt[]): Promise<void> {
  await insertReceived(tx, receipts);
  await insertChanges(tx, platform, receipts);
  const told = await tellOfUnderstanding(tx, platform, receipts);
  const events = receipts.flatMap((receipt) => receipt.events);
  await receiveAll(tx, by(platform, SYSTEM), [...events, ...told]);
}

async function insertReceived(tx: Tx, receipts: readonly Receipt[]): Promise<void> {
  const column = <T>(of: (receipt: Receipt) => T): T[] => receipts.map(of);
  const became = ({ events }: Receipt) =>
    json(events.map(({ dedupKey, event }) => ({ action: event.action, dedup_key: dedupKey })));
  await sql`
    insert into received_events
      (id, integration_id, received_at, method, path, content_type, headers, body, outcome, why, events)
    select * from unnest(
      ${column(({ id }) => id)}::uuid[], ${column(({ integration }) => integration.id)}::uuid[],
      ${column(({ at }) => at.toString())}::timestamptz[],
      ${column(({ method }) => method)}::text[], ${column(({ path }) => path)}::text[],
      ${column(({ contentType }) => contentType)}::text[], ${column(({ headers }) => json(headers))}::jsonb[],
      ${column(({ body }) => body)}::bytea[],
      ${column(({ outcome }) => outcome)}::text[], ${column(({ why }) => why)}::text[],
      ${column(became)}::jsonb[])`.execute(tx);
}

async function insertChanges(tx: Tx, platform: Platform, receipts: readonly Receipt[]): Promise<void> {
  const rows = receipts.flatMap(({ integration, at, changes }) =>
    changes.map((change) => ({
      id: newId(platform.clock),
      integration_id: integration.id,
      service_id: change.serviceId,
      summary: change.summary,
      source: change.source,
      links: json(change.links),
      details: change.details === null ? null : json(change.details),
      at: Temporal.Instant.from(change.at),
      received_at: at,
    })),
  );
  if (rows.length > 0) await tx.insertInto("change_events").values(rows).execute();
}

/** An integration that begins to send what its kind can't read raises one alert, which ends when it is understood. */
async function tellOfUnderstanding(
  tx: Tx,
  platform: Platform,
  receipts: readonly Receipt[],
): Promise<Keyed[]> {
  const now = platform.clock.now();
  const last = new Map<string, Receipt>();
  for (const receipt of receipts) {
    const { id, not_understood_since: since } = receipt.integration;
    const matters =
      receipt.outcome === "not_understood" || (receipt.outcome === "understood" && since !== null);
    if (matters) last.set(id, receipt);
  }
  const told: Keyed[] = [];
  // In order of their ids, as another process may be at the same ones.
  for (const [id, receipt] of [...last].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const begins = receipt.outcome === "not_understood";
    const changed = await tx
      .updateTable("integrations")
      .set({ not_understood_since: begins ? now : null })
      .where("id", "=", id)
      .where("not_understood_since", begins ? "is" : "is not", null)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) continue;
    const event = begins ? notUnderstood(receipt, now) : understoodAgain(receipt.integration, now);
    told.push({ dedupKey: NOT_UNDERSTOOD, event });
  }
  return told;
}
