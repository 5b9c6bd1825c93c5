import type { By } from "../org/actor.ts";
import { later } from "../platform/clock.ts";
import type { Tx } from "../platform/database/database.ts";
import { findChannel } from "./channels/index.ts";
import type { Carried } from "./claim.ts";
import { note } from "./ledger.ts";
import type { SendResult } from "./model.ts";
import { bringForward } from "./next-method.ts";
import type { DeliveryStatus } from "./schema.ts";

export const RECEIPT = "receipt";

/** What keeps a channel's promise: that it was seen says that it arrived, too. */
const LACKING: Record<"delivered" | "seen", readonly DeliveryStatus[]> = {
  delivered: ["sent"],
  seen: ["sent", "delivered"],
};

/** Has the receipt looked for that the channel promised with this message, if it promised one. */
export async function awaitReceipt(
  tx: Tx,
  by: By,
  { carried, result }: { carried: Carried; result: Extract<SendResult, { kind: "accepted" }> },
): Promise<void> {
  const channel = findChannel(carried.method.channel);
  if (carried.purpose !== "page" || result.unconfirmed || !channel?.receiptWithinMs) return;
  const { carrierId } = carried;
  const at = later(by.at, channel.receiptWithinMs);
  await by.platform.due.add(tx, { kind: RECEIPT, key: carrierId, at, payload: { carrierId } });
}

/**
 * The time for a message's receipt is over. Of its pages that nobody has answered, those without one make the person's
 * next contact method due at once. A receipt that comes later still is written; nothing is taken back by it.
 */
export async function missReceipt(tx: Tx, by: By, carrierId: string): Promise<void> {
  const rows = await tx
    .selectFrom("deliveries as d")
    .innerJoin("pages as p", "p.id", "d.page_id")
    .select(["d.id", "d.page_id", "d.subject_id", "d.channel", "d.status"])
    .where("d.bundle_id", "=", carrierId)
    .where("p.answered_at", "is", null)
    .orderBy("d.id")
    .forUpdate("d")
    .execute();
  for (const row of rows) {
    const channel = findChannel(row.channel);
    if (!channel || channel.receipt === "none" || row.page_id === null) continue;
    if (!LACKING[channel.receipt].includes(row.status)) continue;
    const { channel: label, page_id } = row;
    const next = await bringForward(tx, by, { ...row, page_id }, `${label} promised a receipt and none came`);
    const lacks = `No receipt within ${(channel.receiptWithinMs ?? 0) / 1_000} s`;
    const then = next ? `went on to ${next}` : "no other method is left to go on to";
    await note(tx, by, row, { reason: `${lacks}; ${then}` });
  }
}
