import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../../org/actor.ts";
import { can } from "../../org/can.ts";
import { findUser } from "../../org/people.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { decodeCursor, toPage } from "../../platform/http/cursor.ts";
import { isId } from "../../platform/ids.ts";
import { invalid } from "../../platform/refusal.ts";
import { seenIncidents } from "../numbers.ts";
import type { Filters, LedgerEntry } from "./schema.ts";

type At = Temporal.Instant;

interface Row extends Pick<LedgerEntry, "id" | "channel" | "destination" | "purpose" | "status" | "reason"> {
  person_id: string;
  name: string;
  email: string;
  method: string | null;
  page_id: string | null;
  incident_id: string | null;
  number: number | null;
  title: string | null;
  due_at: At;
  created_at: At;
  sent_at: At | null;
  delivered_at: At | null;
  seen_at: At | null;
  provider_id: string | null;
}

export interface ListDeliveries extends Filters {
  limit: number;
  cursor?: string;
}

/** A page of the ledger, newest first, of what the viewer may see, each delivery with all its tries. */
export async function listDeliveries(
  db: DbOrTx,
  viewer: Actor,
  { limit, cursor, ...filters }: ListDeliveries,
): Promise<{ items: LedgerEntry[]; next: string | null }> {
  const after = decodeCursor(cursor, ["instant", "id"]);
  const conditions = [seenDeliveries(viewer), ...(await narrowed(db, filters))];
  if (after) conditions.push(sql`(d.created_at, d.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  const { rows } = await sql<Row>`
    select d.id, d.channel, d.destination, d.purpose, d.status, d.reason, d.person_id, u.name, u.email,
      m.slug as method, d.page_id, i.id as incident_id, i.number, i.title,
      d.due_at, d.created_at, d.sent_at, d.delivered_at, d.seen_at, d.provider_id
    from deliveries d join users u on u.id = d.person_id
    left join contact_methods m on m.id = d.contact_method_id
    left join incidents i on d.subject_type = 'incident' and i.id = d.subject_id
    left join services s on s.id = i.service_id
    where ${sql.join(conditions, sql` and `)}
    order by d.created_at desc, d.id desc limit ${limit + 1}`.execute(db);
  const tries = await attemptsOf(
    db,
    rows.map((row) => row.id),
  );
  return toPage(rows, {
    limit,
    key: (row) => [row.created_at.toString(), row.id],
    item: (row) => toJson(row, tries.get(row.id) ?? []),
  });
}

/** One's own, those about incidents that one may see, and for administrators tests and notices too. */
function seenDeliveries(viewer: Actor): RawBuilder<SqlBool> {
  if (can(viewer, "administer", { type: "installation" })) return sql<SqlBool>`true`;
  const self = viewer.type === "user" ? viewer.id : null;
  return sql<SqlBool>`(d.person_id = ${self}::uuid or (i.id is not null and ${seenIncidents(viewer)}))`;
}

async function narrowed(db: DbOrTx, filters: Filters): Promise<RawBuilder<SqlBool>[]> {
  const { person, channel, status, incident, provider_id, from, to, q } = filters;
  const conditions: RawBuilder<SqlBool>[] = [];
  if (person) conditions.push(sql`d.person_id = ${(await findUser(db, person)).id}::uuid`);
  if (channel) conditions.push(sql`d.channel = ${channel}`);
  if (status) conditions.push(sql`d.status = ${status}`);
  if (incident) conditions.push(ofIncident(incident));
  if (provider_id) conditions.push(sql`d.provider_id = ${provider_id}`);
  if (from) conditions.push(sql`d.created_at >= ${from}::timestamptz`);
  if (to) conditions.push(sql`d.created_at < ${to}::timestamptz`);
  const words = q?.trim();
  if (words) conditions.push(saying(`%${words.replace(/[\\%_]/g, "\\$&")}%`));
  return conditions;
}

function ofIncident(ref: string): RawBuilder<SqlBool> {
  if (isId(ref)) return sql<SqlBool>`i.id = ${ref}::uuid`;
  const number = /^#?(\d{1,9})$/.exec(ref)?.[1];
  if (number) return sql<SqlBool>`i.number = ${Number(number)}`;
  throw invalid("/incident", `"${ref}" is neither an incident's id nor its number.`);
}

const saying = (like: string) => sql<SqlBool>`(i.title ilike ${like} or d.destination ilike ${like}
  or d.reason ilike ${like}
  or exists (select from delivery_attempts a where a.delivery_id = d.id and a.detail ilike ${like}))`;

type Tries = LedgerEntry["attempts"];

async function attemptsOf(db: DbOrTx, ids: readonly string[]): Promise<Map<string, Tries>> {
  const { rows } = await sql<Omit<Tries[number], "at"> & { delivery_id: string; at: At }>`
    select delivery_id, at, outcome, ms, detail from delivery_attempts
    where delivery_id = any(${[...ids]}::uuid[]) order by delivery_id, number`.execute(db);
  const grouped = Map.groupBy(rows, (row) => row.delivery_id);
  return new Map(
    [...grouped].map(([of, group]) => [
      of,
      group.map(({ at, outcome, ms, detail }) => ({ at: at.toString(), outcome, ms, detail })),
    ]),
  );
}

function toJson(row: Row, attempts: Tries): LedgerEntry {
  const { id, method, channel, destination, purpose, status, reason, provider_id, incident_id } = row;
  return {
    ...{ id, method, channel, destination, purpose, status, reason, provider_id, attempts },
    person: { id: row.person_id, name: row.name, email: row.email },
    incident: incident_id === null ? null : { id: incident_id, number: row.number!, title: row.title! },
    page: row.page_id,
    due_at: row.due_at.toString(),
    created_at: row.created_at.toString(),
    sent_at: row.sent_at?.toString() ?? null,
    delivered_at: row.delivered_at?.toString() ?? null,
    seen_at: row.seen_at?.toString() ?? null,
  };
}
