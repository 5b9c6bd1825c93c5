import { sql } from "kysely";
import type { Tx } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import "../table.ts";

/** A monitor's status changed: every group it belongs to is judged again, right after this transaction. */
export async function wakeGroups(tx: Tx, platform: Platform, slug: string): Promise<void> {
  for (const { id, paused } of await groupsWith(tx, slug))
    if (!paused) await wakeGroup(tx, platform, { id, at: platform.clock.now() });
}

/** The groups that have it as a member. */
export const groupsWith = (tx: Tx, slug: string): Promise<{ id: string; slug: string; paused: boolean }[]> =>
  tx
    .selectFrom("monitors")
    .select(["id", "slug", sql<boolean>`paused_at is not null`.as("paused")])
    .where("kind", "=", "group")
    .where(sql<boolean>`config->'members' ? ${slug}`)
    .orderBy("slug")
    .execute();

export const wakeGroup = (
  tx: Tx,
  { due }: Platform,
  { id, at }: { id: string; at: Temporal.Instant },
): Promise<void> =>
  due.add(tx, { ...{ kind: "group", key: id, at }, payload: { monitorId: id }, maxAttempts: 1_000_000 });
