/**
 * How well earlier failures are found by their words: `npm run eval:recall -- DIR`.
 * DIR holds `records.json` ({ id, title, summary, body, company }) and `labels.json` ({ clusters, twins } of ids). Names
 * of companies and dates are masked; a query is a record's summary, or its title; what is searched are all other records
 * but its twins. Prints every row beside guessing, Jaccard and plain BM25, by group, with intervals over the groups.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { ALIKE_BY_WORDS } from "../src/learn/recall/alike.ts";
import { bm25, lengthOf, type Terms } from "../src/learn/recall/bm25.ts";
import { countTerms, indexText } from "../src/learn/recall/documents.ts";
import { searchByWords } from "../src/learn/recall/search.ts";
import { isConcept, termsOf } from "../src/learn/recall/terms.ts";
import { newId } from "../src/platform/ids.ts";
import { testPlatform } from "../test/support/platform.ts";
import { ownPostgres } from "./support/database.ts";
import { bootstrap, mean, short } from "./support/numbers.ts";

interface Item {
  id: string;
  title: string;
  summary: string;
  body: string;
  company: string;
}

interface Labels {
  clusters: Record<string, string[]>;
  twins: string[][];
}

type Field = "summary" | "title";
/** Ranks all other records for a query, the likest first, with how like. */
type Ranker = (
  item: Item,
  field: Field,
  without: readonly string[],
) => Promise<{ id: string; share: number }[]>;

const MONTHS =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
const DATES = new RegExp(
  `\\b(?:${MONTHS})\\.? \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?\\b|\\b\\d{1,2} (?:${MONTHS})(?: \\d{4})?\\b|\\b\\d{4}-\\d\\d-\\d\\d\\b|\\b(?:19|20)\\d\\d\\b`,
  "gi",
);

const dir = process.argv[2];
if (!dir) {
  console.error("Usage: npm run eval:recall -- DIR, a folder with records.json and labels.json");
  process.exit(2);
}
const items = masked(await read<Item[]>("records.json"));
const labels = await read<Labels>("labels.json");
const byId = new Map(items.map((item) => [item.id, item]));
const twinsOf = (id: string) => labels.twins.filter((pair) => pair.includes(id)).flat();

await using _postgres = await ownPostgres();
await using t = await testPlatform();
const { db } = t.platform;
const incidents = await indexAll();

const rankers: Record<string, Ranker> = {
  random: guess,
  Jaccard: await jaccard(),
  BM25: await plainBm25(),
  Keepwatch: keepwatch,
};
for (const field of ["summary", "title"] as const) {
  console.log(
    `\nQuery: the ${field}. Macro by group, 95 % intervals over ${groups().length} groups, ${queries().length} queries`,
  );
  console.log("method      hit@1  hit@3               hit@5               MRR");
  for (const [name, ranker] of Object.entries(rankers)) await printRow(name, ranker, field);
}
await printAbstention();

async function read<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(join(dir ?? "", file), "utf8"));
}

function masked(all: readonly Partial<Item>[]): Item[] {
  const names = [...new Set(all.flatMap(({ company }) => company || []))];
  const escaped = names.toSorted((a, b) => b.length - a.length).map((name) => RegExp.escape(name));
  const companies = new RegExp(`\\b(?:${escaped.join("|")})\\b`, "gi");
  const mask = (text: string | undefined) => (text ?? "").replace(companies, " ").replace(DATES, " ");
  return all.map((item) => ({
    id: item.id ?? "",
    title: mask(item.title),
    summary: mask(item.summary),
    body: mask(item.body),
    company: item.company ?? "",
  }));
}

function whole({ title, summary, body }: Item): string {
  return `${title}\n${summary}\n${body}`;
}

/** @returns the incident that stands for each record. */
async function indexAll(): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const at = t.clock.now();
  for (const item of items) {
    const id = newId(t.clock);
    ids.set(item.id, id);
    await sql`insert into incidents (id, title, severity, urgency, status, started_at, opened_at, resolved_at, updated_at)
      values (${id}, ${item.id}, 'SEV3', 'high', 'resolved', ${at}, ${at}, ${at}, ${at})`.execute(db);
    await indexText(db, { incidentId: id, at, text: whole(item) });
  }
  await countTerms(db, at);
  return ids;
}

async function keepwatch(item: Item, field: Field, without: readonly string[]) {
  const recordOf = new Map([...incidents].map(([record, incident]) => [incident, record]));
  const hidden = without.map((id) => incidents.get(id) ?? "").filter((id) => id !== "");
  const found = await searchByWords(db, { text: item[field], without: hidden, limit: items.length });
  return found.map(({ incidentId, share }) => ({ id: recordOf.get(incidentId) ?? "", share }));
}

/** Every order is as likely: what it hits is known without trying. Ranks are spread evenly over the mates. */
async function guess(item: Item, _field: Field, without: readonly string[]) {
  const seed = [...item.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7);
  const rest = items.filter(({ id }) => !without.includes(id));
  const order = rest.map(({ id }, at) => ({
    id,
    share: ((at * 2_654_435_761 + seed * 40_503) % 1_000_003) / 1_000_003,
  }));
  return order.sort((a, b) => b.share - a.share);
}

async function plainTerms(text: string): Promise<Terms> {
  return new Map([...(await termsOf(db, text))].filter(([term]) => !isConcept(term)));
}

async function jaccard(): Promise<Ranker> {
  const documents = new Map<string, Set<string>>();
  for (const item of items) documents.set(item.id, new Set((await plainTerms(whole(item))).keys()));
  return async (item, field, without) => {
    const query = new Set((await plainTerms(item[field])).keys());
    return ranked(without, (id) => {
      const words = documents.get(id) ?? new Set();
      const both = query.intersection(words).size;
      return both / (query.size + words.size - both);
    });
  };
}

async function plainBm25(): Promise<Ranker> {
  const documents = new Map<string, Terms>();
  for (const item of items) documents.set(item.id, await plainTerms(whole(item)));
  const documentsWith = new Map<string, number>();
  for (const terms of documents.values())
    for (const term of terms.keys()) documentsWith.set(term, (documentsWith.get(term) ?? 0) + 1);
  const meanLength = mean([...documents.values()].map(lengthOf));
  const corpus = { documents: documents.size, meanLength, documentsWith };
  return async (item, field, without) => {
    const query = await plainTerms(item[field]);
    return ranked(without, (id) => {
      const terms: Terms = documents.get(id) ?? new Map();
      return bm25(query, { terms, length: lengthOf(terms) }, corpus);
    });
  };
}

function ranked(without: readonly string[], score: (id: string) => number) {
  return items
    .filter(({ id }) => !without.includes(id))
    .map(({ id }) => ({ id, share: score(id) }))
    .sort((a, b) => b.share - a.share);
}

/** Each group's queries with what should be found: its other members that are not the same event. */
function groups(): { item: Item; mates: string[] }[][] {
  return Object.values(labels.clusters)
    .map((members) =>
      members.flatMap((id) => {
        const item = byId.get(id);
        const mates = members.filter((other) => other !== id && !twinsOf(id).includes(other));
        return item && mates.length > 0 ? [{ item, mates }] : [];
      }),
    )
    .filter((queries) => queries.length > 0);
}

function queries() {
  return groups().flat();
}

async function printRow(name: string, ranker: Ranker, field: Field): Promise<void> {
  const places: number[][] = [];
  for (const group of groups()) {
    const mine: number[] = [];
    for (const { item, mates } of group) {
      const order = await ranker(item, field, [item.id, ...twinsOf(item.id)]);
      const place = order.findIndex(({ id }) => mates.includes(id));
      mine.push(place < 0 ? Number.POSITIVE_INFINITY : place + 1);
    }
    places.push(mine);
  }
  const by = (value: (place: number) => number) => places.map((mine) => mean(mine.map(value)));
  const hit = (most: number) => by((place) => (place <= most ? 1 : 0));
  const withInterval = (values: number[]) => {
    const [low, high] = bootstrap(values);
    return `${short(mean(values))} [${short(low)}–${short(high)}]`.padEnd(20);
  };
  const mrr = mean(by((place) => 1 / place));
  console.log(
    `${name.padEnd(11)} ${short(mean(hit(1))).padEnd(6)} ${withInterval(hit(3))}${withInterval(hit(5))}${short(mrr)}`,
  );
}

/** What the product would put into a page by words alone: how often that happens, and how often it is right. */
async function printAbstention(): Promise<void> {
  const mates = new Map(queries().map(({ item, mates }) => [item.id, mates]));
  const seen = { labelled: 0, right: 0, shown: 0, lonely: 0, lonelyShown: 0 };
  for (const item of items) {
    const [first] = await keepwatch(item, "summary", [item.id, ...twinsOf(item.id)]);
    const shown = first !== undefined && first.share >= ALIKE_BY_WORDS;
    const own = mates.get(item.id);
    if (own) {
      seen.labelled += 1;
      if (shown) seen.shown += 1;
      if (shown && own.includes(first.id)) seen.right += 1;
    } else {
      seen.lonely += 1;
      if (shown) seen.lonelyShown += 1;
    }
  }
  console.log(
    `\nShown in a page by words alone (share of the query's own score at least ${ALIKE_BY_WORDS}):`,
  );
  console.log(
    `  of ${seen.labelled} records with a known mate ${seen.shown}, of which ${seen.right} are that mate`,
  );
  console.log(
    `  of ${seen.lonely} records without a known mate ${seen.lonelyShown} (some of them have one that nobody labelled)`,
  );
}
