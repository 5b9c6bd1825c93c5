import { sql } from "kysely";
import type { By } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { auditMethod } from "../contact-methods.ts";
import type { Sender } from "./answers.ts";

/** Disables every method that leads to an address which takes no more messages. What waits for it moves on. */
export async function disableMethods(
  tx: Tx,
  by: By,
  { channel, address, why }: Pick<Sender, "channel" | "address"> & { why: string },
): Promise<void> {
  const rows = await tx
    .updateTable("contact_methods")
    .set({ disabled_at: by.at, disabled_reason: why })
    .where("channel", "=", channel)
    .where(sql<boolean>`address @> ${json(address)}::jsonb`)
    .where("disabled_at", "is", null)
    .returningAll()
    .execute();
  for (const row of rows) await auditMethod(tx, by, row, { action: "disabled", after: { why } });
}
