import { createContext, Script } from "node:vm";

/** Longest a pattern may search: a nested repetition can take longer than the universe has left. */
const LONGEST_MS = 50;

const sandbox = createContext({ pattern: /(?:)/u, text: "" });
const search = new Script("pattern.test(text)");

export type Match = "yes" | "no" | "too slow";

/** Searches with a time limit; a plain `test` of a bad pattern would stop every check of the worker. */
export function safeMatch(pattern: RegExp, text: string): Match {
  sandbox.pattern = pattern;
  sandbox.text = text;
  try {
    return search.runInContext(sandbox, { timeout: LONGEST_MS }) ? "yes" : "no";
  } catch (error) {
    // Thrown by the sandbox's own realm, so `instanceof Error` doesn't know it.
    if (Object(error).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return "too slow";
    throw error;
  } finally {
    sandbox.text = "";
  }
}
