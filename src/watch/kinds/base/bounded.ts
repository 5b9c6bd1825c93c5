import { createContext, Script } from "node:vm";

/** What came of work that had only so long. */
export type Bounded<T> = { done: true; value: T } | { done: false };

const sandbox = createContext({ work: () => undefined });
const run = new Script("work()");

/**
 * Runs synchronous work and stops it in the middle when it takes longer than `limitMs`: a bad pattern or schema
 * would otherwise stop every check of the worker. For work whose half-done state nobody sees.
 */
export function bounded<T>(work: () => T, limitMs: number): Bounded<T> {
  let value: { is: T } | undefined;
  sandbox.work = () => {
    value = { is: work() };
  };
  try {
    run.runInContext(sandbox, { timeout: limitMs });
  } catch (error) {
    // May be thrown by the sandbox's own realm, so `instanceof Error` doesn't know it.
    if (Object(error).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { done: false };
    throw error;
  } finally {
    sandbox.work = () => undefined;
  }
  return value ? { done: true, value: value.is } : { done: false };
}
