import { sql } from "kysely";
import type { z } from "zod";
import type { DbOrTx } from "../platform/database/database.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import type { auditEntry, auditQuery } from "./schema.ts";
import "./table.ts";

type AuditJson = z.infer<typeof auditEntry>;

/** A page of the audit, newest first. `q` looks in the object's name and the action, `actor` in who did it. */
export async function listAudit(
  db: DbOrTx,
  query: z.output<typeof auditQuery>,
): Promise<{ items: AuditJson[]; next: string | null }> {
  const after = decodeCursor(query.cursor, ["instant", "id"]);
  const like = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  let select = db.selectFrom("audit_entries").selectAll();
  if (query.type) select = select.where("object_type", "=", query.type);
  if (query.object) select = select.where("object_id", "=", query.object);
  if (query.actor) {
    const { actor } = query;
    select = select.where((eb) =>
      eb.or([eb("actor_id", "=", actor), eb("actor_name", "ilike", like(actor))]),
    );
  }
  if (query.q) {
    const words = like(query.q);
    select = select.where((eb) => eb.or([eb("object_name", "ilike", words), eb("action", "ilike", words)]));
  }
  if (after) {
    select = select.where(sql<boolean>`(at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  }
  const rows = await select
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(query.limit + 1)
    .execute();
  return toPage(rows, {
    limit: query.limit,
    key: (row) => [row.at.toString(), row.id],
    item: (row) => ({
      id: row.id,
      at: row.at.toString(),
      actor: { type: row.actor_type, name: row.actor_name },
      action: row.action,
      object: { type: row.object_type, id: row.object_id, name: row.object_name },
      before: row.before,
      after: row.after,
    }),
  });
}
