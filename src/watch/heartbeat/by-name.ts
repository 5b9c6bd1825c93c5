import { by as handOf, SYSTEM } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { inTransaction, isUniqueViolation } from "../../platform/database/transaction.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../platform/refusal.ts";
import { createMonitor } from "../monitors.ts";
import { monitorCommon } from "../schema.ts";

export type Named =
  | { kind: "found" | "made"; monitorId: string }
  /** No such key, or no heartbeat of that name. */
  | { kind: "unknown" }
  /** Something else has that name. */
  | { kind: "taken" };

/** What one that is made by its first ping is given: expected daily, an hour late at the most. */
const MADE = { period: "1d", grace: "1h" };

/** The heartbeat that a key and a name mean; with `create` one that does not exist is made in the key's service. */
export async function byName(
  platform: Platform,
  { keyHash, slug: given, create }: { keyHash: string; slug: string; create: boolean },
): Promise<Named> {
  const slug = given.replaceAll("_", "-").replace(/^-+/, "");
  try {
    return await inTransaction(platform.db, async (tx) => {
      const key = await readKey(tx, keyHash);
      if (!key) return { kind: "unknown" };
      const monitorId = await within(tx, key, slug);
      if (monitorId) return { kind: "found", monitorId };
      if (!create) return { kind: "unknown" };
      const hand = handOf(platform, { ...SYSTEM, name: `ping key ${key.name}` });
      const common = monitorCommon.parse({ slug, name: given, kind: "heartbeat", service: key.service });
      const made = await createMonitor(tx, hand, { ...common, fields: MADE });
      return { kind: "made", monitorId: made.id };
    });
  } catch (error) {
    const isTaken = (error instanceof Refusal && error.code === "conflict") || isUniqueViolation(error);
    if (isTaken) return { kind: "taken" };
    throw error;
  }
}

interface Key {
  name: string;
  service: string;
  serviceId: string;
  team: string | null;
}

const readKey = (tx: Tx, hash: string): Promise<Key | undefined> =>
  tx
    .selectFrom("ping_keys")
    .innerJoin("services", "services.id", "ping_keys.service_id")
    .select([
      "ping_keys.name",
      "services.slug as service",
      "services.id as serviceId",
      "services.team_id as team",
    ])
    .where("key_hash", "=", hash)
    .executeTakeFirst();

/** Of the key's service, or of another service of the same team. */
async function within(tx: Tx, key: Key, slug: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select("monitors.id")
    .where("monitors.slug", "=", slug)
    .where("monitors.kind", "=", "heartbeat")
    .where((eb) =>
      key.team === null
        ? eb("services.id", "=", key.serviceId)
        : eb.or([eb("services.id", "=", key.serviceId), eb("services.team_id", "=", key.team)]),
    )
    .executeTakeFirst();
  return row?.id;
}
