import { by, SYSTEM } from "../../org/actor.ts";
import { isBefore, later } from "../../platform/clock.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import type { Job, JobResult } from "../../platform/due/due.ts";
import { humanDuration } from "../../platform/duration.ts";
import type { Platform } from "../../platform/platform.ts";
import { receive } from "../intake.ts";
import { AUTO_RESOLVE_JOB } from "./said.ts";
import "../table.ts";
import "./table.ts";

/** A look that comes so late tells that we weren't there to listen. */
const AWAY_MS = 60_000;

interface Look {
  alertId: string;
  /** The time in which nobody listened here says nothing of them: they have until then to say something. */
  graceUntil?: string;
}

/** Resolves what nothing has been heard of for as long as its integration allows. */
export function handleAutoResolve(platform: Platform): void {
  platform.due.handle(AUTO_RESOLVE_JOB, (job) => look(platform, job));
}

async function look(platform: Platform, job: Job): Promise<JobResult> {
  const { alertId, graceUntil } = job.payload as Look;
  const now = platform.clock.now();
  const alert = await findAlert(platform.db, alertId);
  if (!alert) return undefined;
  const { afterMs, source, dedupKey } = alert;
  const dueAt = later(alert.lastAt, afterMs);
  if (isBefore(now, dueAt)) return { again: dueAt };
  const grace = graceUntil === undefined ? undefined : Temporal.Instant.from(graceUntil);
  const granted = grace !== undefined && !isBefore(grace, dueAt) ? grace : undefined;
  if (granted && isBefore(now, granted)) return { again: granted };
  if (!granted && isBefore(later(dueAt, AWAY_MS), now)) {
    const payload: Look = { alertId, graceUntil: later(now, afterMs).toString() };
    await platform.due.add(platform.db, { kind: AUTO_RESOLVE_JOB, key: alertId, at: now, payload });
    return undefined;
  }
  const reason = `nothing was heard of it for ${humanDuration(afterMs)}`;
  const event = { action: "resolve", source, reason, at: now.toString() } as const;
  await inTransaction(platform.db, (tx) => receive(tx, by(platform, SYSTEM), { dedupKey, event }));
  return undefined;
}

/** The alert while it fires and its integration resolves by silence. */
async function findAlert(db: DbOrTx, alertId: string) {
  const row = await db
    .selectFrom("alerts")
    .innerJoin("integrations", "integrations.id", "alerts.source_id")
    .select(["alerts.dedup_key", "alerts.last_at", "integrations.auto_resolve_ms"])
    .select(["integrations.id", "integrations.slug", "integrations.name"])
    .where("alerts.id", "=", alertId)
    .where("alerts.status", "=", "firing")
    .executeTakeFirst();
  if (!row || row.auto_resolve_ms === null) return undefined;
  const { id, slug, name } = row;
  return {
    dedupKey: row.dedup_key,
    lastAt: row.last_at,
    afterMs: Number(row.auto_resolve_ms),
    source: { type: "integration", id, slug, name } as const,
  };
}
