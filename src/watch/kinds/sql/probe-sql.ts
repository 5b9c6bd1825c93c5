import { probe } from "../base/probe.ts";
import { ageFindings, tlsWishOf } from "../base/tls-wish.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { DEFAULT_QUERY, type SqlConfig } from "./config.ts";
import { resultFindings, rowsInWords, type SqlResult } from "./result.ts";

/** What a product adds: how to sign in and ask. */
export interface Question {
  text: string;
  trace: Trace;
  /** What the server may spend on the statement, in ms: less than the check has left, so that its own words arrive. */
  statementMs(): number;
}

/** One check of a database: asks by `ask`, judges what came. */
export function probeSql(
  config: SqlConfig,
  context: CheckContext,
  ask: (question: Question) => Promise<SqlResult>,
): Promise<CheckResult> {
  const trace = new Trace(context.monotonicMs);
  const deadlineMs = context.monotonicMs() + context.timeoutMs;
  let result: SqlResult = { rows: 0, first: undefined };
  const text = config.query ?? DEFAULT_QUERY;
  return probe({
    context,
    trace,
    secrets: config.password === undefined ? [] : [config.password],
    async talk() {
      const statementMs = () => Math.max(1, Math.floor((deadlineMs - context.monotonicMs()) * 0.9));
      result = await ask({ text, trace, statementMs });
    },
    findings: ({ total }) => [
      ...resultFindings(config.expect ?? {}, result, total ?? 0),
      ...ageFindings(tlsWishOf(config.tls), trace, context.wallMs()),
    ],
    answer: () => rowsInWords(result),
  });
}
