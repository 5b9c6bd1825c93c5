import { sql } from "kysely";
import type { DbOrTx } from "../../platform/database/database.ts";
import { bm25, type Corpus, lengthOf, type Terms, weightOf } from "./bm25.ts";
import { isConcept, termsOf } from "./terms.ts";

export interface Found {
  incidentId: string;
  /** BM25. */
  score: number;
  /** The score as a share of what the query's own text would have: 0 to 1 and seldom more. */
  share: number;
}

/** A query's words that are looked for, the most telling ones of a long text. */
const MOST_TERMS = 40;
/** So many documents are looked at, those with the rarest words first: what is in everything finds nothing. */
const MOST_LOOKED_AT = 1_500;
/** Of those so many are weighed exactly. */
const MOST_WEIGHED = 60;
/** Another word for the same thing is worth two: it was chosen to tell failures apart. */
const CONCEPT_TIMES = 2;

/** Incidents whose words are most like these, the likest first. Takes some 10 ms of 50,000. */
export async function searchByWords(
  db: DbOrTx,
  { text, without, limit }: { text: string; without: readonly string[]; limit: number },
): Promise<Found[]> {
  const all = weighConcepts(await termsOf(db, text));
  const corpus = await corpusOf(db, [...all.keys()]);
  const query = mostTelling(all, corpus);
  const rare = rareEnough(query, corpus);
  if (rare.length === 0) return [];
  const self = bm25(query, { terms: all, length: lengthOf(all) }, corpus);
  const rows = await candidates(db, { rare, query, corpus, without });
  return rows
    .map(({ incident_id, length, terms }) => {
      const score = bm25(query, { terms: new Map(Object.entries(terms ?? {})), length }, corpus);
      return { incidentId: incident_id, score, share: self > 0 ? score / self : 0 };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}

const weighConcepts = (terms: Terms): Terms =>
  new Map([...terms].map(([term, times]) => [term, isConcept(term) ? times * CONCEPT_TIMES : times]));

async function corpusOf(db: DbOrTx, terms: readonly string[]): Promise<Corpus> {
  const { rows } = await sql<{
    documents: number;
    mean_length: number;
    counts: Record<string, number> | null;
  }>`
    select documents, mean_length,
      (select jsonb_object_agg(term, documents) from recall_terms where term = any(${terms})) as counts
    from recall_corpus`.execute(db);
  const [row] = rows;
  return {
    documents: row?.documents ?? 0,
    meanLength: row?.mean_length ?? 0,
    documentsWith: new Map(Object.entries(row?.counts ?? {})),
  };
}

const mostTelling = (terms: Terms, corpus: Corpus): Terms =>
  new Map(
    [...terms]
      .map(([term, times]) => [term, times, times * weightOf(term, corpus)] as const)
      .sort(([, , a], [, , b]) => b - a)
      .slice(0, MOST_TERMS)
      .map(([term, times]) => [term, times]),
  );

/** The rarest words of the query, until they are in as many documents as may be looked at. */
function rareEnough(query: Terms, corpus: Corpus): string[] {
  const counted = [...query.keys()]
    .map((term) => ({ term, count: corpus.documentsWith.get(term) ?? 1 }))
    .sort((a, b) => a.count - b.count);
  const chosen: string[] = [];
  let looked = 0;
  for (const { term, count } of counted) {
    if (chosen.length > 0 && looked + count > MOST_LOOKED_AT) break;
    chosen.push(term);
    looked += count;
  }
  return chosen;
}

interface Candidate {
  incident_id: string;
  length: number;
  /** The query's words in it, with how often. */
  terms: Record<string, number> | null;
}

async function candidates(
  db: DbOrTx,
  {
    rare,
    query,
    corpus,
    without,
  }: { rare: string[]; query: Terms; corpus: Corpus; without: readonly string[] },
): Promise<Candidate[]> {
  const has = (term: string) =>
    sql`(terms @@ ${lexeme(term)}::tsquery)::integer * ${weightOf(term, corpus)}::float8`;
  const { rows } = await sql<Candidate>`
    with near as materialized (
      select incident_id, length, terms from recall_documents
      where terms @@ ${rare.map(lexeme).join(" | ")}::tsquery and incident_id <> all(${without}::uuid[])
      order by ${sql.join(rare.map(has), sql` + `)} desc, incident_id desc
      limit ${MOST_WEIGHED})
    select incident_id, length,
      (select jsonb_object_agg(lexeme, coalesce(array_length(positions, 1), 1)) from unnest(terms)
        where lexeme = any(${[...query.keys()]})) as terms
    from near`.execute(db);
  return rows;
}

/** A word as a tsquery, whatever it holds. */
const lexeme = (term: string): string => `'${term.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
