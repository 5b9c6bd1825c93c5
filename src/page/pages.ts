import { sql } from "kysely";
import type { DbOrTx } from "../platform/database/database.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import type { DeliveryJson, PageJson } from "./schema.ts";
import "../org/table.ts";
import "./table.ts";

export interface ListPages {
  subjectId: string;
  limit: number;
  cursor?: string;
}

/** A subject's pages, oldest first, each with its deliveries and all their tries. */
export async function listPages(db: DbOrTx, { subjectId, limit, cursor }: ListPages) {
  const after = decodeCursor(cursor, ["instant", "id"]);
  const rows = await pageRows(db, subjectId)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(pages.created_at, pages.id) > (${after?.[0]}::timestamptz, ${after?.[1]}::uuid)`,
      ),
    )
    .limit(limit + 1)
    .execute();
  const deliveries = await deliveriesOf(
    db,
    rows.map((row) => row.id),
  );
  return toPage(rows, {
    limit,
    key: (row) => [row.created_at.toString(), row.id],
    item: (row): PageJson => ({
      id: row.id,
      person: { id: row.person_id, name: row.name, email: row.email },
      level: row.level,
      round: row.round,
      repeat: row.repeat,
      urgency: row.urgency,
      reason: row.reason,
      created_at: row.created_at.toString(),
      answered: row.answered_at && {
        at: row.answered_at.toString(),
        by: row.answerer ?? "Keepwatch",
        how: row.answered_how ?? "",
      },
      deliveries: deliveries.get(row.id) ?? [],
    }),
  });
}

const pageRows = (db: DbOrTx, subjectId: string) =>
  db
    .selectFrom("pages")
    .innerJoin("users", "users.id", "pages.person_id")
    .leftJoin("users as by", "by.id", "pages.answered_by")
    .selectAll("pages")
    .select(["users.name", "users.email", "by.name as answerer"])
    .where("pages.subject_id", "=", subjectId)
    .orderBy("pages.created_at")
    .orderBy("pages.id");

async function deliveriesOf(db: DbOrTx, pageIds: readonly string[]): Promise<Map<string, DeliveryJson[]>> {
  if (pageIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("deliveries")
    .leftJoin("contact_methods", "contact_methods.id", "deliveries.contact_method_id")
    .selectAll("deliveries")
    .select("contact_methods.slug as method")
    .where("page_id", "in", pageIds)
    .orderBy("deliveries.created_at")
    .orderBy("deliveries.id")
    .execute();
  const attempts = await attemptsOf(
    db,
    rows.map((row) => row.id),
  );
  const items = rows.map((row) => ({
    pageId: row.page_id!,
    json: {
      id: row.id,
      method: row.method,
      channel: row.channel,
      destination: row.destination,
      purpose: row.purpose,
      status: row.status,
      reason: row.reason,
      due_at: row.due_at.toString(),
      sent_at: row.sent_at?.toString() ?? null,
      attempts: attempts.get(row.id) ?? [],
    },
  }));
  const grouped = Map.groupBy(items, (item) => item.pageId);
  return new Map([...grouped].map(([id, group]) => [id, group.map((item) => item.json)]));
}

async function attemptsOf(
  db: DbOrTx,
  deliveryIds: readonly string[],
): Promise<Map<string, DeliveryJson["attempts"]>> {
  if (deliveryIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("delivery_attempts")
    .selectAll()
    .where("delivery_id", "in", deliveryIds)
    .orderBy("number")
    .execute();
  const grouped = Map.groupBy(rows, (row) => row.delivery_id);
  const json = ({ at, outcome, ms, detail }: (typeof rows)[number]) => ({
    at: at.toString(),
    outcome,
    ms,
    detail,
  });
  return new Map([...grouped].map(([id, group]) => [id, group.map(json)]));
}
