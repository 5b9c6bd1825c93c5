import { z } from "zod";
import type { FormField } from "../kind.ts";
import { pattern, scalar } from "./fields.ts";
import { type Finding, quote } from "./finding.ts";
import { atJsonPath, type JsonPath, parseJsonPath } from "./json-path.ts";
import { safeMatch } from "./safe-match.ts";

const jsonExpectation = z
  .strictObject({
    path: z
      .string()
      .refine(
        (text) => parseJsonPath(text) !== null,
        'write a path such as $.items[0].state or $["odd name"]',
      ),
    exists: z.boolean().optional(),
    equals: scalar.optional(),
    not_equals: scalar.optional(),
    contains: z.union([z.string(), z.number(), z.boolean()]).optional(),
    matches: pattern.optional(),
    above: z.number().optional(),
    below: z.number().optional(),
  })
  .refine((each) => Object.keys(each).length > 1, {
    message: "say what to expect there: exists, equals, not_equals, contains, matches, above or below",
  });

/** The key `json` of kinds whose answers may be JSON. */
export const jsonExpectations = z.array(jsonExpectation).min(1).max(50);

export type JsonExpectation = z.infer<typeof jsonExpectation>;

/** An expectation made ready to judge by. */
export interface JsonWish {
  path: JsonPath;
  expectation: JsonExpectation;
  pattern: RegExp | undefined;
}

export const jsonWishOf = (expectation: JsonExpectation): JsonWish => ({
  path: parseJsonPath(expectation.path) ?? [],
  expectation,
  pattern: expectation.matches === undefined ? undefined : new RegExp(expectation.matches, "u"),
});

/** Null for what is not JSON. */
export function documentOf(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** @param what should have been JSON: `the body` */
export const notJson = (what: string): Finding => ({
  what: "json",
  ok: false,
  wanted: "a JSON document",
  got: "something else",
  status: "down",
  reason: `[json] ${what} is not JSON`,
  code: "json",
});

export function jsonWishFindings({ path, expectation, pattern }: JsonWish, document: unknown): Finding[] {
  const { found, value } = atJsonPath(document, path);
  const got = found ? quote(value) : "nothing";
  return conditions(expectation, pattern).map(({ wanted, met }): Finding => {
    const what = `json ${expectation.path}`;
    const reason = `[json] ${expectation.path} is ${got}, wanted ${wanted}`;
    return { what, ok: met(found, value), wanted, got, status: "down", reason, code: "json" };
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

/** The fields of one expectation in a form. */
export const jsonFields: readonly FormField[] = [
  { name: "path", label: "Path", type: "text", group: "json", required: true, placeholder: "$.status" },
  { name: "equals", label: "Equals", type: "scalar", group: "json", placeholder: "ok" },
  { name: "not_equals", label: "Is not", type: "scalar", group: "json" },
  {
    name: "contains",
    label: "Contains",
    type: "text",
    group: "json",
    help: "Part of a text, or an element of a list.",
  },
  {
    name: "matches",
    label: "Matches",
    type: "text",
    group: "json",
    help: "A regular expression.",
    placeholder: "^v2\\.",
  },
  { name: "above", label: "Above", type: "number", group: "json" },
  { name: "below", label: "Below", type: "number", group: "json" },
  { name: "exists", label: "Exists", type: "boolean", group: "json" },
];
