import type { By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { newId } from "../platform/ids.ts";
import { happened, publishDeliveries } from "./ledger.ts";
import type { Urgency } from "./model.ts";
import { addDelivery, blockedBy, type PlannedDelivery, type Step, type SubjectRef } from "./new-delivery.ts";
import { stuckChannels } from "./stuck.ts";
import "./table.ts";

export { tellThose } from "./tell.ts";

export interface NewPage {
  personId: string;
  round: number;
  level: number;
  repeat: number;
  urgency: Urgency;
  /** Why this person is paged, as they will read it. */
  reason: string;
}

export interface CreatedPage {
  id: string;
  personId: string;
  /** False when this very page existed already: nothing was added. */
  created: boolean;
  /** Whether any way to the person is being tried. False: escalation needn't wait for them. */
  reached: boolean;
}

export interface NewPages {
  subject: SubjectRef;
  pages: readonly NewPage[];
  plan: (personId: string) => readonly PlannedDelivery[];
}

/** Demands that people respond: pages, their deliveries and one job each, in the caller's transaction. */
export async function createPages(
  tx: Tx,
  by: By,
  { subject, pages, plan }: NewPages,
): Promise<CreatedPage[]> {
  const made: CreatedPage[] = [];
  for (const page of pages) made.push(await createPage(tx, by, { subject, page, plan: plan(page.personId) }));
  return made;
}

async function createPage(
  tx: Tx,
  by: By,
  { subject, page, plan }: { subject: SubjectRef; page: NewPage; plan: readonly PlannedDelivery[] },
): Promise<CreatedPage> {
  const { personId, ...demand } = page;
  const id = newId(by.platform.clock);
  const inserted = await tx
    .insertInto("pages")
    .values({
      id,
      subject_type: subject.type,
      subject_id: subject.id,
      person_id: personId,
      created_at: by.at,
      ...demand,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!inserted) return existingPage(tx, { subject, page });
  const steps = arrange(plan, by, plan.length > 1 ? await stuckChannels(tx, by.at) : new Set());
  for (const step of steps)
    await addDelivery(tx, by, { subject, personId, pageId: id, purpose: "page", ...step });
  await by.platform.live.publish(tx, { type: "page", id, of: subject.id });
  return { id, personId, created: true, reached: steps.some((step) => step.blocked === null) };
}

async function existingPage(
  tx: Tx,
  { subject, page }: { subject: SubjectRef; page: NewPage },
): Promise<CreatedPage> {
  const rows = await tx
    .selectFrom("pages")
    .leftJoin("deliveries", "deliveries.page_id", "pages.id")
    .select(["pages.id", "deliveries.status"])
    .where("pages.subject_id", "=", subject.id)
    .where("pages.round", "=", page.round)
    .where("pages.level", "=", page.level)
    .where("pages.repeat", "=", page.repeat)
    .where("pages.person_id", "=", page.personId)
    .execute();
  const reached = rows.some(({ status }) => status !== null && status !== "failed");
  return { id: rows[0]!.id, personId: page.personId, created: false, reached };
}

/**
 * The plan in order of time. A method that can't work here hands its turn to the next one that can; one whose channel is
 * stuck shares it with the next one whose isn't.
 */
function arrange(plan: readonly PlannedDelivery[], by: By, stuck: ReadonlySet<string>): Step[] {
  const steps = plan
    .toSorted((a, b) => a.afterMs - b.afterMs)
    .map((step) => ({ ...step, blocked: blockedBy(step.method, by) }));
  const works = steps.filter((step) => step.blocked === null);
  const first = [works[0], works.find(({ method }) => !stuck.has(method.channel))];
  return steps.map((step) => (first.includes(step) ? { ...step, afterMs: steps[0]!.afterMs } : step));
}

export interface CancelRinging {
  /** Whose pages go on ringing. */
  exceptPerson?: string;
  /** Pages of this level go on ringing. */
  exceptLevel?: number;
  /** Only the pages of this person, or of this level. */
  onlyPerson?: string;
  onlyLevel?: number;
  /** Why, as the ledger says it: "acknowledged by Bo". */
  reason: string;
  /** Where it was answered: "email link", "Keepwatch", "resolved". */
  how: string;
}

/** Somebody answered: in the caller's transaction nothing of the subject rings any more. */
export async function cancelRinging(
  tx: Tx,
  by: By,
  subjectId: string,
  { exceptPerson, exceptLevel, onlyPerson, onlyLevel, reason, how }: CancelRinging,
): Promise<{ cancelled: number }> {
  const ringing = await tx
    .selectFrom("deliveries")
    .select(["id", "page_id", "subject_id", "status"])
    .where("subject_id", "=", subjectId)
    .where("purpose", "=", "page")
    .where("status", "=", "queued")
    .$if(exceptPerson !== undefined, (query) => query.where("person_id", "!=", exceptPerson!))
    .$if(onlyPerson !== undefined, (query) => query.where("person_id", "=", onlyPerson!))
    .$if(exceptLevel !== undefined, (query) =>
      query.where("page_id", "in", pagesOf(tx, subjectId).where("level", "!=", exceptLevel!)),
    )
    .$if(onlyLevel !== undefined, (query) =>
      query.where("page_id", "in", pagesOf(tx, subjectId).where("level", "=", onlyLevel!)),
    )
    .orderBy("id")
    .forUpdate()
    .execute();
  await happened(tx, by, { rows: ringing, event: { kind: "unwanted" }, reason });
  const answered = await tx
    .updateTable("pages")
    .set({ answered_at: by.at, answered_by: personOf(by), answered_how: how })
    .where("subject_id", "=", subjectId)
    .where("answered_at", "is", null)
    .$if(exceptPerson !== undefined, (query) => query.where("person_id", "!=", exceptPerson!))
    .$if(onlyPerson !== undefined, (query) => query.where("person_id", "=", onlyPerson!))
    .$if(exceptLevel !== undefined, (query) => query.where("level", "!=", exceptLevel!))
    .$if(onlyLevel !== undefined, (query) => query.where("level", "=", onlyLevel!))
    .returning(["id", "id as page_id", "subject_id"])
    .execute();
  await publishDeliveries(tx, by.platform, answered);
  return { cancelled: ringing.length };
}

const pagesOf = (tx: Tx, subjectId: string) =>
  tx.selectFrom("pages").select("id").where("subject_id", "=", subjectId);

const personOf = (by: By): string | null =>
  by.actor.type === "user" || by.actor.type === "link" ? by.actor.id : null;
