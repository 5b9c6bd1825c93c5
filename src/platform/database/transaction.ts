import type { Db, Tx } from "./database.ts";
import { withNotices } from "./notify.ts";
import { isPlanOutdated } from "./prepared.ts";

/**
 * SQLSTATE class 40 (serialisation failure, deadlock), or a newer program has just changed a table: the transaction
 * changed nothing and may run again.
 */
const isRetryable = (error: unknown): boolean =>
  isPlanOutdated(error) ||
  (typeof error === "object" && error !== null && "code" in error && String(error.code).startsWith("40"));

const MOST_TRIES = 5;

/** Runs `work` in one transaction, again when PostgreSQL asks for it. `work` must have no other effects. */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute((tx) => withNotices(tx, () => work(tx)));
    } catch (error) {
      if (attempt >= MOST_TRIES || !isRetryable(error)) throw error;
    }
  }
}

/** True when `error` is a broken unique constraint or index of that name (any, when none is given). */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  error.code === "23505" &&
  (constraint === undefined || ("constraint" in error && error.constraint === constraint));
