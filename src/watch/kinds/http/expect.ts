import { atJsonPath } from "../json-path.ts";
import type { Expectation, Status } from "../kind.ts";
import { safeMatch } from "../safe-match.ts";
import type { JsonExpectation } from "./config.ts";
import type { Plan } from "./plan.ts";
import { describeRanges, inRanges } from "./status-range.ts";

/** What an answer is judged by. */
export interface Answer {
  status: number;
  totalMs: number;
  /** Read only when something looks into the body. */
  text(): string;
  /** Null for http, or when the certificate isn't looked at. */
  certificate: { leftMs: number; lifetimeMs: number } | null;
}

/** One expectation looked at; `status` is what the monitor is when it isn't met. */
export interface Finding extends Expectation {
  status: Exclude<Status, "up" | "unknown">;
  /** `[status] 502, wanted 200–299`. */
  reason: string;
  code: string;
}

const DAY_MS = 86_400_000;
const LONGEST_WARNING_MS = 14 * DAY_MS;
const LONGEST_QUOTE = 200;

/** Everything the plan expects, in the order a reader asks; met and unmet alike. */
export function findings(plan: Plan, answer: Answer): Finding[] {
  return [
    statusFinding(plan, answer),
    ...plan.bodyContains.map((text) => containsFinding(text, answer)),
    ...plan.bodyExcludes.map((text) => excludesFinding(text, answer)),
    ...jsonFindings(plan, answer),
    ...certificateFindings(plan, answer),
    ...latencyFindings(plan, answer),
  ];
}

function statusFinding({ statuses }: Plan, { status }: Answer): Finding {
  const wanted = describeRanges(statuses);
  return {
    what: "status",
    ok: inRanges(status, statuses),
    wanted,
    got: String(status),
    status: "down",
    reason: `[status] ${status}, wanted ${wanted}`,
    code: `status:${status}`,
  };
}

const containsFinding = (text: string, answer: Answer): Finding => {
  const ok = answer.text().includes(text);
  return {
    what: "body",
    ok,
    wanted: `contains ${quote(text)}`,
    got: ok ? "found" : "not found",
    status: "down",
    reason: `[body] ${quote(text)} is missing`,
    code: "body",
  };
};

const excludesFinding = (text: string, answer: Answer): Finding => {
  const ok = !answer.text().includes(text);
  return {
    what: "body",
    ok,
    wanted: `does not contain ${quote(text)}`,
    got: ok ? "not found" : "found",
    status: "down",
    reason: `[body] contains ${quote(text)}, which it must not`,
    code: "body",
  };
};

function jsonFindings({ json }: Plan, answer: Answer): Finding[] {
  if (json.length === 0) return [];
  let document: unknown;
  try {
    document = JSON.parse(answer.text());
  } catch {
    const reason = "[json] the body is not JSON";
    return [
      {
        what: "json",
        ok: false,
        wanted: "a JSON document",
        got: "something else",
        status: "down",
        reason,
        code: "json",
      },
    ];
  }
  return json.flatMap(({ path, expectation, pattern }) => {
    const { found, value } = atJsonPath(document, path);
    const got = found ? quote(value) : "nothing";
    return conditions(expectation, pattern).map(({ wanted, met }): Finding => {
      const what = `json ${expectation.path}`;
      const reason = `[json] ${expectation.path} is ${got}, wanted ${wanted}`;
      return { what, ok: met(found, value), wanted, got, status: "down", reason, code: "json" };
    });
  });
}

interface Condition {
  wanted: string;
  met(found: boolean, value: unknown): boolean;
}

function conditions(each: JsonExpectation, pattern: RegExp | undefined): Condition[] {
  const { exists, equals, not_equals, contains, above, below } = each;
  const list: Condition[] = [];
  const add = (wanted: string, met: Condition["met"]) => list.push({ wanted, met });
  if (exists !== undefined) add(exists ? "something" : "nothing", (found) => found === exists);
  if (equals !== undefined)
    add(
      quote(equals),
      present((value) => value === equals),
    );
  if (not_equals !== undefined)
    add(
      `other than ${quote(not_equals)}`,
      present((value) => value !== not_equals),
    );
  if (contains !== undefined) add(`to contain ${quote(contains)}`, (_, value) => holds(value, contains));
  if (pattern) add(`to match ${pattern.source}`, (_, value) => matches(value, pattern));
  if (above !== undefined) add(`above ${above}`, (_, value) => typeof value === "number" && value > above);
  if (below !== undefined) add(`below ${below}`, (_, value) => typeof value === "number" && value < below);
  return list;
}

const present =
  (test: (value: unknown) => boolean): Condition["met"] =>
  (found, value) =>
    found ? test(value) : false;

const holds = (value: unknown, part: string | number | boolean): boolean =>
  Array.isArray(value) ? value.includes(part) : typeof value === "string" && value.includes(String(part));

const matches = (value: unknown, pattern: RegExp): boolean =>
  (typeof value === "string" || typeof value === "number") && safeMatch(pattern, String(value)) === "yes";

/**
 * How long before its end a certificate is too old. Without a wish of the monitor's: 14 days, yet no more than
 * a fifth of its life, since those made for a week are rightly never 14 days from their end.
 */
const certificateWindowMs = (wishMs: number | undefined, lifetimeMs: number): number =>
  wishMs ?? Math.min(LONGEST_WARNING_MS, lifetimeMs / 5);

function certificateFindings({ expiresWithinMs }: Plan, { certificate }: Answer): Finding[] {
  if (!certificate) return [];
  const windowMs = certificateWindowMs(expiresWithinMs, certificate.lifetimeMs);
  const got = days(certificate.leftMs);
  const reason =
    certificate.leftMs > 0
      ? `[certificate] expires in ${got}, wanted ${days(windowMs)}`
      : `[certificate] has expired`;
  return [
    {
      what: "certificate",
      ok: certificate.leftMs >= windowMs,
      wanted: `valid for ${days(windowMs)} or more`,
      got: certificate.leftMs > 0 ? `expires in ${got}` : "expired",
      status: "degraded",
      reason,
      code: "tls:expires",
    },
  ];
}

function latencyFindings({ latencyMs, latencyDownMs }: Plan, { totalMs }: Answer): Finding[] {
  const finding = (limitMs: number, status: Finding["status"]): Finding => ({
    what: "latency",
    ok: totalMs < limitMs,
    wanted: `under ${spell(limitMs)}`,
    got: spell(totalMs),
    status,
    reason: `[latency] ${spell(totalMs)}, wanted under ${spell(limitMs)}`,
    code: "latency",
  });
  return [
    ...(latencyDownMs === undefined ? [] : [finding(latencyDownMs, "down")]),
    ...(latencyMs === undefined ? [] : [finding(latencyMs, "degraded")]),
  ];
}

/** `340 ms`, `1.2 s`. */
export const spell = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(ms < 10_000 ? 2 : 1))} s`;

const days = (ms: number): string => {
  const count = Math.floor((ms / DAY_MS) * 10) / 10;
  return count >= 2 ? `${Math.floor(count)} days` : `${count} ${count === 1 ? "day" : "days"}`;
};

function quote(value: unknown): string {
  const text = typeof value === "string" ? `“${value}”` : JSON.stringify(value);
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
