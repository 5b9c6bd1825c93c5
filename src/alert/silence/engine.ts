import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import type { Platform } from "../../platform/platform.ts";
import { judgeHolds } from "../holds.ts";
import { SILENCE_JOB } from "./silences.ts";

/** When a silence ends by itself: browsers are told, and what it held is judged again. */
export function silenceEngine(platform: Platform): void {
  platform.due.handle(SILENCE_JOB, async (job) => {
    const { silenceId } = job.payload as { silenceId: string };
    await inTransaction(platform.db, async (tx) => {
      await platform.live.publish(tx, { type: "silence", id: silenceId });
      await judgeHolds(tx, by(platform, SYSTEM));
    });
    return undefined;
  });
}
