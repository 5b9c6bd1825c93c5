import type { By } from "../org/actor.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
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

export interface StatusChange {
  status: DeliveryStatus;
  reason: string | null;
  dueAt?: Temporal.Instant;
  providerId?: string;
}

/** The one place that writes a delivery's status: stamps what belongs to it and tells open browsers. */
export async function setStatus(tx: Tx, by: By, rows: readonly Told[], change: StatusChange): Promise<void> {
  if (rows.length === 0) return;
  const { status } = change;
  const ended = status === "failed" || status === "cancelled" || status === "sent";
  await tx
    .updateTable("deliveries")
    .set({
      status,
      reason: change.reason,
      ...(change.dueAt ? { due_at: change.dueAt } : {}),
      ...(change.providerId ? { provider_id: change.providerId } : {}),
      ...(status === "sent" ? { sent_at: by.at } : {}),
      ...(ended ? { finished_at: by.at } : {}),
    })
    .where(
      "id",
      "in",
      rows.map((row) => row.id),
    )
    .execute();
  await publishDeliveries(tx, by.platform, rows);
}

/** Writes that a try begins, before the provider is called. Answers each delivery's number of the try. */
export async function beginAttempts(
  tx: Tx,
  ids: readonly string[],
  at: Temporal.Instant,
): Promise<Map<string, number>> {
  const past = await tx
    .selectFrom("delivery_attempts")
    .select((eb) => ["delivery_id", eb.fn.max("number").as("last")])
    .where("delivery_id", "in", ids)
    .groupBy("delivery_id")
    .execute();
  const last = new Map(past.map((row) => [row.delivery_id, row.last]));
  const numbers = new Map(ids.map((id) => [id, (last.get(id) ?? 0) + 1]));
  await tx
    .insertInto("delivery_attempts")
    .values(
      [...numbers].map(([delivery_id, number]) => ({ delivery_id, number, at, outcome: "sending" as const })),
    )
    .execute();
  return numbers;
}

/** Writes how a try ended, on every delivery that the message carried. */
export async function endAttempts(
  tx: Tx,
  numbers: ReadonlyMap<string, number>,
  end: Pick<DeliveryAttemptTable, "outcome" | "ms" | "detail">,
): Promise<void> {
  for (const [id, number] of numbers)
    await tx
      .updateTable("delivery_attempts")
      .set(end)
      .where("delivery_id", "=", id)
      .where("number", "=", number)
      .execute();
}

/** Takes back tries that never reached the provider's door. */
export async function dropAttempts(tx: Tx, numbers: ReadonlyMap<string, number>): Promise<void> {
  for (const [id, number] of numbers)
    await tx
      .deleteFrom("delivery_attempts")
      .where("delivery_id", "=", id)
      .where("number", "=", number)
      .where("outcome", "=", "sending")
      .execute();
}
