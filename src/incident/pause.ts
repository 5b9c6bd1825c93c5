import type { By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { armWake } from "./escalation.ts";
import "./table.ts";

/** Paging runs again before its time: the incidents that wait for it are looked at now. */
export async function pagingResumed(tx: Tx, by: By): Promise<void> {
  const waiting = await tx
    .updateTable("incidents")
    .set({ next_escalation_at: by.at })
    .where("status", "=", "triggered")
    .where("next_escalation_at", ">", by.at)
    .where((eb) => eb(eb.ref("escalation", "->>").key("said"), "=", "paused"))
    .returning("id")
    .execute();
  for (const { id } of waiting) await armWake(tx, by, { incidentId: id, at: by.at });
}
