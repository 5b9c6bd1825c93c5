import type { By } from "../org/actor.ts";
import { later, msBetween } from "../platform/clock.ts";
import type { Tx } from "../platform/database/database.ts";
import { findChannel } from "./channels/index.ts";
import { type Carried, unseenMembers } from "./claim.ts";
import { beginAttempts, endAttempts } from "./ledger.ts";
import type { SendResult } from "./model.ts";
import { failDeliveries } from "./next-method.ts";
import { disableMethod } from "./replies/gone.ts";

export const AGAIN = "ring again";

export interface Again {
  carrierId: string;
  /** The number of this repeat, the first is 1. */
  count: number;
}

/** Has an urgent page sent again while nobody has seen it, where its channel does that. */
export async function ringAgainLater(
  tx: Tx,
  by: By,
  {
    carried,
    count,
  }: { carried: Pick<Carried, "carrierId" | "purpose" | "method" | "members">; count: number },
): Promise<void> {
  const again = findChannel(carried.method.channel)?.again;
  if (!again || count > again.most || carried.purpose !== "page") return;
  if (!carried.members.some(({ urgency }) => urgency === "high")) return;
  const { carrierId } = carried;
  const at = later(by.at, again.everyMs);
  const payload: Again = { carrierId, count };
  await by.platform.due.add(tx, { kind: AGAIN, key: carrierId, at, payload: { ...payload } });
}

/** What of a message is still to be seen, as its next try; null when nothing is, or its method can't be used any more. */
export async function claimAgain(tx: Tx, by: By, { carrierId }: Again): Promise<Carried | null> {
  const found = await unseenMembers(tx, carrierId);
  const [first] = found?.members ?? [];
  if (!found || !first) return null;
  const ids = found.members.map(({ id }) => id);
  const attempts = await beginAttempts(tx, ids, by.at);
  return {
    ...{ carrierId, personId: first.person_id, purpose: first.purpose, attempts, claimedAt: by.at },
    ...{ ...found, providerId: null },
  };
}

/**
 * Writes what came of it. A failure for now is left to the next repeat: the first message has been taken already.
 * Answers the deliveries that have failed for good.
 */
export async function keepAgain(
  tx: Tx,
  by: By,
  { carried, count, result }: { carried: Carried; count: number; result: SendResult },
): Promise<readonly string[]> {
  const detail = result.kind === "accepted" ? result.detail : result.why;
  await endAttempts(tx, carried.attempts, {
    outcome: result.kind,
    ms: msBetween(carried.claimedAt, by.at),
    detail: `again, not seen yet: ${detail}`,
  });
  if (result.kind !== "refused") {
    await ringAgainLater(tx, by, { carried, count: count + 1 });
    return [];
  }
  // Seen or answered while it was sent: then it did arrive.
  const rows = (await unseenMembers(tx, carried.carrierId))?.members ?? [];
  await failDeliveries(tx, by, { rows, why: result.why });
  if (result.gone) await disableMethod(tx, by, { methodId: carried.method.id, why: result.why });
  return rows.map(({ id }) => id);
}
