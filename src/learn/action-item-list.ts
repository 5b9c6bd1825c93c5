import { type RawBuilder, sql } from "kysely";
import type { z } from "zod";
import type { Actor } from "../org/actor.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import { filterWords, visiblePostmortems } from "./library.ts";
import { type actionItem, type actionItemQuery, actionState } from "./schema.ts";

export type ActionItem = z.infer<typeof actionItem>;

export interface ActionItemInput extends z.infer<typeof actionItemQuery> {
  limit: number;
  cursor?: string;
}

interface Row {
  id: string;
  title: string;
  owner: ActionItem["owner"];
  priority: ActionItem["priority"];
  type: ActionItem["type"];
  due: string | null;
  state: ActionItem["state"];
  reason: string | null;
  guard: ActionItem["guard"];
  postmortem_id: string;
  postmortem_title: string;
  created_at: Temporal.Instant;
  closed_at: Temporal.Instant | null;
  sort_due: string;
}

/** Where an action item is shown: on its postmortem's page. */
export const actionItemUrl = (url: string, { id, postmortemId }: { id: string; postmortemId: string }) =>
  `${url}/postmortems/${postmortemId}#action-${id}`;

/** What has no due date comes after all that has. */
const NO_DUE = "9999-12-31";

const selectItems = (where: RawBuilder<unknown>, limit: RawBuilder<unknown> = sql``): RawBuilder<Row> =>
  sql<Row>`
    select a.id, a.title, a.priority, a.type, a.due, a.state, a.reason, a.created_at, a.closed_at,
      p.id as postmortem_id, p.title as postmortem_title, coalesce(a.due, ${NO_DUE}::date) as sort_due,
      case when u.id is null then null else jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email) end as owner,
      case when m.id is null then null else jsonb_build_object('monitor',
        jsonb_build_object('slug', m.slug, 'name', m.name, 'status', m.status)) end as guard
    from action_items a
    join postmortems p on p.id = a.postmortem_id
    left join services s on s.id = p.service_id
    left join users u on u.id = a.owner_id
    left join monitors m on m.id = a.guard_monitor_id
    where ${where} order by coalesce(a.due, ${NO_DUE}::date), a.id ${limit}`;

const itemJson = (row: Row, url: string): ActionItem => ({
  id: row.id,
  title: row.title,
  owner: row.owner,
  priority: row.priority,
  type: row.type,
  due: row.due,
  state: row.state,
  reason: row.reason,
  guard: row.guard,
  postmortem: {
    id: row.postmortem_id,
    title: row.postmortem_title,
    url: `${url}/postmortems/${row.postmortem_id}`,
  },
  created_at: row.created_at.toString(),
  closed_at: row.closed_at?.toString() ?? null,
});

/** A postmortem's items, the soonest due first. */
export async function actionItemsOf(db: DbOrTx, postmortemId: string, url: string): Promise<ActionItem[]> {
  const { rows } = await selectItems(sql`p.id = ${postmortemId}`).execute(db);
  return rows.map((row) => itemJson(row, url));
}

export async function actionItemJson(db: DbOrTx, id: string, url: string): Promise<ActionItem | undefined> {
  const { rows } = await selectItems(sql`a.id = ${id}`).execute(db);
  return rows[0] && itemJson(rows[0], url);
}

/** Items of the postmortems that the actor may see, the soonest due first. */
export async function listActionItems(
  db: DbOrTx,
  { actor, url, input }: { actor: Actor; url: string; input: ActionItemInput },
): Promise<{ items: ActionItem[]; next: string | null }> {
  const states = filterWords(input.state, actionState.options, "/state");
  const where: RawBuilder<unknown>[] = [visiblePostmortems(actor)];
  if (states) where.push(sql`a.state = any(${states})`);
  if (input.postmortem) where.push(sql`p.id = ${input.postmortem}`);
  if (input.owner) where.push(ownedBy(actor, input.owner.trim()));
  const after = decodeCursor(input.cursor, ["date", "id"]);
  if (after)
    where.push(sql`(coalesce(a.due, ${NO_DUE}::date), a.id) > (${after[0]}::date, ${after[1]}::uuid)`);
  const { rows } = await selectItems(sql.join(where, sql` and `), sql`limit ${input.limit + 1}`).execute(db);
  return toPage(rows, {
    limit: input.limit,
    key: (row) => [row.sort_due, row.id],
    item: (row) => itemJson(row, url),
  });
}

function ownedBy(actor: Actor, owner: string): RawBuilder<unknown> {
  if (owner === "me") return sql`a.owner_id = ${actor.type === "user" ? actor.id : null}::uuid`;
  if (owner === "nobody") return sql`a.owner_id is null`;
  return sql`lower(u.email) = ${owner.toLowerCase()}`;
}
