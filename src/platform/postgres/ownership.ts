import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { StartError } from "../start-error.ts";
import type { Paths } from "./paths.ts";

/** SQLite's result code when another connection holds the lock. */
const SQLITE_BUSY = 5;

/** How long an owner that is just being killed or stopped may take to let go. */
const LAST_OWNER_LEAVES_MS = 1_000;

/**
 * Takes the data directory for this process; a second one is refused. The lock is the operating system's, on a
 * file: it ends with the process however that ends, unlike a pid file, and it holds while PostgreSQL is down,
 * unlike an advisory lock. SQLite is merely the portable way to ask for one.
 */
export function takeOwnership(paths: Paths): Disposable {
  const lock = new DatabaseSync(paths.ownerLock, { timeout: LAST_OWNER_LEAVES_MS });
  try {
    lock.exec("pragma journal_mode = off; begin exclusive");
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY)) throw error;
    throw taken(paths.dataDir, holderIn(paths.ownerPid));
  }
  writeFileSync(paths.ownerPid, `${process.pid}\n${hostname()}\n`);
  return {
    [Symbol.dispose]() {
      rmSync(paths.ownerPid, { force: true });
      lock.close();
    },
  };
}

/** The refusal of a data directory that `holder` (e.g. "process 4711") has. */
export const taken = (dataDir: string, holder: string): StartError =>
  new StartError(
    `Another Keepwatch is using the data directory ${dataDir}: ${holder}.`,
    "Stop that one first, or give this one a directory of its own with KEEPWATCH_DATA (and a port of its own with KEEPWATCH_PORT).",
  );

function holderIn(file: string): string {
  try {
    const [pid, host] = readFileSync(file, "utf8").split("\n");
    return `process ${pid}${host && host !== hostname() ? ` on ${host}` : ""}`;
  } catch {
    return "a process that is just starting or stopping";
  }
}
