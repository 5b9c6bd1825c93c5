import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import { severity } from "../catalog/schema.ts";
import type { Actor } from "../org/actor.ts";
import { allowedRows } from "../org/visible.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import { invalid } from "../platform/refusal.ts";
import { type postmortemQuery, postmortemState, type postmortemSummary } from "./schema.ts";
import { matches, passages, rank, type SearchTerms, searchTerms, segments } from "./search.ts";

type Summary = z.infer<typeof postmortemSummary>;

export interface LibraryInput extends z.infer<typeof postmortemQuery> {
  limit: number;
  cursor?: string;
}

/** The values of a comma-separated filter; refuses one that isn't among `allowed`, naming those that are. */
export function filterWords<T extends string>(
  text: string | undefined,
  allowed: readonly T[],
  pointer: string,
): T[] | undefined {
  if (!text) return undefined;
  return text.split(",").map((word) => {
    const known = allowed.find((each) => each === word.trim());
    if (!known) throw invalid(pointer, `"${word.trim()}" is not one of ${allowed.join(", ")}.`);
    return known;
  });
}

/** Rows of `postmortems p left join services s` that the actor may see. */
export function visiblePostmortems(actor: Actor): RawBuilder<SqlBool> {
  const columns = { type: "postmortem", team: "s.team_id", visibility: "p.visibility" };
  return sql<SqlBool>`((p.state = 'published' and ${allowedRows(actor, "read", columns)})
    or ${allowedRows(actor, "respond", columns)})`;
}

interface Row {
  id: string;
  number: number;
  title: string;
  headline: string;
  state: Summary["state"];
  severity: Summary["severity"];
  service: Summary["service"];
  tags: string[];
  author: Summary["author"];
  occurred_at: Temporal.Instant;
  published_at: Temporal.Instant | null;
  duration_ms: number | null;
  done: number;
  total: number;
  rank: number | null;
  passage_stems: string | null;
  passage_words: string | null;
  title_stems: string | null;
  title_words: string | null;
}

/** A page of the library: newest first, or with `q` the best match first. */
export async function listPostmortems(
  db: DbOrTx,
  { actor, url, input }: { actor: Actor; url: string; input: LibraryInput },
): Promise<{ items: Summary[]; next: string | null }> {
  const terms = searchTerms(input.q);
  const { where, order } = conditions(actor, input, terms);
  const { rows } = await sql<Row>`
    select p.id, p.number, p.title, p.headline, p.state, p.severity, p.tags, p.occurred_at, p.published_at, p.rank,
      (p.facts->>'duration_ms')::float8 as duration_ms,
      case when s.id is null then null else jsonb_build_object('slug', s.slug, 'name', s.name) end as service,
      case when u.id is null then null else jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email) end as author,
      (select count(*) from action_items where postmortem_id = p.id) as total,
      (select count(*) from action_items where postmortem_id = p.id and state = 'done') as done,
      ${terms ? passages(terms) : sql`null as passage_stems`}
    from (
      select p.*, ${terms ? rank(terms) : sql`null::float8`} as rank
      from postmortems p left join services s on s.id = p.service_id
      where ${sql.join(where, sql` and `)}
      order by ${order} limit ${input.limit + 1}) p
    left join services s on s.id = p.service_id
    left join users u on u.id = p.author_id
    order by ${order}`.execute(db);
  return toPage(rows, {
    limit: input.limit,
    key: (row) => [...(terms ? [String(row.rank)] : []), row.occurred_at.toString(), row.id],
    item: (row) => summaryJson(row, url, terms),
  });
}

function conditions(
  actor: Actor,
  input: LibraryInput,
  terms: SearchTerms | undefined,
): { where: RawBuilder<unknown>[]; order: RawBuilder<unknown> } {
  const states = filterWords(input.state, postmortemState.options, "/state");
  const severities = filterWords(input.severity, severity.options, "/severity");
  const service = input.service;
  const where: RawBuilder<unknown>[] = [visiblePostmortems(actor)];
  if (terms) where.push(matches(terms));
  if (states) where.push(sql`p.state = any(${states})`);
  if (severities) where.push(sql`p.severity = any(${severities})`);
  if (input.tag) where.push(sql`p.tags @> ${[input.tag]}::text[]`);
  if (service) where.push(sql`p.facts->'services' @> ${json([{ slug: service }])}::jsonb`);
  const key = ["instant", "id"] as const;
  const after = decodeCursor(input.cursor, terms ? (["number", ...key] as const) : key);
  if (after) where.push(terms ? beyond(after, rank(terms)) : beyond(after));
  const order = sql`${terms ? sql`rank desc, ` : sql``}p.occurred_at desc, p.id desc`;
  return { where, order };
}

function beyond(after: readonly string[], ranked?: RawBuilder<number>): RawBuilder<unknown> {
  const [id = "", at = "", score = ""] = after.toReversed();
  if (!ranked) return sql`(p.occurred_at, p.id) < (${at}::timestamptz, ${id}::uuid)`;
  return sql`(${ranked}, p.occurred_at, p.id) < (${score}::float8, ${at}::timestamptz, ${id}::uuid)`;
}

const summaryJson = (row: Row, url: string, terms: SearchTerms | undefined): Summary => ({
  id: row.id,
  number: row.number,
  title: row.title,
  headline: row.headline,
  state: row.state,
  severity: row.severity,
  service: row.service,
  tags: row.tags,
  author: row.author,
  url: `${url}/postmortems/${row.id}`,
  occurred_at: row.occurred_at.toString(),
  published_at: row.published_at?.toString() ?? null,
  duration_ms: row.duration_ms,
  actions: { done: row.done, total: row.total },
  match: terms ? segments([row.passage_stems, row.passage_words, row.title_stems, row.title_words]) : null,
});
