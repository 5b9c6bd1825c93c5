import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { DbOrTx } from "../platform/database/database.ts";

/** A tsvector ends at 1 MB: of a very long text only the beginning is found. */
const LONGEST = { causes: 60_000, rest: 120_000 };

/**
 * Words in their stem (connections → connect) for finished words, and as they are written for the unfinished one:
 * "connectio" begins no stem.
 */
const words = (text: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(to_tsvector('english', replace(${text}, '\\', '')) || to_tsvector('simple', replace(${text}, '\\', '')))`;

/** Writes what the library's search finds: title, headline and tags weigh most, then summary and causes, then the rest. */
export async function indexPostmortem(tx: DbOrTx, id: string): Promise<void> {
  await sql`
    update postmortems p set search =
      setweight(${words(sql`concat_ws(' ', p.title, p.headline, array_to_string(p.tags, ' '))`)}, 'A') ||
      setweight(${words(sql`left(concat_ws(' ', p.sections->>'summary', p.sections->>'causes'), ${LONGEST.causes}::integer)`)}, 'B') ||
      setweight(${words(sql`left(concat_ws(' ', s.name, p.sections->>'resolution', p.sections->>'lessons_well',
        p.sections->>'lessons_poorly', p.sections->>'lessons_lucky', p.sections->>'impact', p.sections->>'detection',
        p.sections->>'response',
        (select string_agg(title, ' ') from action_items where postmortem_id = p.id),
        (select string_agg(concat_ws(' ', '#' || number, title), ' ') from incidents where id in (
          select incident_id from postmortem_incidents where postmortem_id = p.id))), ${LONGEST.rest}::integer)`)}, 'C')
    from (select id, service_id from postmortems where id = ${id}) me left join services s on s.id = me.service_id
    where p.id = me.id`.execute(tx);
}

export interface SearchTerms {
  /** As it was typed, for the search syntax: quotes, minus, or. */
  typed: string;
  /** The finished words and the unfinished last one; null when the syntax is used. */
  prefix: { head: string; last: string } | null;
}

const SYNTAX = /"|(^|\s)-\S|(^|\s)or(\s|$)/i;
const LAST_WORD = /[\p{L}\p{N}]+(?=[^\p{L}\p{N}]*$)/u;

/** What was typed, ready for PostgreSQL; undefined when it holds no word. */
export function searchTerms(q: string | undefined): SearchTerms | undefined {
  const typed = q?.trim() ?? "";
  const last = LAST_WORD.exec(typed);
  if (!last) return undefined;
  return {
    typed,
    prefix: SYNTAX.test(typed) ? null : { head: typed.slice(0, last.index), last: last[0] },
  };
}

/** The tsquery of these terms. */
export function searchQuery({ typed, prefix }: SearchTerms): RawBuilder<unknown> {
  const finished = sql`websearch_to_tsquery('english', ${typed})`;
  if (!prefix) return finished;
  return sql`(${finished} ||
    (plainto_tsquery('english', ${prefix.head}) && to_tsquery('simple', ${`${prefix.last}:*`})))`;
}

/** Any of the words may be marked in a passage, though all of them must be in the postmortem. */
const markQuery = (terms: SearchTerms): RawBuilder<unknown> =>
  terms.prefix
    ? sql`replace((${searchQuery(terms)})::text, '&', '|')::tsquery`
    : sql`(${searchQuery(terms)})`;

export const matches = (terms: SearchTerms): RawBuilder<SqlBool> =>
  sql<SqlBool>`p.search @@ ${searchQuery(terms)}`;

export const rank = (terms: SearchTerms): RawBuilder<number> =>
  sql<number>`ts_rank('{0.1, 0.3, 0.6, 1}', p.search, ${searchQuery(terms)}, 1)::float8`;

/** Control characters that no text keeps, around each hit. */
const START = "\u0002";
const STOP = "\u0003";
const PASSAGE = `StartSel=${START}, StopSel=${STOP}, MaxWords=36, MinWords=18, MaxFragments=1`;
const WHOLE = `StartSel=${START}, StopSel=${STOP}, HighlightAll=true`;

/**
 * Columns `passage_stems`, `passage_words`, `title_stems`, `title_words` of `p`: the passage that was found with its
 * hits between control characters, looked for by stem and by what is written.
 */
export function passages(terms: SearchTerms): RawBuilder<unknown> {
  const query = markQuery(terms);
  const clean = (text: RawBuilder<unknown>) =>
    sql`regexp_replace(${text}, ${`[\\\\\`*#>|~${START}${STOP}]`}, '', 'g')`;
  const body = clean(sql`left(concat_ws(E'\n', p.headline, p.sections->>'summary', p.sections->>'causes',
    p.sections->>'resolution', p.sections->>'lessons_well', p.sections->>'lessons_poorly', p.sections->>'lessons_lucky',
    p.sections->>'impact', p.sections->>'detection', p.sections->>'response',
    (select string_agg(title, E'\n') from action_items where postmortem_id = p.id)), 200000)`);
  const title = clean(sql`p.title`);
  return sql`ts_headline('english', ${body}, ${query}, ${PASSAGE}) as passage_stems,
    ts_headline('simple', ${body}, ${query}, ${PASSAGE}) as passage_words,
    ts_headline('english', ${title}, ${query}, ${WHOLE}) as title_stems,
    ts_headline('simple', ${title}, ${query}, ${WHOLE}) as title_words`;
}

export interface Segment {
  text: string;
  hit: boolean;
}

/** The first of the passages that holds a hit, cut into pieces; null when none does. */
export function segments(passages: readonly (string | null)[]): Segment[] | null {
  const found = passages.find((passage) => passage?.includes(START));
  if (!found) return null;
  const pieces = found
    .replace(/\s+/g, " ")
    .split(START)
    .flatMap((piece, index): Segment[] => {
      if (index === 0) return [{ text: piece, hit: false }];
      const stop = piece.indexOf(STOP);
      return [
        { text: piece.slice(0, stop), hit: true },
        { text: piece.slice(stop + 1), hit: false },
      ];
    });
  return pieces.filter(({ text }) => text !== "");
}
