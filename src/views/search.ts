import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import type { Actor } from "../org/actor.ts";
import { allowedRows } from "../org/visible.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import type { search } from "./schema.ts";

export type Found = z.infer<typeof search>["items"][number];

/** Of each kind so many at most; what begins with what was typed comes first. */
const MOST_OF_A_KIND = 6;
const MOST = 24;
const MOST_WORDS = 8;

interface Query {
  actor: Actor;
  url: string;
  /** What was typed, without spaces around it; not empty. */
  q: string;
}

interface Row {
  id: string;
  /** What its address ends with. */
  key: string;
  title: string;
  subtitle: string;
}

const pattern = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** Every word stands somewhere in the columns. */
function holdsWords(q: string, ...columns: string[]): RawBuilder<SqlBool> {
  const words = q.split(/\s+/).slice(0, MOST_WORDS);
  const text = sql`concat_ws(' ', ${sql.join(columns.map((column) => sql.ref(column)))})`;
  return sql<SqlBool>`${text} ilike all(${words.map((word) => `%${pattern(word)}%`)}::text[])`;
}

const beginsFirst = (q: string, column: string) => sql`(${sql.ref(column)} ilike ${`${pattern(q)}%`}) desc`;

const ofService = { team: "s.team_id", visibility: "s.visibility" };

async function incidents(db: DbOrTx, { actor, q }: Query): Promise<Row[]> {
  const number = /^#?(\d{1,9})$/.exec(q)?.[1];
  const named = holdsWords(q, "i.title");
  const { rows } = await sql<Row>`
    select i.id, i.number::text as key, '#' || i.number || ' ' || i.title as title,
      concat_ws(', ', i.severity, i.status, s.name) as subtitle
    from incidents i left join services s on s.id = i.service_id
    where ${number ? sql`(i.number = ${Number(number)} or ${named})` : named}
      and ${allowedRows(actor, "read", { type: "incident", ...ofService })}
    order by (i.number = ${Number(number ?? -1)}) desc, (i.status <> 'resolved') desc, i.opened_at desc
    limit ${MOST_OF_A_KIND}`.execute(db);
  return rows;
}

async function monitors(db: DbOrTx, { actor, q }: Query): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select m.id, m.slug as key, m.name as title, concat_ws(', ', m.status, s.name) as subtitle
    from monitors m join services s on s.id = m.service_id
    where ${holdsWords(q, "m.name", "m.slug")} and ${allowedRows(actor, "read", { type: "monitor", ...ofService })}
    order by ${beginsFirst(q, "m.name")}, lower(m.name), m.id limit ${MOST_OF_A_KIND}`.execute(db);
  return rows;
}

async function services(db: DbOrTx, { actor, q }: Query): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select s.id, s.slug as key, s.name as title, coalesce(t.name, 'no team') as subtitle
    from services s left join teams t on t.id = s.team_id
    where ${holdsWords(q, "s.name", "s.slug")} and ${allowedRows(actor, "read", { type: "service", ...ofService })}
    order by ${beginsFirst(q, "s.name")}, lower(s.name), s.id limit ${MOST_OF_A_KIND}`.execute(db);
  return rows;
}

async function schedules(db: DbOrTx, { q }: Query): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select c.id, c.slug as key, c.name as title, concat_ws(', ', t.name, c.time_zone) as subtitle
    from schedules c left join teams t on t.id = c.team_id
    where ${holdsWords(q, "c.name", "c.slug")}
    order by ${beginsFirst(q, "c.name")}, lower(c.name), c.id limit ${MOST_OF_A_KIND}`.execute(db);
  return rows;
}

async function users(db: DbOrTx, { q }: Query): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select u.id, u.id::text as key, u.name as title, u.email as subtitle from users u
    where u.deactivated_at is null and ${holdsWords(q, "u.name", "u.email")}
    order by ${beginsFirst(q, "u.name")}, lower(u.name), u.id limit ${MOST_OF_A_KIND}`.execute(db);
  return rows;
}

/** By title and headline; a draft only for those who respond. */
async function postmortems(db: DbOrTx, { actor, q }: Query): Promise<Row[]> {
  const columns = { type: "postmortem", team: "s.team_id", visibility: "p.visibility" };
  const { rows } = await sql<Row>`
    select p.id, p.id::text as key, p.title, case p.state when 'published' then p.headline else 'draft' end as subtitle
    from postmortems p left join services s on s.id = p.service_id
    where ${holdsWords(q, "p.title", "p.headline")}
      and ((p.state = 'published' and ${allowedRows(actor, "read", columns)}) or ${allowedRows(actor, "respond", columns)})
    order by ${beginsFirst(q, "p.title")}, p.occurred_at desc, p.id limit ${MOST_OF_A_KIND}`.execute(db);
  return rows;
}

/** Kinds in the order in which they are shown, and where each lives. */
const KINDS: readonly {
  type: string;
  find: (db: DbOrTx, query: Query) => Promise<Row[]>;
  path: (key: string) => string;
}[] = [
  { type: "incident", find: incidents, path: (number) => `/incidents/${number}` },
  { type: "monitor", find: monitors, path: (slug) => `/monitors/${slug}` },
  { type: "service", find: services, path: (slug) => `/services/${slug}` },
  { type: "postmortem", find: postmortems, path: (id) => `/postmortems/${id}` },
  { type: "schedule", find: schedules, path: (slug) => `/oncall?schedule=${slug}` },
  { type: "user", find: users, path: (id) => `/settings?person=${id}` },
];

/** Finds things by name, among those that the actor may see; a bare number is an incident's. */
export async function searchEverything(db: DbOrTx, query: Query): Promise<Found[]> {
  const q = query.q.trim();
  if (q === "") return [];
  const found: Found[] = [];
  for (const { type, find, path } of KINDS) {
    for (const { id, key, title, subtitle } of await find(db, { ...query, q }))
      found.push({ type, id, title, subtitle, url: query.url + path(key) });
  }
  return found.slice(0, MOST);
}
