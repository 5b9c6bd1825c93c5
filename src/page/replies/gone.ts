import { sql } from "kysely";
import type { By } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { auditMethod, type ContactMethodRow } from "../contact-methods.ts";
import type { Sender } from "./answers.ts";

/** The event that a method was disabled; who it concerns is told by a job. */
export const METHOD_DISABLED = "contact method disabled";

/** How a method is marked whose owner wanted no more messages, and may want them again. */
const STOPPED = "its owner sent ";
export const stoppedBy = (words: string): string => `${STOPPED}"${words.trim().slice(0, 20)}"`;

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
  await sayDisabled(tx, by, { rows, why });
}

/** The same for the one method whose address a provider no longer knows. */
export async function disableMethod(
  tx: Tx,
  by: By,
  { methodId, why }: { methodId: string; why: string },
): Promise<void> {
  const rows = await tx
    .updateTable("contact_methods")
    .set({ disabled_at: by.at, disabled_reason: why })
    .where("id", "=", methodId)
    .where("disabled_at", "is", null)
    .returningAll()
    .execute();
  await sayDisabled(tx, by, { rows, why });
}

async function sayDisabled(
  tx: Tx,
  by: By,
  { rows, why }: { rows: readonly ContactMethodRow[]; why: string },
): Promise<void> {
  for (const row of rows) {
    await auditMethod(tx, by, row, { action: "disabled", after: { why } });
    await by.platform.due.add(tx, {
      kind: METHOD_DISABLED,
      key: row.id,
      at: by.at,
      payload: { methodId: row.id },
    });
  }
}

/** Their owner wants messages again: methods that a STOP disabled work again. Answers how many. */
export async function enableMethods(
  tx: Tx,
  by: By,
  { channel, address }: Pick<Sender, "channel" | "address">,
): Promise<number> {
  const rows = await tx
    .updateTable("contact_methods")
    .set({ disabled_at: null, disabled_reason: null })
    .where("channel", "=", channel)
    .where(sql<boolean>`address @> ${json(address)}::jsonb`)
    .where("disabled_reason", "like", `${STOPPED}%`)
    .returningAll()
    .execute();
  for (const row of rows) await auditMethod(tx, by, row, { action: "enabled" });
  return rows.length;
}
