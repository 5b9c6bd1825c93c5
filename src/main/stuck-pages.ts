import { SYSTEM_SOURCE, systemProblem, systemWell } from "../alert/system.ts";
import { by, SYSTEM } from "../org/actor.ts";
import { findChannel } from "../page/channels/index.ts";
import { moveOn, stuckPages } from "../page/stuck.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Part } from "../platform/parts.ts";
import type { Platform } from "../platform/platform.ts";

const STUCK = "stuck:";

/** Looks for pages that should have left and have not: their people are rung another way, and an alert says so. */
export function stuckPagesPart(platform: Platform): Part {
  return {
    name: "look for stuck pages",
    everyMs: 15_000,
    limitMs: 10_000,
    run: () => lookForStuckPages(platform),
  };
}

export async function lookForStuckPages(platform: Platform): Promise<void> {
  const { db, clock } = platform;
  const stuck = await stuckPages(db, clock.now());
  if (stuck.length > 0) await inTransaction(db, (tx) => moveOn(tx, by(platform, SYSTEM), stuck));
  const channels = Map.groupBy(stuck, ({ channel }) => channel);
  const told = await firing(platform);
  for (const [channel, rows] of channels) {
    if (told.includes(STUCK + channel)) continue;
    const [oldest] = rows;
    const last = rows.findLast(({ reason }) => reason)?.reason ?? "nothing has been said about why";
    const label = findChannel(channel)?.label ?? channel;
    await systemProblem(platform, {
      key: STUCK + channel,
      title: `Pages by ${label} are stuck`,
      reason: `${rows.length} of them, the oldest since ${oldest?.since.toString({ smallestUnit: "second" })}: ${last}`,
      urgency: "high",
    });
  }
  for (const key of told)
    if (!channels.has(key.slice(STUCK.length)))
      await systemWell(platform, key, "nothing is stuck there any more");
}

async function firing({ db }: Platform): Promise<string[]> {
  const rows = await db
    .selectFrom("alerts")
    .select("dedup_key")
    .where("source_id", "=", SYSTEM_SOURCE.id)
    .where("status", "=", "firing")
    .where("dedup_key", "like", `${STUCK}%`)
    .execute();
  return rows.map((row) => row.dedup_key);
}
