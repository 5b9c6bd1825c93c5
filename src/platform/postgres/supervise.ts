import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../start-error.ts";
import type { Keeper } from "./keeper.ts";
import type { Log } from "./paths.ts";

export type PostgresChange = { kind: "lost"; reason: string } | { kind: "back"; afterMs: number };

export interface Supervised {
  log: Log;
  /** Brings PostgreSQL up if it isn't and opens a keeper. Rejects when that didn't work this time. */
  revive(): Promise<Keeper>;
  tell(change: PostgresChange): void;
  /** Aborted when PostgreSQL is to be stopped. */
  stopping: AbortSignal;
}

const FIRST_WAITS_MS = [200, 500, 1_000];
const LONGEST_WAIT_MS = 2_000;

/**
 * Watches the keeper's connection and brings PostgreSQL back whenever it is lost, for as long as it takes: the
 * disk may be full now and not in an hour. Returns the keeper that is open when `stopping` is aborted, if any.
 */
export async function supervise(first: Keeper, it: Supervised): Promise<Keeper | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    it.stopping.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  let keeper = first;
  for (;;) {
    const reason = await Promise.race([keeper.lost, stopped]);
    if (reason === undefined || it.stopping.aborted) return keeper;
    const lostAt = performance.now();
    it.log("The connection to PostgreSQL is lost; bringing it back.", { reason });
    it.tell({ kind: "lost", reason });
    const next = await reviveUntilStopped(it);
    if (!next) return undefined;
    keeper = next;
    const afterMs = Math.round(performance.now() - lostAt);
    it.log(`PostgreSQL is back after ${afterMs} ms.`);
    it.tell({ kind: "back", afterMs });
  }
}

async function reviveUntilStopped(it: Supervised): Promise<Keeper | undefined> {
  for (let attempt = 0; !it.stopping.aborted; attempt++) {
    try {
      return await it.revive();
    } catch (error) {
      const waitMs = FIRST_WAITS_MS[attempt] ?? LONGEST_WAIT_MS;
      it.log(`PostgreSQL isn't back yet: ${inWords(error)} Trying again in ${waitMs} ms.`, { error });
      await sleep(waitMs, undefined, { signal: it.stopping }).catch(() => {});
    }
  }
  return undefined;
}

function inWords(error: unknown): string {
  if (error instanceof StartError) return `${error.message} ${error.mend}`;
  return `${error instanceof Error ? error.message : String(error)}.`;
}
