import { sql } from "kysely";
import type { z } from "zod";
import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { can } from "../org/can.ts";
import type { Tx } from "../platform/database/database.ts";
import { newId } from "../platform/ids.ts";
import { invalid, missing, Refusal } from "../platform/refusal.ts";
import type { MonitorStatus } from "../watch/schema.ts";
import { findPostmortem, lockPostmortem, mustRead, mustWrite, type PostmortemRow } from "./find.ts";
import type { ActionState, actionItemCreate, actionItemPatch } from "./schema.ts";
import { indexPostmortem } from "./search.ts";
import { tellOpenBrowsers } from "./tell.ts";
import { fullTime } from "./words.ts";
import "./table.ts";

/** Adds a measure to a postmortem, in whatever state that is. @returns its id. */
export async function createActionItem(
  tx: Tx,
  by: By,
  input: z.output<typeof actionItemCreate>,
): Promise<string> {
  const postmortem = await lockPostmortem(tx, input.postmortem).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "missing") throw unknownPostmortem(input.postmortem);
    throw error;
  });
  mustWrite(by.actor, postmortem);
  const id = newId(by.platform.clock);
  const guard = await findGuard(tx, by, input.guard?.monitor ?? null);
  await tx
    .insertInto("action_items")
    .values({
      id,
      postmortem_id: postmortem.id,
      title: input.title,
      owner_id: await findOwner(tx, input.owner),
      priority: input.priority,
      type: input.type,
      due: input.due,
      guard_monitor_id: guard?.id ?? null,
      created_at: by.at,
      updated_at: by.at,
    })
    .execute();
  await audit(tx, by, { action: "created", type: "action_item", id, name: input.title, after: input });
  await changed(tx, by, postmortem);
  return id;
}

const unknownPostmortem = (id: string): Refusal => invalid("/postmortem", `There is no postmortem ${id}.`);

/** The search knows the items' titles, and the postmortem's page shows them. */
async function changed(tx: Tx, by: By, postmortem: PostmortemRow): Promise<void> {
  await indexPostmortem(tx, postmortem.id);
  await tellOpenBrowsers(tx, by, postmortem);
}

async function findOwner(tx: Tx, email: string | null): Promise<string | null> {
  if (email === null) return null;
  const { rows } = await sql<{ id: string }>`
    select id from users where lower(email) = ${email.toLowerCase()} and deactivated_at is null`.execute(tx);
  const [owner] = rows;
  if (!owner) throw invalid("/owner", `Nobody active has the e-mail address ${email}.`);
  return owner.id;
}

interface Guard {
  id: string;
  slug: string;
  name: string;
  status: MonitorStatus;
  since: Temporal.Instant;
  paused: boolean;
}

const selectGuard = sql`
  select m.id, m.slug, m.name, m.status, m.status_since as since, m.paused_at is not null as paused,
    s.team_id as team, s.visibility from monitors m join services s on s.id = m.service_id`;

async function findGuard(tx: Tx, by: By, slug: string | null): Promise<Guard | null> {
  if (slug === null) return null;
  const { rows } = await sql<Guard & { team: string | null; visibility: "company" | "team" }>`
    ${selectGuard} where m.slug = ${slug}`.execute(tx);
  const [guard] = rows;
  if (!guard || !can(by.actor, "read", { type: "monitor", team: guard.team, visibility: guard.visibility }))
    throw invalid("/guard/monitor", `There is no monitor "${slug}".`);
  return guard;
}

async function guardById(tx: Tx, id: string | null): Promise<Guard | null> {
  if (id === null) return null;
  const { rows } = await sql<Guard>`${selectGuard} where m.id = ${id} for update of m`.execute(tx);
  return rows[0] ?? null;
}

/** What proves the fix must say so: an item is done only while its guard is up. */
function refuseUnproven(guard: Guard | null): void {
  if (!guard || (guard.status === "up" && !guard.paused)) return;
  const is = guard.paused ? "paused" : `${guard.status} since ${fullTime(guard.since)}`;
  throw new Refusal(
    "conflict",
    `The monitor ${guard.name} guards this item and is ${is}: the fix isn't proven. Mark it done once the monitor is up, or guard it with another one.`,
    { problems: [{ pointer: "/state", detail: `its guard ${guard.slug} is ${is}` }] },
  );
}

interface ItemRow {
  id: string;
  postmortem_id: string;
  title: string;
  owner_id: string | null;
  priority: "high" | "normal";
  type: z.output<typeof actionItemCreate>["type"];
  due: string | null;
  state: ActionState;
  reason: string | null;
  guard_monitor_id: string | null;
  closed_at: Temporal.Instant | null;
}

async function lockItem(tx: Tx, id: string): Promise<{ item: ItemRow; postmortem: PostmortemRow }> {
  const item = await tx
    .selectFrom("action_items")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!item) throw missing(`action item ${id}`);
  return { item, postmortem: await findPostmortem(tx, item.postmortem_id) };
}

type Patch = z.infer<typeof actionItemPatch>;

/**
 * Changes what is given. The owner may change it like those who write the postmortem. `done` needs the guard up,
 * `wont_do` a reason; back to `open` clears both.
 */
export async function changeActionItem(
  tx: Tx,
  by: By,
  { id, ...patch }: Patch & { id: string },
): Promise<void> {
  const { item, postmortem } = await lockItem(tx, id);
  if (item.owner_id !== null && by.actor.type === "user" && item.owner_id === by.actor.id)
    mustRead(by.actor, postmortem);
  else mustWrite(by.actor, postmortem);
  const guard =
    patch.guard === undefined
      ? await guardById(tx, item.guard_monitor_id)
      : await findGuard(tx, by, patch.guard?.monitor ?? null);
  const state = patch.state ?? item.state;
  if (state === "done" && (item.state !== "done" || patch.guard !== undefined)) refuseUnproven(guard);
  const next = {
    title: patch.title ?? item.title,
    owner_id: patch.owner === undefined ? item.owner_id : await findOwner(tx, patch.owner),
    priority: patch.priority ?? item.priority,
    type: patch.type ?? item.type,
    due: patch.due === undefined ? item.due : patch.due,
    guard_monitor_id: guard?.id ?? null,
    state,
    reason: reasonFor(state, patch, item),
    closed_at: closedAt(state, item, by.at),
  };
  await tx
    .updateTable("action_items")
    .set({ ...next, updated_at: by.at })
    .where("id", "=", id)
    .execute();
  await audit(tx, by, {
    action: state === item.state ? "updated" : ACTIONS[state],
    type: "action_item",
    id,
    name: next.title,
    before: audited(item),
    after: audited(next),
  });
  await changed(tx, by, postmortem);
}

const ACTIONS: Record<ActionState, string> = { open: "reopened", done: "done", wont_do: "will not be done" };

const audited = (item: Omit<ItemRow, "id" | "postmortem_id">) => ({
  title: item.title,
  owner_id: item.owner_id,
  priority: item.priority,
  type: item.type,
  due: item.due,
  guard_monitor_id: item.guard_monitor_id,
  state: item.state,
  reason: item.reason,
});

function reasonFor(state: ActionState, patch: Patch, item: ItemRow): string | null {
  if (state === "open") return null;
  const given = patch.reason === undefined && state === item.state ? item.reason : patch.reason;
  const reason = given?.trim() ?? "";
  if (state === "wont_do" && reason === "")
    throw invalid("/reason", "Say why it won't be done: whoever meets this failure again will ask.");
  return reason === "" ? null : reason;
}

const closedAt = (state: ActionState, item: ItemRow, now: Temporal.Instant): Temporal.Instant | null => {
  if (state === "open") return null;
  return state === item.state ? item.closed_at : now;
};

/** Takes an item off its postmortem. To drop a promise, say `wont_do` instead. */
export async function deleteActionItem(tx: Tx, by: By, id: string): Promise<void> {
  const { item, postmortem } = await lockItem(tx, id);
  mustWrite(by.actor, postmortem);
  await tx.deleteFrom("action_items").where("id", "=", id).execute();
  await audit(tx, by, {
    action: "deleted",
    type: "action_item",
    id,
    name: item.title,
    before: audited(item),
  });
  await changed(tx, by, postmortem);
}
