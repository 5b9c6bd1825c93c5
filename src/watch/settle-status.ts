import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import type { Platform } from "../platform/platform.ts";
import { NO_TIMINGS } from "./kinds/kind.ts";
import type { Check, Evidence, MonitorStatus } from "./schema.ts";
import { writeNews, writeTransition } from "./transition.ts";
import "./table.ts";

export interface Settled {
  id: string;
  /** As it is now; the caller holds the monitor. */
  before: { status: MonitorStatus; last_check: Check | null };
  status: MonitorStatus;
  reason: string;
  cause: string;
  evidence?: Evidence | null;
}

/**
 * The status of a monitor that nobody probes, as of now: kept as its last check and in its history, and as a transition
 * with its event where it changed. Where only the words changed, its alert is told them. In the caller's transaction.
 */
export async function settleStatus(tx: Tx, platform: Platform, settled: Settled): Promise<void> {
  const { id, before, status, reason, cause, evidence = null } = settled;
  const now = platform.clock.now();
  const check: Check = {
    ...{ at: now.toString(), status, reason, cause, timings: NO_TIMINGS },
    evidence: status === "up" ? null : evidence,
  };
  await tx
    .insertInto("check_results")
    .values({
      ...{ monitor_id: id, at: now, status, reason: status === "up" ? null : reason },
      ...{
        dns_ms: null,
        connect_ms: null,
        tls_ms: null,
        first_byte_ms: null,
        transfer_ms: null,
        total_ms: null,
      },
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (status === before.status) {
    const failed = status === "down" || status === "degraded" ? { last_failure: json(check) } : {};
    await tx
      .updateTable("monitors")
      .set({ last_check: json(check), ...failed })
      .where("id", "=", id)
      .execute();
    if (reason !== before.last_check?.reason) await writeNews(tx, platform, { id, check });
    return;
  }
  const at = now.epochMilliseconds;
  await writeTransition(tx, platform, {
    ...{ id, check, judge: null },
    transition: { from: before.status, to: status, at, since: at, reason },
  });
}
