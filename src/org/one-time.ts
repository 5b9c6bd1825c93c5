import { type Clock, later } from "../platform/clock.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { newId, newToken } from "../platform/ids.ts";
import { hashToken } from "../platform/secrets.ts";
import "./table.ts";

/**
 * One-time links to one person. They lie beside better-auth's own in `auth_verifications`, in its way: the
 * identifier is the hash of `purpose:token`, so that a reset made here is accepted there.
 */
export type Purpose = "invitation" | "reset-password";

const LIFE_MS: Record<Purpose, number> = { invitation: 7 * 86_400_000, "reset-password": 3_600_000 };
const identifier = (purpose: Purpose, token: string): string => hashToken(`${purpose}:${token}`);

/** better-auth wants the bare user id behind its resets. */
const valueFor = (purpose: Purpose, userId: string): string =>
  purpose === "invitation" ? `invitation:${userId}` : userId;

export interface OneTime {
  token: string;
  expiresAt: Temporal.Instant;
}

/** Makes a token for the person; an earlier one of the same purpose stops working. */
export async function issueOneTime(
  db: DbOrTx,
  clock: Pick<Clock, "now">,
  { purpose, userId }: { purpose: Purpose; userId: string },
): Promise<OneTime> {
  const now = clock.now();
  const token = newToken();
  const expiresAt = later(now, LIFE_MS[purpose]);
  await revokeOneTime(db, purpose, userId);
  await db
    .insertInto("auth_verifications")
    .values({
      id: newId(clock),
      identifier: identifier(purpose, token),
      value: valueFor(purpose, userId),
      expires_at: expiresAt,
      created_at: now,
      updated_at: now,
    })
    .execute();
  return { token, expiresAt };
}

export async function revokeOneTime(db: DbOrTx, purpose: Purpose, userId: string): Promise<void> {
  await db.deleteFrom("auth_verifications").where("value", "=", valueFor(purpose, userId)).execute();
}

const personIn = (value: string): string => value.replace(/^invitation:/, "");

/** Whose invitation this is, while it is good. */
export async function findInvited(
  db: DbOrTx,
  token: string,
  now: Temporal.Instant,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("auth_verifications")
    .select("value")
    .where("identifier", "=", identifier("invitation", token))
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return row && personIn(row.value);
}

/** The same, and uses the invitation up: of two at once, one gets it. */
export async function takeInvited(
  tx: DbOrTx,
  token: string,
  now: Temporal.Instant,
): Promise<string | undefined> {
  const row = await tx
    .deleteFrom("auth_verifications")
    .where("identifier", "=", identifier("invitation", token))
    .where("expires_at", ">", now)
    .returning("value")
    .executeTakeFirst();
  return row && personIn(row.value);
}
