import type { z } from "zod";
import { nearest } from "../platform/nearest.ts";

/** Something wrong, by its path within what was checked. */
export interface Found {
  path: (string | number)[];
  message: string;
}

/** A zod issue in words; an unknown key names the nearest one that is known. `also` are known beside those at the top. */
export function describeIssue(
  schema: unknown,
  issue: z.core.$ZodIssue,
  also: readonly string[] = [],
): Found[] {
  const path = issue.path as (string | number)[];
  if (issue.code === "unrecognized_keys") {
    const known = [...knownKeys(schema, path), ...(path.length === 0 ? also : [])];
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known) }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) return [{ path, message: ofUnion(issue) }];
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined") && path.length > 0)
    return [{ path, message: `${path.at(-1)} is missing` }];
  return [{ path, message: issue.message }];
}

export function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const help = meant ? `did you mean "${meant}"?` : `known here: ${known.join(", ")}`;
  return `unknown key "${key}"; ${help}`;
}

/** What keeps the value from being the alternative that it comes nearest to. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion): string {
  const best = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
  const messages = best.map((each) => [...each.path, each.message].join(" "));
  return `${issue.message}${messages.length > 0 ? ` (${messages.join("; ")})` : ""}`;
}

/** The keys that a schema knows at a path, found by walking the schema. */
export function knownKeys(schema: unknown, path: readonly (string | number)[]): string[] {
  let at = schema;
  for (const part of path) {
    at = unwrap(at);
    const shape = shapeOf(at);
    if (shape && typeof part === "string") at = shape[part];
    else if (hasElement(at) && typeof part === "number") at = at.element;
    else return [];
  }
  return Object.keys(shapeOf(unwrap(at)) ?? {});
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const hasElement = (value: unknown): value is { element: unknown } => isObject(value) && "element" in value;
const shapeOf = (value: unknown): Record<string, unknown> | undefined =>
  isObject(value) && isObject(value.shape) ? value.shape : undefined;

/** Looks through optional, default, nullable and the like. */
function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (isObject(inner) && typeof inner.unwrap === "function" && !hasElement(inner)) inner = inner.unwrap();
  return inner;
}
