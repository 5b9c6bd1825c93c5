import { z } from "zod";
import { duration, msOf, pattern, scalar } from "../base/fields.ts";
import { type Finding, latencyFindings, quote } from "../base/finding.ts";
import { safeMatch } from "../base/safe-match.ts";

/** Rows read of any result; a monitor's query is a question, not an export. */
export const MOST_ROWS = 1_000;

/** What a query gave. */
export interface SqlResult {
  /** Rows read; at `MOST_ROWS` there may be more. */
  rows: number;
  /** First column of the first row as the server writes it; null is NULL, undefined no row or no column. */
  first: string | null | undefined;
}

const value = z
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

const tooMany = `no more than ${MOST_ROWS} rows are read; count them in the query (select count(*) …) and expect a value`;

export const sqlExpect = z
  .strictObject({
    rows: z
      .int()
      .min(0)
      .max(MOST_ROWS - 1, tooMany)
      .optional(),
    min_rows: z.int().min(1).max(MOST_ROWS, tooMany).optional(),
    value: value.optional(),
    latency: duration.optional(),
    latency_down: duration.optional(),
  })
  .refine(({ rows, min_rows }) => rows === undefined || min_rows === undefined, {
    path: ["min_rows"],
    message: "give rows, an exact number, or min_rows, not both",
  });

export type SqlExpect = z.infer<typeof sqlExpect>;

/** Everything expected of a result, met and unmet. */
export function resultFindings(expect: SqlExpect, result: SqlResult, totalMs: number): Finding[] {
  return [
    ...rowFindings(expect, result),
    ...valueFindings(expect.value ?? {}, result),
    ...latencyFindings(
      { latencyMs: msOf(expect.latency), latencyDownMs: msOf(expect.latency_down) },
      totalMs,
    ),
  ];
}

function rowFindings({ rows, min_rows }: SqlExpect, result: SqlResult): Finding[] {
  const got = countOf(result);
  const finding = (wanted: string, ok: boolean): Finding => ({
    what: "rows",
    ok,
    wanted,
    got,
    status: "down",
    reason: `[rows] ${got}, wanted ${wanted}`,
    code: "rows",
  });
  return [
    ...(rows === undefined ? [] : [finding(`${rows}`, result.rows === rows)]),
    ...(min_rows === undefined ? [] : [finding(`${min_rows} or more`, result.rows >= min_rows)]),
  ];
}

const countOf = ({ rows }: SqlResult): string => (rows < MOST_ROWS ? `${rows}` : `${MOST_ROWS} or more`);

/** `1 row`, `1000 or more rows`. */
export const rowsInWords = (result: SqlResult): string =>
  `${countOf(result)} ${result.rows === 1 ? "row" : "rows"}`;

function valueFindings(wanted: NonNullable<SqlExpect["value"]>, { first }: SqlResult): Finding[] {
  const got = shown(first);
  return valueConditions(wanted).map(({ words, met }) => ({
    what: "value",
    ok: first !== undefined && met(first),
    wanted: words,
    got,
    status: "down",
    reason: `[value] ${got}, wanted ${words}`,
    code: "value",
  }));
}

/** What is expected of the value, in the words of its findings: `above 5`. */
export const valueInWords = (wanted: NonNullable<SqlExpect["value"]>): string[] =>
  valueConditions(wanted).map(({ words }) => words);

interface Condition {
  words: string;
  met(first: string | null): boolean;
}

function valueConditions({
  equals,
  above,
  below,
  contains,
  matches,
}: NonNullable<SqlExpect["value"]>): Condition[] {
  const list: Condition[] = [];
  const add = (words: string, met: Condition["met"]) => list.push({ words, met });
  if (equals !== undefined) add(shown(equals), (first) => same(first, equals));
  if (above !== undefined) add(`above ${above}`, (first) => numberOf(first) > above);
  if (below !== undefined) add(`below ${below}`, (first) => numberOf(first) < below);
  if (contains !== undefined)
    add(`to contain ${quote(contains)}`, (first) => first?.includes(contains) === true);
  if (matches !== undefined) {
    const wanted = new RegExp(matches, "u");
    add(`to match ${matches}`, (first) => first !== null && safeMatch(wanted, first) === "yes");
  }
  return list;
}

const TRUE = /^(?:t|true|1)$/i;
const FALSE = /^(?:f|false|0)$/i;

/** Servers write numbers and booleans in ways of their own: 5 may come as `5.00`, true as `t` or `1`. */
function same(first: string | null, wanted: string | number | boolean | null): boolean {
  if (first === null || wanted === null) return first === wanted;
  if (typeof wanted === "number") return numberOf(first) === wanted;
  if (typeof wanted === "boolean") return (wanted ? TRUE : FALSE).test(first);
  return first === wanted;
}

/** NaN, which is neither above nor below anything, for what is no number. */
const numberOf = (text: string | null): number =>
  text === null || text.trim() === "" ? Number.NaN : Number(text);

/** Numbers stand bare, texts in quotes. */
function shown(first: string | number | boolean | null | undefined): string {
  if (first === undefined) return "no value";
  if (first === null) return "NULL";
  return typeof first === "string" && Number.isNaN(numberOf(first)) ? quote(first) : String(first);
}
