import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { isUniqueViolation } from "../../platform/database/transaction.ts";
import { invalid } from "../../platform/refusal.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { openConfig } from "../kind-config.ts";
import type { HeartbeatConfig } from "../kinds/heartbeat/config.ts";
import { heartbeat } from "../kinds/heartbeat/heartbeat.ts";
import { newPingUuid, newPushToken, pingAddress, pushAddress } from "./addresses.ts";
import { NO_FACTS } from "./model.ts";
import "./table.ts";
import "../table.ts";

/** A heartbeat with the monitor it belongs to, both held for the transaction: signals are taken one after the other. */
export async function lockHeartbeat(tx: Tx, monitorId: string) {
  // The monitor first, as everybody who changes one does.
  const monitor = await tx
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select([
      "monitors.id",
      "monitors.slug",
      "monitors.name",
      "config",
      "status",
      "status_since",
      "paused_at",
    ])
    .select(["services.team_id as team", "services.visibility"])
    .where("monitors.id", "=", monitorId)
    .where("kind", "=", "heartbeat")
    .forUpdate("monitors")
    .executeTakeFirst();
  if (!monitor) return undefined;
  const row = await tx
    .selectFrom("heartbeats")
    .select(["facts", "pings"])
    .where("monitor_id", "=", monitorId)
    .forUpdate()
    .executeTakeFirst();
  return row && { ...monitor, ...row };
}

export type LockedHeartbeat = NonNullable<Awaited<ReturnType<typeof lockHeartbeat>>>;

export const configOf = (config: Record<string, unknown>, secrets: Secrets): HeartbeatConfig =>
  openConfig(heartbeat, config, secrets) as HeartbeatConfig;

/** Gives a monitor its addresses: those it brings along, or new ones. */
export async function makeHeartbeat(
  tx: Tx,
  secrets: Secrets,
  { monitorId, config }: { monitorId: string; config: HeartbeatConfig },
): Promise<void> {
  const ping = pingAddress(secrets, config.uuid ?? newPingUuid());
  const push = pushAddress(secrets, config.token ?? newPushToken());
  await tx
    .insertInto("heartbeats")
    .values({
      ...{ monitor_id: monitorId, facts: json(NO_FACTS) },
      ...{ ping_hash: ping.hash, ping_sealed: ping.sealed },
      ...{ push_hash: push.hash, push_sealed: push.sealed },
    })
    .execute()
    .catch(refuseTaken);
}

/** Other addresses in place of the ones it has; what is left out stays. */
export async function keepAddresses(
  tx: Tx,
  secrets: Secrets,
  { monitorId, uuid, token }: { monitorId: string } & Pick<HeartbeatConfig, "uuid" | "token">,
): Promise<void> {
  const ping = uuid === undefined ? undefined : pingAddress(secrets, uuid);
  const push = token === undefined ? undefined : pushAddress(secrets, token);
  if (!ping && !push) return;
  await tx
    .updateTable("heartbeats")
    .set({
      ...(ping && { ping_hash: ping.hash, ping_sealed: ping.sealed }),
      ...(push && { push_hash: push.hash, push_sealed: push.sealed }),
    })
    .where("monitor_id", "=", monitorId)
    .execute()
    .catch(refuseTaken);
}

function refuseTaken(error: unknown): never {
  const field = isUniqueViolation(error, "heartbeats_push_hash_key") ? "token" : "uuid";
  if (!isUniqueViolation(error)) throw error;
  throw invalid(
    `/${field}`,
    `Another heartbeat has this ${field} already; remove it there, or leave it out here.`,
  );
}

/** Which monitor an address is of. */
export async function monitorAt(
  db: DbOrTx,
  column: "ping_hash" | "push_hash",
  hash: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("heartbeats")
    .select("monitor_id")
    .where(column, "=", hash)
    .executeTakeFirst();
  return row?.monitor_id;
}
