import { type By, by, SYSTEM } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Platform } from "../platform/platform.ts";
import { HELD_JOB, hold, judgeHeld, readHolds, shareHolds } from "./holds.ts";
import { handleIntake } from "./intake.ts";
import { integrationEngine } from "./integrations/engine.ts";
import { type AlertRow, intoIncident } from "./into-incident.ts";
import { silenceEngine } from "./silence/engine.ts";

/** What alert/ does later: applying what came in, and looking again at what was called fixed or was held. */
export function alertEngine(platform: Platform): void {
  handleIntake(platform);
  platform.due.handle("still_failing", async (job) => {
    const { incidentId } = job.payload as { incidentId: string };
    await inTransaction(platform.db, (tx) => stillFailing(tx, by(platform, SYSTEM), incidentId));
    return undefined;
  });
  platform.due.handle(HELD_JOB, async (job) => {
    const { alertId } = job.payload as { alertId: string };
    const again = await inTransaction(platform.db, (tx) => judgeHeld(tx, by(platform, SYSTEM), alertId));
    return again ? { again } : undefined;
  });
  silenceEngine(platform);
  integrationEngine(platform);
}

/**
 * Five minutes after "really fixed": what of that incident still fires opens a new, linked incident, or joins the one
 * that something else has opened meanwhile. What is held waits for the end of that.
 */
async function stillFailing(tx: Tx, by: By, incidentId: string): Promise<void> {
  await shareHolds(tx);
  const firing = await tx
    .selectFrom("alerts")
    .selectAll()
    .where("incident_id", "=", incidentId)
    .where("status", "=", "firing")
    .orderBy("first_at")
    .forUpdate()
    .execute();
  const holdOf = await readHolds(tx, by);
  const free: AlertRow[] = [];
  for (const alert of firing) {
    const held = holdOf(alert);
    if (held) await hold(tx, by, { id: alert.id, hold: held });
    else free.push(alert);
  }
  const [first, ...others] = free;
  if (!first) return;
  await intoIncident(tx, by, {
    alerts: [first, ...others],
    followsId: incidentId,
    because: "Still failing after it was called fixed",
  });
}
