import { bounded } from "../base/bounded.ts";
import { bodyText } from "../base/evidence.ts";
import { atJsonPath, parseJsonPath } from "../base/json-path.ts";
import type { Trace } from "../base/trace.ts";
import type { CookieJar } from "../http/cookies.ts";

/** Where a value is taken from: `$.token`, `header x-csrf-token`, `cookie session` or `/name="csrf" value="([^"]+)"/`. */
export type Source =
  | { from: "json"; path: readonly (string | number)[]; text: string }
  | { from: "header" | "cookie"; name: string }
  | { from: "body"; pattern: RegExp };

const LONGEST_MS = 50;

/** Null for anything that is none of the four. */
export function readSource(text: string): Source | null {
  const trimmed = text.trim();
  const path = parseJsonPath(trimmed);
  if (path && path.length > 0) return { from: "json", path, text: trimmed };
  const [, from, name] = /^(header|cookie)\s+(\S+)$/i.exec(trimmed) ?? [];
  if (from && name) return { from: from.toLowerCase() === "header" ? "header" : "cookie", name };
  const [, pattern] = /^\/(.+)\/$/s.exec(trimmed) ?? [];
  if (pattern === undefined) return null;
  try {
    return { from: "body", pattern: new RegExp(pattern, "u") };
  } catch {
    return null;
  }
}

/** The value, or in words why there is none. */
export function takeValue(
  source: Source,
  { trace, jar }: { trace: Trace; jar: CookieJar },
): { value: string } | { why: string } {
  switch (source.from) {
    case "header": {
      const value = trace.headers[source.name.toLowerCase()];
      const text = Array.isArray(value) ? value[0] : value;
      return text ? { value: text } : { why: `the answer has no header ${source.name}` };
    }
    case "cookie": {
      const value = jar.valueOf(source.name);
      return value ? { value } : { why: `no cookie ${source.name} was set` };
    }
    case "json":
      return ofJson(source, bodyText(trace));
    case "body":
      return ofBody(source.pattern, bodyText(trace));
  }
}

function ofJson({ path, text }: Extract<Source, { from: "json" }>, body: string) {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return { why: "the answer is no JSON" };
  }
  const { found, value } = atJsonPath(document, path);
  if (!found || value === null || value === "") return { why: `the answer has no ${text}` };
  return typeof value === "object" ? { why: `${text} is no single value` } : { value: String(value) };
}

function ofBody(pattern: RegExp, body: string) {
  const search = bounded(() => pattern.exec(body), LONGEST_MS);
  if (!search.done) return { why: "the pattern took too long" };
  const value = search.value?.[1] ?? search.value?.[0];
  return value ? { value } : { why: "the pattern is nowhere in the answer" };
}
