import { sql } from "kysely";
import type { By } from "../../org/actor.ts";
import { later } from "../../platform/clock.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import type { AlertRow } from "../into-incident.ts";
import type { ResolveEvent, TriggerEvent } from "../model.ts";
import "./table.ts";

export const AUTO_RESOLVE_JOB = "auto_resolve";

/** When the source's newest resolve of this key was, by its own time. */
export async function lastResolve(
  tx: DbOrTx,
  { event, dedupKey }: { event: TriggerEvent; dedupKey: string },
): Promise<Temporal.Instant | undefined> {
  const row = await tx
    .selectFrom("resolved_keys")
    .select("said_at")
    .where("source_id", "=", event.source.id)
    .where("dedup_key", "=", dedupKey)
    .executeTakeFirst();
  return row?.said_at;
}

/** Keeps when a source says that a key was resolved, so that an older trigger which comes after it opens nothing. */
export async function rememberResolve(
  tx: Tx,
  by: By,
  { dedupKey, event }: { dedupKey: string; event: ResolveEvent },
): Promise<void> {
  if (event.saidAt === undefined) return;
  await sql`
    insert into resolved_keys (source_id, dedup_key, said_at, kept_at)
    values (${event.source.id}, ${dedupKey}, ${event.saidAt}, ${by.at})
    on conflict (source_id, dedup_key) do update
    set said_at = greatest(resolved_keys.said_at, excluded.said_at), kept_at = excluded.kept_at`.execute(tx);
}

/** Looks at the alert again when nothing may have been heard of it for so long. */
export async function autoResolveLater(
  tx: Tx,
  by: By,
  { alert, afterMs }: { alert: Pick<AlertRow, "id" | "last_at">; afterMs: number | undefined },
): Promise<void> {
  if (afterMs === undefined) return;
  await by.platform.due.add(tx, {
    kind: AUTO_RESOLVE_JOB,
    key: alert.id,
    at: later(alert.last_at, afterMs),
    payload: { alertId: alert.id },
  });
}
