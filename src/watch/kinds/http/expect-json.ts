import { type Finding, quote } from "../base/finding.ts";
import { atJsonPath } from "../base/json-path.ts";
import { safeMatch } from "../base/safe-match.ts";
import type { Answer } from "./expect.ts";
import type { JsonExpectation } from "./expect-config.ts";
import { type Fault, faultOf } from "./json-schema.ts";
import type { Plan } from "./plan.ts";

/** What `expect.json` and `expect.json_schema` find. */
export function jsonFindings(plan: Plan, answer: Pick<Answer, "text">): Finding[] {
  const { json, jsonSchema } = plan;
  if (json.length === 0 && !jsonSchema) return [];
  const document = documentOf(answer.text());
  if (!document) return [notJson];
  return [
    ...json.flatMap((each) => pathFindings(each, document.value)),
    ...(jsonSchema ? [schemaFinding(faultOf(jsonSchema(), document.value))] : []),
  ];
}

const notJson: Finding = {
  what: "json",
  ok: false,
  wanted: "a JSON document",
  got: "something else",
  status: "down",
  reason: "[json] the body is not JSON",
  code: "json",
};

function documentOf(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function pathFindings({ path, expectation, pattern }: Plan["json"][number], document: unknown): Finding[] {
  const { found, value } = atJsonPath(document, path);
  const got = found ? quote(value) : "nothing";
  return conditions(expectation, pattern).map(({ wanted, met }): Finding => {
    const what = `json ${expectation.path}`;
    const reason = `[json] ${expectation.path} is ${got}, wanted ${wanted}`;
    return { what, ok: met(found, value), wanted, got, status: "down", reason, code: "json" };
  });
}

const schemaFinding = (fault: Fault | null): Finding => ({
  what: "json schema",
  ok: fault === null,
  wanted: "fits the schema",
  got: fault?.words ?? "fits",
  status: fault?.unjudged ? "degraded" : "down",
  reason: fault?.unjudged ? `[json] the body ${fault.words}` : `[json] ${fault?.words}`,
  code: "json_schema",
});

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
