import { by, SYSTEM } from "../org/actor.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Platform } from "../platform/platform.ts";
import { wake } from "./escalation.ts";

/** What incident/ does later: look at an incident again when its wait is over. */
export function incidentEngine(platform: Platform): void {
  platform.due.handle(
    "escalate",
    async (job) => {
      const { incidentId } = job.payload as { incidentId: string };
      await inTransaction(platform.db, (tx) => wake(tx, by(platform, SYSTEM), incidentId));
      return undefined;
    },
    { concurrency: 8 },
  );
}
