import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import type { Platform } from "../../platform/platform.ts";
import { recordPeriods } from "./periods.ts";
import type { MaintenancePorts } from "./ports.ts";
import { lookAgainAt, MAINTENANCE_JOB, told } from "./windows.ts";

/** When a window begins or ends: it is written down, browsers are told, and what it held is judged again. */
export function maintenanceEngine(platform: Platform, ports: MaintenancePorts): void {
  platform.due.handle(MAINTENANCE_JOB, async (job) => {
    const { windowId } = job.payload as { windowId: string };
    const again = await inTransaction(platform.db, async (tx) => {
      const hand = by(platform, SYSTEM);
      const row = await tx
        .selectFrom("maintenance_windows")
        .selectAll()
        .where("id", "=", windowId)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return undefined;
      await recordPeriods(tx, hand, row);
      const at = await lookAgainAt(tx, hand, row);
      await told(tx, hand, { id: row.id, ports });
      return at;
    });
    return again ? { again } : undefined;
  });
}
