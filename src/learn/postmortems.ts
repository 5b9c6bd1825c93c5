import { sql } from "kysely";
import type { z } from "zod";
import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { type Problem, Refusal } from "../platform/refusal.ts";
import { lockPostmortem, mustDelete, mustWrite, type PostmortemRow } from "./find.ts";
import { draftFrom, refreshed } from "./model.ts";
import { indexWritten } from "./recall/index-again.ts";
import { readRecord } from "./record.ts";
import type { postmortemPatch, Sections } from "./schema.ts";
import { incidentsOf, tellIncidents, tellOpenBrowsers } from "./tell.ts";
import { timeOn } from "./words.ts";
import "./table.ts";

type Patch = z.infer<typeof postmortemPatch>;

/** The text fields of a postmortem, as an audit entry shows them: which sections changed, not their length. */
const audited = (
  row: Pick<PostmortemRow, "title" | "headline" | "severity" | "tags" | "visibility" | "state">,
) => ({
  title: row.title,
  headline: row.headline,
  severity: row.severity,
  tags: row.tags,
  visibility: row.visibility,
  state: row.state,
});

/** Takes the row, and refuses whoever may not write it. */
async function toWrite(tx: Tx, by: By, id: string): Promise<PostmortemRow> {
  const row = await lockPostmortem(tx, id);
  mustWrite(by.actor, row);
  return row;
}

const refusePublished = (row: PostmortemRow, doing: string): void => {
  if (row.state !== "published") return;
  throw new Refusal("conflict", `“${row.title}” is published and can't be ${doing}. Reopen it first.`);
};

/** Changes what is given. With `version`, only if nobody else changed it since that one was read. */
export async function changePostmortem(
  tx: Tx,
  by: By,
  { id, version, ...patch }: Patch & { id: string },
): Promise<void> {
  const row = await toWrite(tx, by, id);
  refusePublished(row, "changed");
  if (version !== undefined && version !== row.version) throw await stale(tx, by, row);
  const { sections, changed } = mergeSections(row.sections, patch.sections);
  const next = { ...audited(row), ...withoutSections(patch) };
  await tx
    .updateTable("postmortems")
    .set({ ...next, sections: json(sections), version: row.version + 1, updated_at: by.at })
    .where("id", "=", id)
    .execute();
  await indexWritten(tx, by, id);
  await audit(tx, by, {
    action: "updated",
    type: "postmortem",
    id,
    name: next.title,
    before: audited(row),
    after: { ...next, ...(changed.length > 0 ? { sections: changed } : {}) },
  });
  await tellOpenBrowsers(tx, by, { ...row, visibility: next.visibility });
}

function withoutSections({ sections: _, ...fields }: Patch): Omit<Patch, "sections" | "version"> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function mergeSections(
  old: Sections,
  given: Sections | undefined,
): { sections: Sections; changed: string[] } {
  const sections = { ...old, ...given };
  const changed = Object.entries(sections)
    .filter(([name, text]) => (Object.entries(old).find(([key]) => key === name)?.[1] ?? "") !== text)
    .map(([name]) => name);
  return { sections, changed };
}

async function stale(tx: Tx, by: By, row: PostmortemRow): Promise<Refusal> {
  const last = await tx
    .selectFrom("audit_entries")
    .select(["actor_name", "at"])
    .where("object_type", "=", "postmortem")
    .where("object_id", "=", row.id)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  const who = last ? `${last.actor_name} changed it at ${timeOn(last.at, by.at)}` : "Somebody changed it";
  const detail = `${who}; it is at version ${row.version} now. Load it again, then make your change.`;
  return new Refusal("conflict", detail, { problems: [{ pointer: "/version", detail }] });
}

/** To the library, where everybody who may see its team's things reads it. Facts are read once more before. */
export async function publishPostmortem(tx: Tx, by: By, id: string): Promise<void> {
  const row = await toWrite(tx, by, id);
  if (row.state === "published") return;
  const problems = [...missingFrom(row), ...(await unansweredRepeats(tx, id))];
  if (problems.length > 0) {
    const detail = problems.map((problem) => problem.detail).join(" ");
    throw new Refusal("invalid", `Not ready to publish: ${detail}`, { problems });
  }
  const current = await readAgain(tx, by, row);
  await tx
    .updateTable("postmortems")
    .set({
      ...current,
      state: "published",
      version: row.version + 1,
      published_at: by.at,
      published_by: by.actor.type === "user" ? by.actor.id : null,
      updated_at: by.at,
    })
    .where("id", "=", id)
    .execute();
  await indexWritten(tx, by, id);
  await audit(tx, by, { action: "published", type: "postmortem", id, name: current.title });
  await tellIncidents(tx, by, { id, text: `Postmortem published: ${current.title}` });
  await tellOpenBrowsers(tx, by, row);
}

const LESSONS = ["lessons_well", "lessons_poorly", "lessons_lucky"] as const;

/** What a reader must not miss. Written by a person or by the draft, it may not be empty. */
function missingFrom(row: Pick<PostmortemRow, "headline" | "sections">): Problem[] {
  const empty = (text: string | undefined): boolean => (text ?? "").trim() === "";
  const problems: Problem[] = [];
  if (empty(row.headline))
    problems.push({ pointer: "/headline", detail: "Write the one sentence that everybody will read." });
  if (empty(row.sections.causes))
    problems.push({ pointer: "/sections/causes", detail: "Say what made it happen and what made it worse." });
  if (LESSONS.every((name) => empty(row.sections[name]))) {
    const detail = "Write at least one lesson: what went well, what went poorly or where you were lucky.";
    problems.push({ pointer: "/sections/lessons_well", detail });
  }
  return problems;
}

/** A failure that came back is published only with an answer to "why again?". */
async function unansweredRepeats(tx: Tx, id: string): Promise<Problem[]> {
  const { rows } = await sql<{ number: number; problem: number }>`
    select i.number, p.number as problem from postmortem_incidents pi
    join problem_incidents o on o.incident_id = pi.incident_id
    join incidents i on i.id = pi.incident_id
    join problems p on p.id = o.problem_id
    where pi.postmortem_id = ${id} and o.repeat and o.why_again is null order by i.number`.execute(tx);
  return rows.map(({ number, problem }) => ({
    pointer: "/incidents",
    detail: `Incident #${number} is a repeat of problem ${problem}: say on its page why it happened again.`,
  }));
}

/** Back to a draft: it leaves the library until it is published again. */
export async function reopenPostmortem(tx: Tx, by: By, id: string): Promise<void> {
  const row = await toWrite(tx, by, id);
  if (row.state !== "published") return;
  await tx
    .updateTable("postmortems")
    .set({
      state: "draft",
      version: row.version + 1,
      published_at: null,
      published_by: null,
      updated_at: by.at,
    })
    .where("id", "=", id)
    .execute();
  await audit(tx, by, { action: "reopened", type: "postmortem", id, name: row.title });
  await tellIncidents(tx, by, { id, text: `Postmortem reopened: ${row.title}` });
  await tellOpenBrowsers(tx, by, row);
}

/** Reads the facts again, and rewrites what is still word for word the draft's own. */
export async function refreshPostmortem(tx: Tx, by: By, id: string): Promise<void> {
  const row = await toWrite(tx, by, id);
  refusePublished(row, "refreshed");
  const current = await readAgain(tx, by, row);
  await tx
    .updateTable("postmortems")
    .set({ ...current, version: row.version + 1, updated_at: by.at })
    .where("id", "=", id)
    .execute();
  await indexWritten(tx, by, id);
  await audit(tx, by, { action: "refreshed", type: "postmortem", id, name: current.title });
  await tellOpenBrowsers(tx, by, row);
}

async function readAgain(tx: Tx, by: By, row: PostmortemRow) {
  const incidents = await incidentsOf(tx, row.id);
  const record = await readRecord(
    tx,
    incidents.map(({ id }) => id),
    by.at,
  );
  const { drafted, ...facts } = row.facts;
  const current = refreshed({ ...row, facts, drafted }, draftFrom(record));
  return {
    title: current.title,
    headline: current.headline,
    sections: json(current.sections),
    facts: json({ ...current.facts, drafted: current.drafted }),
    occurred_at: Temporal.Instant.from(current.facts.started_at),
  };
}

/** Throws a draft away, its action items with it. What is published has been read: it is reopened first. */
export async function deletePostmortem(tx: Tx, by: By, id: string): Promise<void> {
  const row = await lockPostmortem(tx, id);
  mustDelete(by.actor, row);
  refusePublished(row, "deleted");
  await tellIncidents(tx, by, { id, text: "Postmortem draft deleted" });
  await sql`delete from postmortems where id = ${id}`.execute(tx);
  await audit(tx, by, {
    action: "deleted",
    type: "postmortem",
    id,
    name: row.title,
    before: { ...audited(row), sections: row.sections },
  });
  await tellOpenBrowsers(tx, by, row);
}
