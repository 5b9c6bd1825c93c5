import { sql } from "kysely";
import type { By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import type { Answer } from "./answer.ts";
import { happened, note, type Told, wakeDelivery } from "./ledger.ts";
import type { DeliveryStatus } from "./schema.ts";

type Failing = Told & { channel: string; status: DeliveryStatus };

/** Ends deliveries that will never work this way, and brings forward what else their people can be reached by. */
export async function failDeliveries(
  tx: Tx,
  by: By,
  { rows, why }: { rows: readonly Failing[]; why: string },
): Promise<void> {
  const failed = await happened(tx, by, { rows, event: { kind: "refused", why }, reason: why });
  for (const { page_id, channel } of failed)
    if (page_id) await bringForward(tx, by, { page_id }, `${channel} was refused`);
}

/** The same page's next delivery that has not been tried is due now. Answers its channel, or null when none is left. */
export async function bringForward(
  tx: Tx,
  by: By,
  { page_id, notById }: { page_id: string; notById?: string },
  why: string,
): Promise<string | null> {
  const next = await tx
    .selectFrom("deliveries")
    .select(["id", "page_id", "subject_id", "channel", "due_at"])
    .where("page_id", "=", page_id)
    .where("status", "=", "queued")
    .where("bundle_id", "is", null)
    .$if(notById !== undefined, (query) => query.where("id", "!=", notById!))
    .orderBy("due_at")
    .orderBy("id")
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (!next) return null;
  if (Temporal.Instant.compare(next.due_at, by.at) <= 0) return next.channel;
  await note(tx, by, next, { dueAt: by.at, reason: `brought forward: ${why}` });
  await wakeDelivery(tx, by.platform, { id: next.id, at: by.at });
  return next.channel;
}

/** Also the mark that the subject has been told. */
const nobodyLeft = (name: string): string => `No other way to reach ${name} is left.`;

/**
 * After a failure: when every way to the page's person has failed, that is said on the ledger and to the subject,
 * once. Harmless to ask again.
 */
export async function tellIfUnreachable(
  tx: Tx,
  by: By,
  { deliveryId, answer }: { deliveryId: string; answer: Answer },
): Promise<void> {
  const page = await tx
    .selectFrom("deliveries as d")
    .innerJoin("pages as p", "p.id", "d.page_id")
    .innerJoin("users as u", "u.id", "p.person_id")
    .select([
      "p.id",
      "p.subject_id",
      "p.round",
      "p.level",
      "p.repeat",
      "p.person_id",
      "u.name",
      "p.answered_at",
    ])
    .where("d.id", "=", deliveryId)
    .executeTakeFirst();
  if (!page || page.answered_at) return;
  // Two methods may fail at the same moment. An advisory lock, because the subject's own row is locked before ours.
  await sql`select pg_advisory_xact_lock(hashtextextended(${page.id}, 7243))`.execute(tx);
  const all = await tx
    .selectFrom("deliveries")
    .select(["id", "page_id", "subject_id", "status", "reason"])
    .where("page_id", "=", page.id)
    .execute();
  const mark = nobodyLeft(page.name);
  if (all.some(({ status, reason }) => status !== "failed" || reason?.endsWith(mark))) return;
  const { subject_id, person_id, name, answered_at: _, ...rest } = page;
  await answer.unreachable(tx, by, { ...rest, subjectId: subject_id, personId: person_id, personName: name });
  const last = all.find(({ id }) => id === deliveryId);
  if (last)
    await note(tx, by, last, { reason: [last.reason?.replace(/\.$/, ""), mark].filter(Boolean).join(". ") });
}
