import { bounded } from "./bounded.ts";

/** Longest a pattern may search: a nested repetition can take longer than the universe has left. */
const LONGEST_MS = 50;

export type Match = "yes" | "no" | "too slow";

/** Searches with a time limit; a plain `test` of a bad pattern would stop every check of the worker. */
export function safeMatch(pattern: RegExp, text: string): Match {
  const search = bounded(() => pattern.test(text), LONGEST_MS);
  if (!search.done) return "too slow";
  return search.value ? "yes" : "no";
}
