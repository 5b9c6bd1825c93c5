import type { By } from "../org/actor.ts";
import { later, msBetween } from "../platform/clock.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { ringAgainLater } from "./again.ts";
import type { Carried } from "./claim.ts";
import type { DeliveryRow } from "./conditions.ts";
import { dropAttempts, endAttempts, happened } from "./ledger.ts";
import { type SendResult, waitBefore } from "./model.ts";
import { bringForward, failDeliveries } from "./next-method.ts";
import { awaitReceipt } from "./promised.ts";
import { disableMethod } from "./replies/gone.ts";
import { keepThreads } from "./threads.ts";

/** The last look before the provider is called, in one round trip: was anything answered since the claim? */
export async function wasAnswered(db: DbOrTx, carried: Carried): Promise<boolean> {
  return (await answeredMembers(db, carried)).length > 0;
}

const answeredMembers = (db: DbOrTx, carried: Carried) =>
  db
    .selectFrom("deliveries as d")
    .innerJoin("pages as p", "p.id", "d.page_id")
    .select("d.id")
    .where("d.id", "in", [...carried.attempts.keys()])
    .where("p.answered_at", "is not", null)
    .execute();

/**
 * Members answered since the claim are cancelled, and their tries, which nobody heard of, are taken back.
 * Answers what is left to say.
 */
export async function dropAnswered(tx: Tx, by: By, carried: Carried): Promise<Carried> {
  const gone = new Set((await answeredMembers(tx, carried)).map((row) => row.id));
  if (gone.size === 0) return carried;
  const rows = carried.members
    .filter((row) => gone.has(row.id))
    .map((row) => ({ ...row, status: "sending" as const }));
  await dropAttempts(tx, new Map([...carried.attempts].filter(([id]) => gone.has(id))));
  const reason = "answered before it went out";
  await happened(tx, by, { rows, event: { kind: "unwanted" }, reason });
  return {
    ...carried,
    members: carried.members.filter((row) => !gone.has(row.id)),
    attempts: new Map([...carried.attempts].filter(([id]) => !gone.has(id))),
  };
}

export interface Recorded {
  /** When the message is tried again. */
  again: Temporal.Instant | null;
  /** Deliveries that have failed for good. */
  failed: readonly string[];
}

/** Writes the provider's answer, on every delivery that the message carried. `random` in [0, 1). */
export async function recordResult(
  tx: Tx,
  by: By,
  { carried, result, random }: { carried: Carried; result: SendResult; random: number },
): Promise<Recorded> {
  const { attempts } = carried;
  await endAttempts(tx, attempts, {
    outcome: result.kind,
    ms: msBetween(carried.claimedAt, by.at),
    detail: result.kind === "accepted" ? result.detail : result.why,
  });
  const rows = await stillOurs(tx, carried);
  switch (result.kind) {
    case "accepted": {
      const { providerId, threads = [] } = result;
      await happened(tx, by, { rows, event: result, reason: null, providerId });
      await keepThreads(tx, by, { methodId: carried.method.id, threads });
      if (rows.length > 0) await awaitReceipt(tx, by, { carried, result });
      if (rows.length > 0 && !result.unconfirmed) await ringAgainLater(tx, by, { carried, count: 1 });
      return { again: null, failed: [] };
    }
    case "refused": {
      await failDeliveries(tx, by, { rows, why: result.why });
      if (result.gone) await disableMethod(tx, by, { methodId: carried.method.id, why: result.why });
      return { again: null, failed: rows.map((row) => row.id) };
    }
    case "retry": {
      if (rows.length === 0) return { again: null, failed: [] };
      const tries = Math.max(...rows.map((row) => attempts.get(row.id) ?? 1));
      const dueAt = later(by.at, waitBefore(result, tries, random));
      await happened(tx, by, { rows, event: result, reason: result.why, dueAt });
      const slow = msBetween(carried.claimedAt, by.at) >= PATIENCE_MS;
      if (tries >= MOST_TRIES_ALONE || slow)
        for (const { page_id, channel } of rows)
          if (page_id) await bringForward(tx, by, { page_id }, `${channel} fails`);
      return { again: dueAt, failed: [] };
    }
  }
}

/** So many tries that failed, or one that took so long, and the person's next method rings beside this one. */
const MOST_TRIES_ALONE = 2;
const PATIENCE_MS = 5_000;

/** Members whose latest try is this one: another worker may have taken over from one that was thought dead. */
async function stillOurs(tx: Tx, { members, attempts }: Carried): Promise<DeliveryRow[]> {
  const ids = [...attempts.keys()];
  const locked = await tx
    .selectFrom("deliveries")
    .select(["id", "status"])
    .where("id", "in", ids)
    .orderBy("id")
    .forUpdate()
    .execute();
  const latest = await tx
    .selectFrom("delivery_attempts")
    .select((eb) => ["delivery_id", eb.fn.max("number").as("number")])
    .where("delivery_id", "in", ids)
    .groupBy("delivery_id")
    .execute();
  const statusOf = new Map(locked.map((row) => [row.id, row.status]));
  const lastOf = new Map(latest.map((row) => [row.delivery_id, row.number]));
  return members
    .filter((row) => statusOf.get(row.id) === "sending" && lastOf.get(row.id) === attempts.get(row.id))
    .map((row) => ({ ...row, status: "sending" }));
}
