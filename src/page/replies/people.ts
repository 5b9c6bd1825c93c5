import { sql } from "kysely";
import type { DbOrTx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import type { Answer, Brief } from "../answer.ts";
import type { Awaited, Sender } from "./answers.ts";
import "../table.ts";
import "../../org/table.ts";

/** The active person whose verified contact method leads to this address; null when nobody's does. */
export async function personBehind(
  db: DbOrTx,
  { channel, address }: Pick<Sender, "channel" | "address">,
): Promise<{ id: string; name: string } | null> {
  const found = await db
    .selectFrom("contact_methods")
    .innerJoin("users", "users.id", "contact_methods.user_id")
    .select(["users.id", "users.name"])
    .where("contact_methods.channel", "=", channel)
    .where(sql<boolean>`contact_methods.address @> ${json(address)}::jsonb`)
    .where("contact_methods.verified_at", "is not", null)
    .where("users.deactivated_at", "is", null)
    .orderBy("contact_methods.created_at")
    .executeTakeFirst();
  return found ?? null;
}

/** What was sent, by the id that its message carried to the person. */
export async function sentDelivery(db: DbOrTx, deliveryId: string) {
  return db
    .selectFrom("deliveries as d")
    .leftJoin("pages as p", "p.id", "d.page_id")
    .select(["d.id", "d.subject_id as subjectId", "d.person_id as personId", "d.channel"])
    .select(sql<number>`coalesce(p.round, (d.content->>'round')::integer, 1)`.as("round"))
    .where("d.id", "=", deliveryId)
    .where("d.subject_type", "=", "incident")
    .executeTakeFirst();
}

/** The subject of the message that the provider knows by this id. */
export async function subjectOfMessage(
  db: DbOrTx,
  { channel, providerId }: { channel: string; providerId: string },
): Promise<string | null> {
  const found = await db
    .selectFrom("deliveries")
    .select("subject_id")
    .where("channel", "=", channel)
    .where("provider_id", "=", providerId)
    .where("subject_type", "=", "incident")
    .orderBy("id")
    .executeTakeFirst();
  return found?.subject_id ?? null;
}

const LOOK_BACK_MS = 7 * 86_400_000;

/** What the person was paged for of late and is not over, the latest page first. */
export async function openFor(
  db: DbOrTx,
  { answer, personId, now }: { answer: Answer; personId: string; now: Temporal.Instant },
): Promise<Brief[]> {
  const pages = await db
    .selectFrom("pages")
    .select((eb) => ["subject_id as id", eb.fn.max("created_at").as("at")])
    .where("person_id", "=", personId)
    .where("created_at", ">", now.subtract({ milliseconds: LOOK_BACK_MS }))
    .groupBy("subject_id")
    .orderBy("at", "desc")
    .limit(50)
    .execute();
  const briefs = await answer.briefs(db, { ids: pages.map(({ id }) => id) });
  const byId = new Map(briefs.map((brief) => [brief.id, brief]));
  return pages.flatMap(({ id }) => byId.get(id) ?? []).filter(({ status }) => status !== "resolved");
}

/** How long a message may still be answered where it was read. */
const ANSWERABLE_MS = 3 * 3_600_000;

/** Pages that went out by a channel of late and that nobody has answered. */
export async function unanswered(
  db: DbOrTx,
  { channel, now }: { channel: string; now: Temporal.Instant },
): Promise<Awaited[]> {
  const rows = await db
    .selectFrom("deliveries as d")
    .innerJoin("pages as p", "p.id", "d.page_id")
    .select(["d.id as deliveryId", "d.provider_id as providerId"])
    .where("d.channel", "=", channel)
    .where("d.status", "in", ["sent", "delivered"])
    .where("d.provider_id", "is not", null)
    .where("d.created_at", ">", now.subtract({ milliseconds: ANSWERABLE_MS }))
    .where("p.answered_at", "is", null)
    .orderBy("d.id")
    .execute();
  return rows.flatMap(({ deliveryId, providerId }) =>
    providerId === null ? [] : [{ deliveryId, providerId }],
  );
}
