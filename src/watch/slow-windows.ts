import { type Clock, later } from "../platform/clock.ts";
import type { Db } from "../platform/database/database.ts";
import type { Log } from "../platform/log.ts";
import type { ProbeResult } from "./prober/prober.ts";
import { readChecks } from "./results/store.ts";
import type { Check } from "./schema.ts";
import { type Response, slide, withSlowness } from "./slow.ts";
import type { SlowLimit } from "./table.ts";

/** Response times of the monitors that have a limit on a percentile, as far back as it reaches. */
export interface SlowWindows {
  /** The result as it counts beside those of the window. Never rejects. */
  review(
    monitor: { id: string; slow: SlowLimit | null },
    result: ProbeResult,
  ): Promise<ProbeResult & { sure?: boolean }>;
  /** What is known of it is read from the history again when it is next needed. */
  forget(id: string): void;
}

interface Answered {
  at: number;
  status: Check["status"];
  total: number | null;
}

/** Failures have no response time to speak of. */
const responsesOf = (checks: readonly Answered[]): Response[] =>
  checks.flatMap(({ at, status, total }) =>
    total !== null && (status === "up" || status === "degraded") ? [{ at, ms: total }] : [],
  );

export function createSlowWindows({ db, clock, log }: { db: Db; clock: Clock; log: Log }): SlowWindows {
  const windows = new Map<string, readonly Response[]>();

  async function before(id: string, overMs: number): Promise<readonly Response[]> {
    const now = clock.now();
    try {
      return responsesOf(await readChecks(db, id, { from: later(now, -overMs), to: now }));
    } catch (error) {
      log.warn({ error }, "response times could not be read back; their percentile begins anew");
      return [];
    }
  }

  return {
    async review({ id, slow }, result) {
      // One measured while the prober lagged is longer than the target took.
      if (slow === null || result.suspect !== null) return result;
      const window = windows.get(id) ?? (await before(id, slow.overMs));
      const own = responsesOf([{ ...result, total: result.timings.total }]);
      const slid = slide(window, own, { overMs: slow.overMs, now: clock.now().epochMilliseconds });
      windows.set(id, slid);
      return withSlowness(result, slow, slid);
    },
    forget: (id) => void windows.delete(id),
  };
}
