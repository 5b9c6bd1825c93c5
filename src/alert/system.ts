import { by, SYSTEM } from "../org/actor.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Platform } from "../platform/platform.ts";
import { receive } from "./intake.ts";
import type { AlertEvent, Source } from "./model.ts";

/** Keepwatch as the source of alerts about itself. The id is the same in every installation. */
export const SYSTEM_SOURCE: Source = {
  type: "system",
  id: "00000000-0000-7000-8000-00000000c0de",
  slug: "keepwatch",
  name: "Keepwatch",
};

/** Something of Keepwatch's own that doesn't work. */
export interface SystemProblem {
  /** One alert fires per key: what goes wrong again and again is said once. */
  key: string;
  title: string;
  reason: string;
  urgency: "high" | "low";
}

/** Raises the alert of its key by the door that every alert takes. Nobody is paged twice while it fires. */
export async function systemProblem(platform: Platform, problem: SystemProblem): Promise<void> {
  const { key, title, reason, urgency } = problem;
  const at = platform.clock.now().toString();
  await send(platform, key, {
    action: "trigger",
    source: SYSTEM_SOURCE,
    title,
    reason,
    cause: key,
    urgency,
    startedAt: at,
    at,
    severity: urgency === "high" ? "SEV2" : "SEV3",
    labels: {},
    evidence: null,
    serviceId: null,
  });
}

/** Ends the alert of that key; where none fires, nothing happens. */
export const systemWell = (platform: Platform, key: string, reason: string): Promise<void> =>
  send(platform, key, {
    action: "resolve",
    source: SYSTEM_SOURCE,
    reason,
    at: platform.clock.now().toString(),
  });

/** Whether the alert of that key fires, perhaps since before this start. */
export async function systemFiring(db: DbOrTx, key: string): Promise<boolean> {
  const row = await db
    .selectFrom("alerts")
    .select("id")
    .where("source_id", "=", SYSTEM_SOURCE.id)
    .where("dedup_key", "=", key)
    .where("status", "=", "firing")
    .executeTakeFirst();
  return row !== undefined;
}

const send = (platform: Platform, dedupKey: string, event: AlertEvent): Promise<void> =>
  inTransaction(platform.db, (tx) => receive(tx, by(platform, SYSTEM), { dedupKey, event }));
