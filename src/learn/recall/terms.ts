import { sql } from "kysely";
import type { DbOrTx } from "../../platform/database/database.ts";
import type { Terms } from "./bm25.ts";
import { conceptsIn } from "./concepts.ts";

/** What a reader calls by another word counts as a word of its own, and begins with this, which no stem does. */
const CONCEPT = "~";
const MOST_MENTIONS = 4;
const LONGEST_TEXT = 200_000;

/** Markdown's addresses, and numbers, which only tell when. */
const plainText = (text: string): string =>
  text
    .slice(0, LONGEST_TEXT)
    .replace(/\]\([^)\s]*\)/g, "] ")
    .replace(/\bhttps?:\/\/\S+/gi, " ")
    .replace(/\b\d[\d:.,-]*\b/g, " ");

/** The concepts of a text as a tsvector's literal, `'~power':1,2`. */
export function conceptVector(text: string): string {
  const found = [...conceptsIn(text)].map(([concept, times]) => {
    const positions = Array.from({ length: Math.min(times, MOST_MENTIONS) }, (_, at) => at + 1);
    return `'${CONCEPT}${concept}':${positions.join(",")}`;
  });
  return found.join(" ");
}

/** A text as PostgreSQL keeps it: stems by its English dictionary, and beside them the concepts. */
export const vectorOf = (text: string) => {
  const plain = plainText(text);
  return sql`(to_tsvector('english', ${plain}) || ${conceptVector(plain)}::tsvector)`;
};

/** The words of a text and how often each is said, as they are indexed. */
export async function termsOf(db: DbOrTx, text: string): Promise<Terms> {
  const { rows } = await sql<{ lexeme: string; times: number }>`
    select lexeme, coalesce(array_length(positions, 1), 1) as times from unnest(${vectorOf(text)})`.execute(
    db,
  );
  return new Map(rows.map(({ lexeme, times }) => [lexeme, times]));
}

export const isConcept = (term: string): boolean => term.startsWith(CONCEPT);
