import { isBefore } from "../platform/clock.ts";
import type { Db, DbOrTx, Tx } from "../platform/database/database.ts";
import { Refusal } from "../platform/refusal.ts";
import type { By } from "./actor.ts";
import { audit } from "./audit.ts";
import "./table.ts";

/** There is one installation; live events need an id. */
export const INSTALLATION_ID = "00000000-0000-0000-0000-000000000000";

const read = (db: DbOrTx) => db.selectFrom("installation").selectAll().executeTakeFirstOrThrow();

export const installationName = async (db: DbOrTx): Promise<string> => (await read(db)).name;

export interface PagingPause {
  until: Temporal.Instant;
  by: string;
}

/** Until when, and by whom, nobody is paged; null while paging runs. */
export async function pagingPause(db: DbOrTx, now: Temporal.Instant): Promise<PagingPause | null> {
  const { paging_paused_until: until, paging_paused_by } = await read(db);
  return until && isBefore(now, until) ? { until, by: paging_paused_by ?? "" } : null;
}

/** Until when nobody is paged; null while paging runs. */
export const pagingPausedUntil = async (
  db: DbOrTx,
  now: Temporal.Instant,
): Promise<Temporal.Instant | null> => (await pagingPause(db, now))?.until ?? null;

/** Pages nobody for this many minutes; doing it again sets the time anew. Incidents open and are recorded as ever. */
export async function pausePaging(tx: Tx, by: By, input: { minutes: number; reason: string }): Promise<void> {
  const until = by.at.add({ minutes: input.minutes });
  const before = await setPause(tx, by, until);
  await audit(tx, by, {
    action: "paused paging",
    type: "installation",
    id: INSTALLATION_ID,
    name: before.name,
    before: { paging_paused_until: before.until },
    after: { paging_paused_until: until.toString(), reason: input.reason },
  });
}

/** Ends a pause before its time. */
export async function resumePaging(tx: Tx, by: By): Promise<void> {
  if (!(await pagingPausedUntil(tx, by.at))) throw new Refusal("conflict", "Paging is not paused.");
  const before = await setPause(tx, by, null);
  await audit(tx, by, {
    action: "resumed paging",
    type: "installation",
    id: INSTALLATION_ID,
    name: before.name,
    before: { paging_paused_until: before.until },
    after: { paging_paused_until: null },
  });
}

async function setPause(
  tx: Tx,
  by: By,
  until: Temporal.Instant | null,
): Promise<{ name: string; until: string | null }> {
  const before = await tx.selectFrom("installation").selectAll().forUpdate().executeTakeFirstOrThrow();
  await tx
    .updateTable("installation")
    .set({ paging_paused_until: until, paging_paused_by: until ? by.actor.name : null })
    .execute();
  await by.platform.live.publish(tx, { type: "installation", id: INSTALLATION_ID });
  const past = before.paging_paused_until;
  return { name: before.name, until: past && isBefore(by.at, past) ? past.toString() : null };
}

export async function renameInstallation(tx: Tx, by: By, name: string): Promise<void> {
  const before = await read(tx);
  await tx.updateTable("installation").set({ name }).execute();
  await by.platform.live.publish(tx, { type: "installation", id: INSTALLATION_ID });
  await audit(tx, by, {
    action: "updated",
    type: "installation",
    id: INSTALLATION_ID,
    name,
    before: { name: before.name },
    after: { name },
  });
}

/** True while nobody can administer: no active administrator has a password. */
export async function setupNeeded(db: Db | Tx): Promise<boolean> {
  const admin = await db
    .selectFrom("users")
    .innerJoin("auth_accounts", "auth_accounts.user_id", "users.id")
    .select("users.id")
    .where("users.role", "=", "admin")
    .where("users.deactivated_at", "is", null)
    .where("auth_accounts.password", "is not", null)
    .executeTakeFirst();
  return admin === undefined;
}
