import type { IncomingHttpHeaders } from "node:http";
import { type Finding, quote } from "../base/finding.ts";
import { isSecretHeader, redactUrl } from "../base/redact.ts";
import { safeMatch } from "../base/safe-match.ts";
import type { Answer } from "./expect.ts";
import type { Plan } from "./plan.ts";

export const versionFinding = (wanted: string, got: string | null): Finding => ({
  what: "http_version",
  ok: wanted === got,
  wanted: `HTTP/${wanted}`,
  got: `HTTP/${got}`,
  status: "down",
  reason: `[http_version] answered by HTTP/${got}, wanted HTTP/${wanted}`,
  code: "http_version",
});

/** @param ledTo null: nowhere */
export function redirectFinding(wanted: URL, ledTo: string | null): Finding {
  const got = ledTo === null ? "nowhere" : redactUrl(ledTo);
  return {
    what: "redirect",
    ok: ledTo !== null && samePlace(wanted, URL.parse(ledTo)),
    wanted: `leads to ${redactUrl(wanted.href)}`,
    got,
    status: "down",
    reason: `[redirect] leads ${ledTo === null ? got : `to ${got}`}, wanted ${redactUrl(wanted.href)}`,
    code: "redirect",
  };
}

/** Sign-in pages put a fresh state into the query: what isn't written isn't compared. */
const samePlace = (wanted: URL, got: URL | null): boolean =>
  got !== null &&
  got.origin === wanted.origin &&
  got.pathname === wanted.pathname &&
  (wanted.search === "" || got.search === wanted.search) &&
  (wanted.hash === "" || got.hash === wanted.hash);

export function headerFindings(
  { expectation, pattern }: Plan["headerExpectations"][number],
  headers: IncomingHttpHeaders,
): Finding[] {
  const { name, exists, equals, contains, excludes } = expectation;
  const values = headers[name.toLowerCase()];
  const value = Array.isArray(values) ? values.join(", ") : values;
  const got = value === undefined ? "missing" : isSecretHeader(name) ? "something else" : quote(value);
  const list: Finding[] = [];
  const add = (wanted: string, ok: boolean) =>
    list.push({
      what: `header ${name}`,
      ok,
      wanted,
      got: ok && value !== undefined && isSecretHeader(name) ? "as wanted" : got,
      status: "down",
      reason: `[header] ${name} is ${got}, wanted ${wanted}`,
      code: `header:${name.toLowerCase()}`,
    });
  if (exists !== undefined) add(exists ? "to be there" : "not to be there", (value !== undefined) === exists);
  if (equals !== undefined) add(quote(equals), value === equals);
  if (contains !== undefined) add(`to contain ${quote(contains)}`, value?.includes(contains) === true);
  if (excludes !== undefined) add(`not to contain ${quote(excludes)}`, value?.includes(excludes) !== true);
  if (pattern) {
    add(`to match ${pattern.source}`, value !== undefined && safeMatch(pattern, value) === "yes");
  }
  return list;
}

/** @param must whether the pattern must be found, or must not */
export function patternFinding(pattern: RegExp, text: string, must: boolean): Finding {
  const match = safeMatch(pattern, text);
  const wanted = `${must ? "matches" : "does not match"} ${pattern.source}`;
  const reasons = {
    yes: `[body] matches ${pattern.source}, which it must not`,
    no: `[body] does not match ${pattern.source}`,
    "too slow": `[body] ${pattern.source} takes too long to search for; write it without nested repetition`,
  };
  return {
    what: "body",
    ok: match === (must ? "yes" : "no"),
    wanted,
    got: { yes: "a match", no: "no match", "too slow": "searched for too long" }[match],
    // The body may be fine: a pattern that can't be searched for is ours, and no reason to wake anybody.
    status: match === "too slow" ? "degraded" : "down",
    reason: reasons[match],
    code: match === "too slow" ? "pattern" : "body",
  };
}

export function sizeFindings({ min, max }: Plan["size"], answer: Pick<Answer, "bytes">): Finding[] {
  if (min === undefined && max === undefined) return [];
  const bytes = answer.bytes();
  const finding = (ok: boolean, wanted: string): Finding => ({
    what: "size",
    ok,
    wanted,
    got: spellBytes(bytes),
    status: "down",
    reason: `[size] the body has ${spellBytes(bytes)}, wanted ${wanted}`,
    code: "size",
  });
  return [
    ...(min === undefined ? [] : [finding(bytes >= min, `${spellBytes(min)} or more`)]),
    ...(max === undefined ? [] : [finding(bytes <= max, `${spellBytes(max)} at most`)]),
  ];
}

const spellBytes = (bytes: number): string => (bytes === 1 ? "1 byte" : `${bytes} bytes`);
