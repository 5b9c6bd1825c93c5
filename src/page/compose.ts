import type { DbOrTx } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import { missing } from "../platform/refusal.ts";
import type { Answer, Verb } from "./answer.ts";
import type { Carried } from "./claim.ts";
import type { DeliveryRow } from "./conditions.ts";
import { answerUrl } from "./links.ts";
import { type Addressee, bySeverity, type Item, type PageMessage } from "./message.ts";
import type { Subject } from "./model.ts";

/** A page goes out with what is known by then, rather than late. */
const DESCRIBE_LIMIT_MS = 3_000;
/** Subjects of a bundle that are read at once. */
const AT_ONCE = 4;

export async function addressee(db: DbOrTx, personId: string): Promise<Addressee> {
  const person = await db
    .selectFrom("users")
    .select(["name", "email", "time_zone as timeZone"])
    .where("id", "=", personId)
    .executeTakeFirst();
  if (!person) throw missing(`person ${personId}`);
  return person;
}

/** Reads what the message says: every subject as its person may see it now, and the links that answer it. */
export async function compose(platform: Platform, answer: Answer, carried: Carried): Promise<PageMessage> {
  const { personId, purpose } = carried;
  // A repeat may ring together with the page it repeats: one subject is said once, by its latest page.
  const members = [...new Map(carried.members.map((row) => [row.subject_id, row])).values()];
  const [person, items] = await Promise.all([
    addressee(platform.db, personId),
    itemsOf(platform, answer, members),
  ]);
  const [first, ...others] = items.sort(bySeverity);
  if (!first || purpose === "test") throw new Error(`nothing to say for delivery ${carried.carrierId}`);
  return {
    type: purpose,
    deliveryId: carried.carrierId,
    person,
    sentAt: platform.clock.now(),
    url: platform.url,
    items: [first, ...others],
  };
}

async function itemsOf(platform: Platform, answer: Answer, rows: readonly DeliveryRow[]): Promise<Item[]> {
  const items: Item[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE);
    items.push(...(await Promise.all(some.map((row) => itemOf(platform, answer, row)))));
  }
  return items;
}

async function itemOf(platform: Platform, answer: Answer, row: DeliveryRow): Promise<Item> {
  const link = (verb: Verb): string =>
    answerUrl(platform, {
      subjectId: row.subject_id,
      round: row.round,
      personId: row.person_id,
      verb,
      via: row.channel,
    });
  const [page, subject] = await Promise.all([
    pageOf(platform.db, row),
    describeInTime(platform, answer, row),
  ]);
  return {
    deliveryId: row.id,
    page,
    subject,
    actions: { acknowledge: link("acknowledge"), resolve: link("resolve"), escalate: link("escalate") },
  };
}

/** The demand a message is about; one that is no demand itself names the person's latest. */
async function pageOf(db: DbOrTx, row: DeliveryRow): Promise<Item["page"]> {
  if (row.page_id) return { id: row.page_id, reason: row.page_reason ?? "" };
  const latest = await db
    .selectFrom("pages")
    .select(["id", "reason"])
    .where("subject_id", "=", row.subject_id)
    .where("person_id", "=", row.person_id)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return latest ?? null;
}

/** A page whose subject can't be read in time still rings, with the little that the page itself knows. */
async function describeInTime(platform: Platform, answer: Answer, row: DeliveryRow): Promise<Subject> {
  const limit = AbortSignal.timeout(DESCRIBE_LIMIT_MS);
  const late = new Promise<never>((_resolve, reject) =>
    limit.addEventListener("abort", () => reject(new Error(`took longer than ${DESCRIBE_LIMIT_MS} ms`))),
  );
  try {
    return await Promise.race([answer.describe(platform.db, row.subject_id, row.person_id), late]);
  } catch (error) {
    platform.log.error({ error, subject: row.subject_id }, "a page goes out without its description");
    return bare(platform, row);
  }
}

const bare = (platform: Platform, row: DeliveryRow): Subject => ({
  kind: "incident",
  id: row.subject_id,
  number: 0,
  title: row.page_reason ?? "Something about an incident changed",
  severity: "",
  urgency: row.urgency,
  status: row.purpose === "resolved" ? "resolved" : "triggered",
  url: `${platform.url}/incidents/${row.subject_id}`,
  service: null,
  alerts: [],
  since: row.due_at,
  runbook: null,
  whoElse: [],
  similar: [],
  acknowledged: null,
  resolved: null,
});
