import { z } from "zod";
import { duration, msOf } from "../base/fields.ts";
import { type Finding, latencyFindings } from "../base/finding.ts";
import { value, valueFindings } from "../base/value.ts";

/** Rows read of any result; a monitor's query is a question, not an export. */
export const MOST_ROWS = 1_000;

/** How both products write that there is no value. */
export const NOTHING = "NULL";

/** What a query gave. */
export interface SqlResult {
  /** Rows read; at `MOST_ROWS` there may be more. */
  rows: number;
  /** First column of the first row as the server writes it; null is NULL, undefined no row or no column. */
  first: string | null | undefined;
}

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
    ...valueFindings(expect.value ?? {}, result.first, NOTHING),
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
