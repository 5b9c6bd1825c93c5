import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { must } from "../../org/can.ts";
import { later } from "../../platform/clock.ts";
import type { Tx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { formatDuration, humanDuration } from "../../platform/duration.ts";
import type { Platform } from "../../platform/platform.ts";
import { missing, Refusal } from "../../platform/refusal.ts";
import { settleStatus } from "../settle-status.ts";

export interface SetStatus {
  slug: string;
  status: "up" | "degraded" | "down";
  reason: string;
  /** How long it holds, in ms; null until somebody sets another. */
  forMs: number | null;
}

/** Somebody says how it is. Holds from now on, without confirmation. */
export async function setStatus(tx: Tx, by: By, { slug, status, reason, forMs }: SetStatus): Promise<void> {
  const row = await tx
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select([
      ...(["monitors.id", "monitors.kind", "monitors.status", "monitors.last_check"] as const),
      ...(["monitors.paused_at", "services.team_id as team", "services.visibility"] as const),
    ])
    .where("monitors.slug", "=", slug)
    .forUpdate("monitors")
    .executeTakeFirst();
  if (!row) throw missing(`monitor "${slug}"`);
  must(by.actor, "respond", { type: "monitor", team: row.team, visibility: row.visibility });
  if (row.kind !== "manual")
    throw new Refusal("conflict", `"${slug}" is of kind ${row.kind}: only a manual monitor is set by hand.`);
  if (row.paused_at !== null)
    throw new Refusal(
      "conflict",
      `"${slug}" is paused. Resume it first: POST /api/v1/monitors/${slug}/resume.`,
    );
  const said = reason === "" ? "well again" : reason;
  await settleStatus(tx, by.platform, {
    ...{ id: row.id, before: row, status, cause: status === "up" ? "ok" : `manual:${status}` },
    reason: `${said} (set by ${by.actor.name}${forMs === null ? "" : ` for ${humanDuration(forMs)}`})`,
  });
  await audit(tx, by, {
    action: `set to ${status}`,
    type: "monitor",
    id: row.id,
    name: slug,
    after: { status, reason, for: forMs === null ? null : formatDuration(forMs) },
  });
  await by.platform.due.cancel(tx, "manual", row.id);
  if (forMs !== null)
    await by.platform.due.add(tx, {
      ...{ kind: "manual", key: row.id, at: later(by.at, forMs) },
      payload: { monitorId: row.id },
      maxAttempts: 1_000_000,
    });
}

/** What manual monitors do later: what was said for a time is over. */
export function manualEngine(platform: Platform): void {
  platform.due.handle("manual", async (job) => {
    const { monitorId } = job.payload as { monitorId: string };
    await inTransaction(platform.db, async (tx) => {
      const row = await tx
        .selectFrom("monitors")
        .select(["status", "last_check", "paused_at"])
        .where("id", "=", monitorId)
        .forUpdate()
        .executeTakeFirst();
      if (!row || row.paused_at !== null || row.status === "unknown") return;
      const over = row.status === "up";
      await settleStatus(tx, platform, {
        ...{ id: monitorId, before: row, status: over ? "unknown" : "up" },
        reason: over ? "nobody has said anything since" : "the time it was set for is over",
        cause: over ? "manual:none" : "ok",
      });
    });
    return undefined;
  });
}
