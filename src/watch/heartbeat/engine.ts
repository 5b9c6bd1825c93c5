import type { By } from "../../org/actor.ts";
import { by as handOf } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import type { Platform } from "../../platform/platform.ts";
import type { HeartbeatConfig } from "../kinds/heartbeat/config.ts";
import { monitorActor } from "../transition.ts";
import { type Facts, policyOfHeartbeat, rescheduled, resumed } from "./model.ts";
import { checkOfStanding, look, policyIn, standingNow, writeStanding } from "./stand.ts";
import { keepAddresses, type LockedHeartbeat, lockHeartbeat, makeHeartbeat } from "./store.ts";

/** What heartbeats do later: when a ping is due and did not come, say so. */
export function heartbeatEngine(platform: Platform): void {
  platform.due.handle(
    "heartbeat",
    async (job) => {
      const { monitorId } = job.payload as { monitorId: string };
      await inTransaction(platform.db, async (tx) => {
        const heartbeat = await lockHeartbeat(tx, monitorId);
        if (!heartbeat || heartbeat.paused_at !== null) return;
        await judgeAgain(tx, handOf(platform, monitorActor(heartbeat)), heartbeat, heartbeat.facts);
      });
      return undefined;
    },
    { concurrency: 8 },
  );
}

async function judgeAgain(tx: Tx, by: By, heartbeat: LockedHeartbeat, facts: Facts): Promise<void> {
  const policy = policyIn(by, heartbeat);
  const standing = await standingNow(tx, { facts, policy, now: by.at.epochMilliseconds });
  await writeStanding(tx, by, {
    ...{ heartbeat, facts, standing },
    check: checkOfStanding(standing, { at: by.at }),
  });
}

/** A monitor of this kind was made, in the caller's transaction. */
export const heartbeatMade = (
  tx: Tx,
  by: By,
  monitor: { id: string; config: HeartbeatConfig },
): Promise<void> => makeHeartbeat(tx, by.platform.secrets, { monitorId: monitor.id, config: monitor.config });

/** Its configuration changed: another schedule counts from now on. */
export async function heartbeatChanged(
  tx: Tx,
  by: By,
  { id, before, after }: { id: string; before: HeartbeatConfig; after: HeartbeatConfig },
): Promise<void> {
  await keepAddresses(tx, by.platform.secrets, { monitorId: id, uuid: after.uuid, token: after.token });
  const heartbeat = await lockHeartbeat(tx, id);
  if (!heartbeat || heartbeat.paused_at !== null) return;
  const same = JSON.stringify(timesOf(before)) === JSON.stringify(timesOf(after));
  if (same) return;
  await judgeAgain(tx, by, heartbeat, rescheduled(heartbeat.facts, by.at.epochMilliseconds));
}

const timesOf = (config: HeartbeatConfig) => {
  const { schedule: _, ...times } = policyOfHeartbeat(config);
  const { period, cron, on_calendar, time_zone } = config;
  return { ...times, period, cron, on_calendar, time_zone };
};

/** Paused: nothing is expected. Resumed: whoever pinged once is expected to ping again. */
export async function heartbeatPaused(
  tx: Tx,
  by: By,
  { id, paused }: { id: string; paused: boolean },
): Promise<void> {
  if (paused) return look(tx, by, { monitorId: id, at: null });
  const heartbeat = await lockHeartbeat(tx, id);
  if (heartbeat) await judgeAgain(tx, by, heartbeat, resumed(heartbeat.facts, by.at.epochMilliseconds));
}
