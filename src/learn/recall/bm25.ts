/** What the weight of a word is reckoned from. */
export interface Corpus {
  documents: number;
  meanLength: number;
  /** In how many documents a word is; unknown words are in none. */
  documentsWith: ReadonlyMap<string, number>;
}

/** How often each word is in a text. */
export type Terms = ReadonlyMap<string, number>;

/** Long documents are postmortems, which tell of one failure, too: length counts nearly in full. */
const K1 = 2;
const B = 0.9;
/** That a query says a word ten times doesn't make it ten times as important. */
const MOST_IN_QUERY = 3;

/** How telling a word is: the rarer the more. Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), eq. 3.3. */
export const weightOf = (term: string, { documents, documentsWith }: Corpus): number => {
  const n = Math.min(documentsWith.get(term) ?? 0, documents);
  return Math.log(1 + (documents - n + 0.5) / (n + 0.5));
};

/** Okapi BM25 of a document for a query, 0 and up. */
export function bm25(
  query: Terms,
  { terms, length }: { terms: Terms; length: number },
  corpus: Corpus,
): number {
  const norm = K1 * (1 - B + (B * length) / Math.max(1, corpus.meanLength));
  let score = 0;
  for (const [term, times] of query) {
    const inDocument = terms.get(term);
    if (inDocument === undefined) continue;
    const frequency = (inDocument * (K1 + 1)) / (inDocument + norm);
    score += Math.min(times, MOST_IN_QUERY) * weightOf(term, corpus) * frequency;
  }
  return score;
}

export const lengthOf = (terms: Terms): number => terms.values().reduce((sum, times) => sum + times, 0);
