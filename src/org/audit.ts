import type { DbOrTx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import type { By } from "./actor.ts";
import "./table.ts";

export interface Change {
  /** created, updated, deleted, or a verb of its own: acknowledged, paused paging, … */
  action: string;
  type: string;
  id: string;
  name: string;
  /** Plain values with secrets left out. Only fields that differ are kept when both are objects. */
  before?: unknown;
  after?: unknown;
}

/** Writes who changed what, before → after, in the change's own transaction. */
export async function audit(tx: DbOrTx, by: By, change: Change): Promise<void> {
  const { before, after } = onlyDifferences(change.before, change.after);
  await tx
    .insertInto("audit_entries")
    .values({
      id: newId(by.platform.clock),
      at: by.at,
      actor_type: by.actor.type,
      actor_id: by.actor.id,
      actor_name: by.actor.name,
      action: change.action,
      object_type: change.type,
      object_id: change.id,
      object_name: change.name,
      before: before === undefined ? null : json(before),
      after: after === undefined ? null : json(after),
    })
    .execute();
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function onlyDifferences(before: unknown, after: unknown): { before: unknown; after: unknown } {
  if (!isRecord(before) || !isRecord(after)) return { before, after };
  const keys = Object.keys({ ...before, ...after }).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const pick = (from: Record<string, unknown>) =>
    Object.fromEntries(keys.map((key) => [key, from[key] ?? null]));
  return { before: pick(before), after: pick(after) };
}
