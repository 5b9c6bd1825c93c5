import { z } from "zod";
import { pattern, scalar } from "./fields.ts";
import { type Finding, quote, visible } from "./finding.ts";
import { safeMatch } from "./safe-match.ts";

/** What is expected of one value that a server answered. */
export const value = z
  .strictObject({
    equals: scalar.optional(),
    above: z.number().optional(),
    below: z.number().optional(),
    contains: z.string().min(1).optional(),
    matches: pattern.optional(),
  })
  .refine((wanted) => Object.keys(wanted).length > 0, {
    message: "say what to expect: equals, above, below, contains or matches",
  });

export type ValueWish = z.infer<typeof value>;

/**
 * @param got as the server writes it; null is its word for nothing, undefined no value at all
 * @param nothing that word, e.g. `NULL`
 */
export function valueFindings(wanted: ValueWish, got: string | null | undefined, nothing: string): Finding[] {
  const came = shown(got, nothing);
  return valueConditions(wanted, nothing).map(({ words, met }) => ({
    what: "value",
    ok: got !== undefined && met(got),
    wanted: words,
    got: came,
    status: "down",
    reason: `[value] ${came}, wanted ${words}`,
    code: "value",
  }));
}

/** What is expected of the value, in the words of its findings: `above 5`. */
export const valueInWords = (wanted: ValueWish, nothing: string): string[] =>
  valueConditions(wanted, nothing).map(({ words }) => words);

interface Condition {
  words: string;
  met(got: string | null): boolean;
}

function valueConditions(
  { equals, above, below, contains, matches }: ValueWish,
  nothing: string,
): Condition[] {
  const list: Condition[] = [];
  const add = (words: string, met: Condition["met"]) => list.push({ words, met });
  if (equals !== undefined) add(shown(equals, nothing), (got) => same(got, equals));
  if (above !== undefined) add(`above ${above}`, (got) => numberOf(got) > above);
  if (below !== undefined) add(`below ${below}`, (got) => numberOf(got) < below);
  if (contains !== undefined) add(`to contain ${quote(contains)}`, (got) => got?.includes(contains) === true);
  if (matches !== undefined) {
    const wanted = new RegExp(matches, "u");
    add(`to match ${matches}`, (got) => got !== null && safeMatch(wanted, got) === "yes");
  }
  return list;
}

const TRUE = /^(?:t|true|1)$/i;
const FALSE = /^(?:f|false|0)$/i;

/** Servers write numbers and booleans in ways of their own: 5 may come as `5.00`, true as `t` or `1`. */
function same(got: string | null, wanted: string | number | boolean | null): boolean {
  if (got === null || wanted === null) return got === wanted;
  if (typeof wanted === "number") return numberOf(got) === wanted;
  if (typeof wanted === "boolean") return (wanted ? TRUE : FALSE).test(got);
  return got === wanted;
}

/** NaN, which is neither above nor below anything, for what is no number. */
const numberOf = (text: string | null): number =>
  text === null || text.trim() === "" ? Number.NaN : Number(text);

/** Numbers stand bare, texts in quotes. */
function shown(got: string | number | boolean | null | undefined, nothing: string): string {
  if (got === undefined) return "no value";
  if (got === null) return nothing;
  return typeof got === "string" && Number.isNaN(numberOf(got)) ? quote(oneLine(got)) : String(got);
}

const oneLine = (text: string): string => (/\p{Cc}/u.test(text) ? visible(text) : text);
