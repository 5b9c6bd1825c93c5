import { type SqlBool, sql } from "kysely";
import type { By } from "../org/actor.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import { type DeliveryEvent, transition } from "./model.ts";
import type { DeliveryStatus } from "./schema.ts";
import type { DeliveryAttemptTable } from "./table.ts";

export const DELIVER = "deliver";
/** A delivery is given up when nobody wants it any more, never because of a count. */
const MOST_RUNS = 1_000_000;

/** Has the delivery looked at, at `at`. */
export async function wakeDelivery(
  tx: DbOrTx,
  { due }: Pick<Platform, "due">,
  { id, at }: { id: string; at: Temporal.Instant },
): Promise<void> {
  await due.add(tx, { kind: DELIVER, key: id, at, payload: { deliveryId: id }, maxAttempts: MOST_RUNS });
}

/** What a live event needs to know of a delivery. */
export interface Told {
  id: string;
  page_id: string | null;
  subject_id: string;
}

/** Tells open browsers that these deliveries changed, once per page. */
export async function publishDeliveries(
  tx: DbOrTx,
  { live }: Pick<Platform, "live">,
  rows: readonly Told[],
): Promise<void> {
  const events = new Map(rows.map((row) => [row.page_id ?? row.id, row.subject_id]));
  for (const [id, of] of events) await live.publish(tx, { type: "page", id, of });
}

export interface Written {
  reason: string | null;
  dueAt?: Temporal.Instant;
  providerId?: string;
  /** The delivery whose message carries these. */
  bundleId?: string;
}

/**
 * Something happened to these deliveries; the only place that writes a status. One for which the event means nothing
 * (it was answered meanwhile) stays as it is. Answers those that changed.
 */
export async function happened<Row extends Told & { status: DeliveryStatus }>(
  tx: Tx,
  by: By,
  { rows, event, ...written }: Written & { rows: readonly Row[]; event: DeliveryEvent },
): Promise<Row[]> {
  const moves = rows.map((row) => ({ row, status: transition(row.status, event) }));
  const changed = moves.filter((move) => move.status !== null);
  for (const [status, group] of Map.groupBy(changed, (move) => move.status!)) {
    const ids = group.map(({ row }) => row.id);
    await tx
      .updateTable("deliveries")
      .set({ status, ...stamps(status, by.at), ...columns(written) })
      .where("id", "in", ids)
      .execute();
  }
  const changedRows = changed.map(({ row }) => row);
  await publishDeliveries(tx, by.platform, changedRows);
  return changedRows;
}

const columns = ({ reason, dueAt, providerId, bundleId }: Written) => ({
  reason,
  ...(dueAt ? { due_at: dueAt } : {}),
  ...(providerId ? { provider_id: providerId } : {}),
  ...(bundleId ? { bundle_id: bundleId, waits_for: null } : {}),
});

function stamps(status: DeliveryStatus, at: Temporal.Instant) {
  switch (status) {
    case "queued":
    case "sending":
      return {};
    case "sent":
      return { sent_at: at, finished_at: at };
    case "delivered":
      return { delivered_at: at };
    case "seen":
      return { seen_at: at };
    case "failed":
    case "cancelled":
      return { finished_at: at };
  }
}

/** Changes what the ledger says of a delivery, or when it is due, and not its status. */
export async function note(tx: Tx, by: By, row: Told, written: Written): Promise<void> {
  await tx.updateTable("deliveries").set(columns(written)).where("id", "=", row.id).execute();
  await publishDeliveries(tx, by.platform, [row]);
}

/** Writes that a try begins, before the provider is called. Answers each delivery's number of the try. */
export async function beginAttempts(
  tx: Tx,
  ids: readonly string[],
  at: Temporal.Instant,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ delivery_id: string; number: number }>`
    insert into delivery_attempts (delivery_id, number, at, outcome)
    select id, coalesce(max(a.number), 0) + 1, ${at}::timestamptz, 'sending'
    from unnest(${[...ids]}::uuid[]) as id
    left join delivery_attempts a on a.delivery_id = id
    group by id
    returning delivery_id, number`.execute(tx);
  return new Map(rows.map((row) => [row.delivery_id, row.number]));
}

/** Writes how a try ended, on every delivery that the message carried. */
export async function endAttempts(
  tx: Tx,
  numbers: ReadonlyMap<string, number>,
  end: Pick<DeliveryAttemptTable, "outcome" | "ms" | "detail">,
): Promise<void> {
  await tx.updateTable("delivery_attempts").set(end).where(isOneOf(numbers)).execute();
}

/** Takes back tries that never reached the provider's door. */
export async function dropAttempts(tx: Tx, numbers: ReadonlyMap<string, number>): Promise<void> {
  await tx.deleteFrom("delivery_attempts").where(isOneOf(numbers)).where("outcome", "=", "sending").execute();
}

const isOneOf = (numbers: ReadonlyMap<string, number>) => sql<SqlBool>`(delivery_id, number) in (
  select * from unnest(${[...numbers.keys()]}::uuid[], ${[...numbers.values()]}::integer[]))`;
