import { sql } from "kysely";
import { audit } from "../org/audit.ts";
import type { ReplaceIn, UsesOf } from "../org/people.ts";
import "./table.ts";

/** The open action items that a person owns. */
export const usesInActionItems: UsesOf = async (db, userId) => {
  const { rows } = await sql<{ id: string; title: string; due: string | null; postmortem: string }>`
    select a.id, a.title, a.due, p.title as postmortem
    from action_items a join postmortems p on p.id = a.postmortem_id
    where a.owner_id = ${userId} and a.state = 'open'
    order by a.due nulls last, a.id`.execute(db);
  return rows.map(({ id, title, due, postmortem }) => ({
    type: "action_item",
    slug: id,
    name: title,
    detail: `open action of “${postmortem}”${due ? `, due ${due}` : ""}`,
  }));
};

/** Hands a person's open action items on, or leaves them without an owner. */
export const replaceInActionItems: ReplaceIn = async (tx, by, fromUserId, toUserId) => {
  const items = await tx
    .updateTable("action_items")
    .set({ owner_id: toUserId, updated_at: by.at })
    .where("owner_id", "=", fromUserId)
    .where("state", "=", "open")
    .returning(["id", "title"])
    .execute();
  for (const { id, title } of items) {
    await audit(tx, by, {
      action: "updated",
      type: "action_item",
      id,
      name: title,
      before: { owner_id: fromUserId },
      after: { owner_id: toUserId },
    });
  }
};
