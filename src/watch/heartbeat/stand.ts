import type { By } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { NO_TIMINGS } from "../kinds/kind.ts";
import type { Check } from "../schema.ts";
import { keepStatus } from "../settle-status.ts";
import { readGaps } from "./listening.ts";
import { type Facts, type HeartbeatPolicy, policyOfHeartbeat, type Standing, standingOf } from "./model.ts";
import { configOf, type LockedHeartbeat } from "./store.ts";

const LATE = new Set(["ping:late", "run:late"]);

/** How it stands now. When nobody listened is read only where it makes a difference: where something seems late. */
export async function standingNow(
  tx: Tx,
  { facts, policy, now }: { facts: Facts; policy: HeartbeatPolicy; now: number },
): Promise<Standing> {
  const plain = standingOf(facts, { policy, gaps: [], now });
  if (!LATE.has(plain.cause)) return plain;
  const since = Math.min(facts.lastEnd?.at ?? now, facts.run?.at ?? now, facts.countsFrom ?? now);
  const gaps = await readGaps(tx, since - policy.graceMs, now);
  return standingOf(facts, { policy, gaps, now });
}

export const policyIn = (by: By, heartbeat: LockedHeartbeat): HeartbeatPolicy =>
  policyOfHeartbeat(configOf(heartbeat.config, by.platform.secrets));

/**
 * Writes how a heartbeat stands: its facts, when to look again, and, where the status changed, the transition with its
 * event, all in the caller's transaction, which holds it.
 */
export async function writeStanding(
  tx: Tx,
  by: By,
  {
    heartbeat,
    facts,
    standing,
    check,
  }: { heartbeat: LockedHeartbeat; facts: Facts; standing: Standing; check: Check },
): Promise<void> {
  const instant = (ms: number | null) => (ms === null ? null : Temporal.Instant.fromEpochMilliseconds(ms));
  await tx
    .updateTable("heartbeats")
    .set({ facts: json(facts), expected_at: instant(standing.expectedAt), due_at: instant(standing.dueAt) })
    .where("monitor_id", "=", heartbeat.id)
    .execute();
  await look(tx, by, { monitorId: heartbeat.id, at: instant(standing.dueAt) });
  const began = standing.since ?? by.at.epochMilliseconds;
  await keepStatus(tx, by.platform, {
    ...{ id: heartbeat.id, check, before: heartbeat.status },
    since: Math.max(began, heartbeat.status_since.epochMilliseconds),
  });
}

/** A job of its own looks when the ping is missed; after a crash it is still there. */
export async function look(
  tx: Tx,
  { platform }: By,
  { monitorId, at }: { monitorId: string; at: Temporal.Instant | null },
): Promise<void> {
  await platform.due.cancel(tx, "heartbeat", monitorId);
  if (at)
    await platform.due.add(tx, {
      ...{ kind: "heartbeat", key: monitorId, at },
      payload: { monitorId },
      maxAttempts: 1_000_000,
    });
}

/** How it stands, as a check is shown. */
export const checkOfStanding = (
  standing: Standing,
  {
    at,
    totalMs = null,
    body = null,
  }: { at: Temporal.Instant; totalMs?: number | null; body?: string | null },
): Check => ({
  at: at.toString(),
  status: standing.status,
  reason: standing.reason,
  cause: standing.cause,
  timings: { ...NO_TIMINGS, total: totalMs },
  evidence: standing.status === "down" && body ? { location: "local", body } : null,
});
