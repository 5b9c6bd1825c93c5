import { type SqlBool, sql } from "kysely";
import type { By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import type { ContactMethodRow } from "./contact-methods.ts";
import { MAY_HAVE_REACHED } from "./model.ts";
import { addDelivery, blockedBy, type Notice, type SubjectRef } from "./new-delivery.ts";
import "../org/table.ts";

export interface TellThose {
  subject: SubjectRef;
  purpose: Notice;
  /** Only these people; one who was never paged is told by their first method. Without it: whoever a page reached. */
  personIds?: readonly string[];
}

/**
 * A message without a demand, to everyone whom a page has reached or may have, by the methods that it took.
 * Not to whoever's page was cancelled before it went out. Answers who is told.
 */
export async function tellThose(tx: Tx, by: By, input: TellThose): Promise<{ id: string; name: string }[]> {
  const { subject, purpose } = input;
  const ways = await waysTo(tx, input);
  const { round } = await tx
    .selectFrom("pages")
    .select((eb) => eb.fn.coalesce(eb.fn.max("round"), eb.val(1)).as("round"))
    .where("subject_id", "=", subject.id)
    .executeTakeFirstOrThrow();
  for (const { person_name: _, ...method } of ways) {
    const blocked = blockedBy(method, by);
    if (await isQueued(tx, { subject, purpose, methodId: method.id })) continue;
    const step = { method, afterMs: 0, blocked };
    await addDelivery(tx, by, { subject, purpose, personId: method.user_id, pageId: null, round, ...step });
  }
  return [...new Map(ways.map((way) => [way.user_id, { id: way.user_id, name: way.person_name }])).values()];
}

/** One message that is still to go out says everything there is by then. */
const isQueued = async (
  tx: Tx,
  { subject, purpose, methodId }: { subject: SubjectRef; purpose: Notice; methodId: string },
): Promise<boolean> =>
  (await tx
    .selectFrom("deliveries")
    .select("id")
    .where("subject_id", "=", subject.id)
    .where("purpose", "=", purpose)
    .where("contact_method_id", "=", methodId)
    .where("status", "=", "queued")
    .executeTakeFirst()) !== undefined;

type Way = ContactMethodRow & { person_name: string };

async function waysTo(tx: Tx, { subject, personIds }: TellThose): Promise<Way[]> {
  const reached = await methods(tx)
    .where(mayHaveReached(subject.id))
    .$if(personIds !== undefined, (query) => query.where("user_id", "in", [...(personIds ?? [])]))
    .execute();
  const known = new Set(reached.map((way) => way.user_id));
  const others = (personIds ?? []).filter((id) => !known.has(id));
  if (others.length === 0) return reached;
  const first = await methods(tx)
    .distinctOn("user_id")
    .where("user_id", "in", others)
    .where("verified_at", "is not", null)
    .orderBy("user_id")
    .orderBy("position")
    .orderBy("contact_methods.created_at")
    .execute();
  return [...reached, ...first];
}

const methods = (tx: Tx) =>
  tx
    .selectFrom("contact_methods")
    .innerJoin("users", "users.id", "contact_methods.user_id")
    .selectAll("contact_methods")
    .select("users.name as person_name")
    .where("users.deactivated_at", "is", null)
    .where("disabled_at", "is", null);

/** Methods that took a page about the subject; a try whose worker died counts, for it may have gone out. */
const mayHaveReached = (subjectId: string) => sql<SqlBool>`exists (
  select 1 from deliveries d where d.contact_method_id = contact_methods.id
    and d.subject_id = ${subjectId} and d.purpose = 'page'
    and (d.status = any(${[...MAY_HAVE_REACHED]}) or exists (
      select 1 from delivery_attempts a where a.delivery_id = d.id and a.outcome in ('sending', 'accepted'))))`;
