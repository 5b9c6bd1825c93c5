import { type Problem, Refusal } from "../../platform/refusal.ts";
import type { Found } from "../issues.ts";

/** Throws one refusal for all that is wrong with an entry. Paths are within the entry. */
export function refuseFound(found: readonly Found[]): void {
  if (found.length === 0) return;
  const problems = found.map(({ path, message }): Problem => ({ pointer: pointerOf(path), detail: message }));
  throw new Refusal("invalid", problems.map(({ detail }) => detail).join("; "), { problems });
}

/** RFC 6901. */
const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** Runs a verb; the pointers of its refusal are put below `prefix`, where the entry holds what it was given. */
export async function under<T>(prefix: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const problems = error.problems.map(({ pointer, detail }) => ({ pointer: prefix + pointer, detail }));
    throw new Refusal(error.code, error.message, { problems, cause: error });
  }
}

/** What still needs something that the document no longer has, in words for whoever keeps the document. */
export function refuseUsed(what: string, users: readonly string[]): void {
  if (users.length === 0) return;
  throw new Refusal(
    "conflict",
    `${what} is gone from the configuration but still needed by ${users.join(", ")}. Change or delete ${users.length === 1 ? "that" : "those"} first, or put it back.`,
  );
}
