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
  await keepResult(tx, { id, check });
  await keepStatus(tx, platform, { id, check, before: before.status, since: now.epochMilliseconds });
  const isNews = status === before.status && reason !== before.last_check?.reason;
  if (isNews) await writeNews(tx, platform, { id, check });
}

/** For the bars and the chart: what a check of a monitor that nobody probes came to, and how long it took. */
export async function keepResult(tx: Tx, { id, check }: { id: string; check: Check }): Promise<void> {
  const { at, status, reason, timings } = check;
  await tx
    .insertInto("check_results")
    .values({
      ...{ monitor_id: id, at: Temporal.Instant.from(at), status, total_ms: timings.total },
      ...{ dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, transfer_ms: null },
      reason: status === "up" ? null : reason,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * The check as its monitor's last, and a transition where the status is another than `before`.
 * @param since epoch ms: when this status began
 */
export async function keepStatus(
  tx: Tx,
  platform: Platform,
  { id, check, before, since }: { id: string; check: Check; before: MonitorStatus; since: number },
): Promise<void> {
  const { status, reason } = check;
  if (status !== before) {
    const at = Temporal.Instant.from(check.at).epochMilliseconds;
    const transition = { from: before, to: status, at, since, reason };
    return writeTransition(tx, platform, { id, check, judge: null, transition });
  }
  const failed = status === "down" || status === "degraded" ? { last_failure: json(check) } : {};
  await tx
    .updateTable("monitors")
    .set({ last_check: json(check), ...failed })
    .where("id", "=", id)
    .execute();
}
