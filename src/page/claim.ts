import { type SqlBool, sql } from "kysely";
import type { By } from "../org/actor.ts";
import { later } from "../platform/clock.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { Answer } from "./answer.ts";
import { type DeliveryRow, keepWanted, notBefore } from "./conditions.ts";
import type { ContactMethodRow } from "./contact-methods.ts";
import { takePlace } from "./in-line.ts";
import { beginAttempts, happened } from "./ledger.ts";
import type { Purpose, Urgency } from "./model.ts";
import { failDeliveries } from "./next-method.ts";
import type { Breaker } from "./providers/send-through.ts";

/** What one message carries, once it is claimed: nobody joins it later. */
export interface Carried {
  /** The delivery whose id the message has on every try. */
  carrierId: string;
  personId: string;
  purpose: Purpose;
  method: ContactMethodRow;
  members: readonly DeliveryRow[];
  /** Each member's number of this try. */
  attempts: ReadonlyMap<string, number>;
  claimedAt: Temporal.Instant;
  /** The provider in whose line it has a place; it is tried first. */
  providerId: string | null;
}

export type Claim =
  /** It is over, or another delivery's message carries it. */
  | { kind: "nothing" }
  | { kind: "wait"; until: Temporal.Instant }
  /** It has failed; whether its person can still be reached is to be looked at. */
  | { kind: "failed"; deliveryIds: readonly string[] }
  | { kind: "claimed"; carried: Carried };

/** More than this many subjects make no readable message; the rest is the next bundle. */
const MOST_MEMBERS = 100;
/** How much earlier than its carrier a member can have been planned. */
const BUNDLE_LOOK_BACK_MS = 7 * 86_400_000;
const selectDeliveries = (db: DbOrTx) =>
  db
    .selectFrom("deliveries as d")
    .leftJoin("pages as p", "p.id", "d.page_id")
    .select([
      "d.id",
      "d.page_id",
      "d.subject_id",
      "d.person_id",
      "d.contact_method_id",
      "d.channel",
      "d.purpose",
      "d.status",
      "d.bundle_id",
      "d.waits_for",
      "d.due_at",
      "d.created_at",
      "p.reason as page_reason",
      sql<number>`coalesce(p.round, (d.content->>'round')::integer, 1)`.as("round"),
      sql<Urgency>`coalesce(p.urgency, 'low')`.as("urgency"),
    ]);

/**
 * Takes a delivery to send it, by compare-and-set: what was answered, resolved or overtaken by another round since is
 * cancelled here. The try is on the ledger, committed, before the provider hears of it.
 */
export async function claimDelivery(
  tx: Tx,
  by: By,
  { deliveryId, answer, breaker }: { deliveryId: string; answer: Answer; breaker: Breaker },
): Promise<Claim> {
  const seen = await selectDeliveries(tx).where("d.id", "=", deliveryId).executeTakeFirst();
  if (!seen) return { kind: "nothing" };
  // One claim at a time per method: two pages must not both be the first of a storm.
  const method = await lockMethod(tx, seen.contact_method_id);
  const open = await lockOpen(tx, { seen, now: by.at });
  const fresh = seen.bundle_id === null;
  if (open.length === 0 || (fresh && !open.some((row) => row.id === seen.id))) return afterwards(tx, seen);
  if (!method) return giveUp(tx, by, open);
  const until = await notBefore(tx, by, { seen, open });
  if (until) return { kind: "wait", until };
  const members = await keepWanted(tx, by, { rows: open, answer });
  if (members.length === 0) return { kind: "nothing" };
  const place = await takePlace(tx, by, { seen, method, breaker });
  if (place.kind === "wait") return place;
  const carried = await take(tx, by, { seen, members, method });
  return { kind: "claimed", carried: { ...carried, providerId: place.providerId } };
}

/** Nothing of it is open: another message carries it, or it is over; what failed is looked at once more. */
async function afterwards(tx: Tx, seen: DeliveryRow): Promise<Claim> {
  if (seen.bundle_id !== seen.id)
    return seen.status === "failed" ? { kind: "failed", deliveryIds: [seen.id] } : { kind: "nothing" };
  const failed = await tx
    .selectFrom("deliveries")
    .select("id")
    .where("person_id", "=", seen.person_id)
    .where("created_at", ">", later(seen.created_at, -BUNDLE_LOOK_BACK_MS))
    .where("bundle_id", "=", seen.id)
    .where("status", "=", "failed")
    .execute();
  return failed.length > 0
    ? { kind: "failed", deliveryIds: failed.map((row) => row.id) }
    : { kind: "nothing" };
}

/** The method, if it can still be used, held until this claim is through. */
async function lockMethod(tx: Tx, id: string | null): Promise<ContactMethodRow | undefined> {
  if (id === null) return undefined;
  return tx
    .selectFrom("contact_methods")
    .innerJoin("users", "users.id", "contact_methods.user_id")
    .selectAll("contact_methods")
    .where("contact_methods.id", "=", id)
    .where("verified_at", "is not", null)
    .where("disabled_at", "is", null)
    .where("users.deactivated_at", "is", null)
    .forNoKeyUpdate("contact_methods")
    .executeTakeFirst();
}

/**
 * The rows this claim is about: those that its message already carries or, for a page that has not been tried,
 * whatever else is due by the same method. Locked in order of id, as an answer locks them too.
 */
async function lockOpen(
  tx: Tx,
  { seen, now }: { seen: DeliveryRow; now: Temporal.Instant },
): Promise<DeliveryRow[]> {
  return selectDeliveries(tx)
    .where(sql<SqlBool>`d.id in (${candidates({ seen, now })})`)
    .where(
      sql<SqlBool>`((d.status = 'queued' and (d.bundle_id is null or d.bundle_id = ${seen.id}))
        or (d.status = 'sending' and d.bundle_id = ${seen.id}))`,
    )
    .orderBy("d.id")
    .forUpdate("d")
    .execute();
}

/** The delivery itself first, so that it is never the one that is too many. */
function candidates({ seen, now }: { seen: DeliveryRow; now: Temporal.Instant }) {
  const gathers = seen.purpose === "page" && seen.bundle_id === null;
  return sql`
    select id from deliveries
    where status in ('queued', 'sending') and person_id = ${seen.person_id}
      and (id = ${seen.id} or bundle_id = ${seen.id}
        or (${gathers}::boolean and contact_method_id = ${seen.contact_method_id} and purpose = 'page'
          and bundle_id is null and status = 'queued' and due_at <= ${now}))
    order by id = ${seen.id} desc, id
    limit ${MOST_MEMBERS}`;
}

/** Of a message that was taken, what its person has neither seen nor answered, and the method, if it can still be used. */
export async function unseenMembers(
  tx: Tx,
  carrierId: string,
): Promise<{ method: ContactMethodRow; members: DeliveryRow[] } | null> {
  const carrier = await selectDeliveries(tx).where("d.id", "=", carrierId).executeTakeFirst();
  // The method first, as a claim locks them.
  const method = await lockMethod(tx, carrier?.contact_method_id ?? null);
  if (!method) return null;
  const members = await selectDeliveries(tx)
    .where("d.bundle_id", "=", carrierId)
    .where("d.status", "in", ["sent", "delivered"])
    .where("p.answered_at", "is", null)
    .where("p.urgency", "=", "high")
    .orderBy("d.id")
    .forUpdate("d")
    .execute();
  return { method, members };
}

async function giveUp(tx: Tx, by: By, rows: readonly DeliveryRow[]): Promise<Claim> {
  const why = "This contact method was removed or disabled, or its owner has left";
  await failDeliveries(tx, by, { rows, why });
  return { kind: "failed", deliveryIds: rows.map((row) => row.id) };
}

/** Marks the members as one message and writes their try. */
async function take(
  tx: Tx,
  by: By,
  { seen, members, method }: { seen: DeliveryRow; members: readonly DeliveryRow[]; method: ContactMethodRow },
): Promise<Omit<Carried, "providerId">> {
  const ids = members.map((row) => row.id);
  await happened(tx, by, { rows: members, event: { kind: "claimed" }, reason: null, bundleId: seen.id });
  const attempts = await beginAttempts(tx, ids, by.at);
  const { person_id: personId, purpose, id: carrierId } = seen;
  return { carrierId, personId, purpose, method, members, attempts, claimedAt: by.at };
}
