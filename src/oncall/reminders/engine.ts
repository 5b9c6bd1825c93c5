import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import type { Platform } from "../../platform/platform.ts";
import { dropOldReminders, REMIND, remind } from "./reminders.ts";

const ALL = "all";

/** Each schedule wakes for its next reminder; all of them once a day, when it starts, and when somebody chooses anew. */
export async function reminderEngine(platform: Platform): Promise<void> {
  const { due, db, clock } = platform;
  due.handle(REMIND, async ({ key }) => {
    const hand = by(platform, SYSTEM);
    if (key === ALL) {
      await inTransaction(db, async (tx) => {
        await dropOldReminders(tx, hand);
        const rows = await tx.selectFrom("schedules").select("id").execute();
        for (const { id } of rows) await due.add(tx, { kind: REMIND, key: id, at: hand.at });
      });
      return { again: clock.now().add({ hours: 24 }) };
    }
    const next = await inTransaction(db, (tx) => remind(tx, hand, key));
    return next ? { again: next } : undefined;
  });
  await due.add(db, { kind: REMIND, key: ALL, at: clock.now() });
}
