import type { By } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { happened } from "../ledger.ts";
import { failDeliveries } from "../next-method.ts";
import type { Receipt } from "./answers.ts";

/** Which message: by our own id where the provider hands it back, else by the provider's. */
export type MessageRef = { channel: string } & ({ providerId: string } | { deliveryId: string });

/**
 * Writes what the provider learned after it had taken a message. A message that did not arrive makes the person's next
 * contact method due at once. Answers the deliveries that have failed by it. Harmless to ask again.
 */
export async function recordReceipt(
  tx: Tx,
  by: By,
  { event, ...ref }: MessageRef & { event: Receipt },
): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("deliveries")
    .select(["id", "page_id", "subject_id", "channel", "status", "provider_id"])
    .where("channel", "=", ref.channel)
    .$if("providerId" in ref, (query) =>
      query.where("provider_id", "=", "providerId" in ref ? ref.providerId : ""),
    )
    .$if("deliveryId" in ref, (query) =>
      query.where((eb) => {
        const id = "deliveryId" in ref ? ref.deliveryId : "";
        return eb.or([eb("id", "=", id), eb("bundle_id", "=", id)]);
      }),
    )
    .orderBy("id")
    .forUpdate()
    .execute();
  if (event.kind !== "undelivered") {
    await happened(tx, by, { rows, event, reason: null });
    return [];
  }
  const gone = rows.filter(({ status }) => status === "sent" || status === "sending");
  await failDeliveries(tx, by, { rows: gone, why: event.why });
  return [...gone, ...rows.filter(({ status }) => status === "failed")].map(({ id }) => id);
}
