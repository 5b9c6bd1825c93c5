import { timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { email as emailAddress } from "../platform/http/schema.ts";
import { newId, newToken } from "../platform/ids.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../platform/refusal.ts";
import { hashToken } from "../platform/secrets.ts";
import { StartError } from "../platform/start-error.ts";
import { type By, by, SYSTEM } from "./actor.ts";
import { audit } from "./audit.ts";
import { setupNeeded } from "./installation.ts";
import { hashPassword, storePassword } from "./passwords.ts";
import { findUserByEmail, normalEmail } from "./people.ts";
import { MIN_PASSWORD, type setup } from "./schema.ts";
import { checkTimeZone } from "./time-zone.ts";

export type SetupInput = z.output<typeof setup>;

/** The first administrator as the environment names them. */
export interface FirstAdmin {
  email?: string;
  password?: string;
}

/**
 * Called once at start. Without an administrator it makes the one that the environment names, or else answers
 * with a one-time link to the set-up for the operator's eyes; each start makes a new link and ends the last one.
 */
export async function prepareSetup(
  platform: Platform,
  { email, password }: FirstAdmin,
): Promise<{ link: string } | undefined> {
  const { db } = platform;
  if (!(await setupNeeded(db))) return undefined;
  if (email && password) {
    refuseUnusable(email, password);
    const hash = await hashPassword(password);
    const name = email.split("@")[0] ?? email;
    await inTransaction(db, async (tx) => {
      if (await stillNeeded(tx))
        await makeAdmin(tx, by(platform, SYSTEM), { email, name, hash, timeZone: "UTC" });
    });
    return undefined;
  }
  const token = newToken();
  await db
    .updateTable("installation")
    .set({ setup_token_hash: hashToken(token) })
    .execute();
  return { link: `${platform.url}/setup?token=${token}` };
}

function refuseUnusable(email: string, password: string): void {
  if (!emailAddress.safeParse(email).success) {
    throw new StartError(
      `KEEPWATCH_ADMIN_EMAIL is "${email}", which is not an e-mail address one can sign in with.`,
      "Set it to an address with a full domain, e.g. ada@example.com.",
    );
  }
  if (password.length < MIN_PASSWORD) {
    throw new StartError(
      `KEEPWATCH_ADMIN_PASSWORD is shorter than ${MIN_PASSWORD} characters.`,
      "Choose a longer one, or unset it to be given a set-up link.",
    );
  }
}

/** The installation's row is locked: of two at once, the second finds the set-up done. */
async function stillNeeded(tx: Tx): Promise<boolean> {
  await tx.selectFrom("installation").select("id").forUpdate().execute();
  return setupNeeded(tx);
}

/** Makes the first administrator for whoever holds the one-time token. `hash` is the password's. */
export async function completeSetup(
  tx: Tx,
  platform: Platform,
  { hash, ...input }: Omit<SetupInput, "password"> & { hash: string },
): Promise<void> {
  if (!(await stillNeeded(tx)))
    throw new Refusal(
      "gone",
      "Keepwatch is set up already. Sign in, or ask an administrator for an invitation.",
    );
  const { setup_token_hash: wanted } = await tx
    .selectFrom("installation")
    .select("setup_token_hash")
    .executeTakeFirstOrThrow();
  if (!wanted || !timingSafeEqual(Buffer.from(wanted), Buffer.from(hashToken(input.token))))
    throw new Refusal(
      "forbidden",
      "This is not the newest set-up link. Take the one that the last start printed.",
    );
  const { email, name } = input;
  const id = await makeAdmin(tx, by(platform, SYSTEM), {
    email,
    name,
    hash,
    timeZone: checkTimeZone(input.time_zone),
  });
  const actor = { ...SYSTEM, type: "user" as const, id, name };
  await audit(tx, by(platform, actor), { action: "set up Keepwatch", type: "user", id, name });
  if (input.organisation) await tx.updateTable("installation").set({ name: input.organisation }).execute();
}

/** Makes the administrator; a person of that address, whom the configuration may have named, becomes it. */
async function makeAdmin(
  tx: Tx,
  by: By,
  input: { email: string; name: string; hash: string; timeZone: string },
): Promise<string> {
  const { name, timeZone } = input;
  const email = normalEmail(input.email);
  const known = await findUserByEmail(tx, email);
  const id = known?.id ?? newId(by.platform.clock);
  const row = {
    email,
    name: known?.name ?? name,
    role: "admin" as const,
    email_verified: true,
    updated_at: by.at,
  };
  if (known) {
    await tx
      .updateTable("users")
      .set({ ...row, deactivated_at: null })
      .where("id", "=", id)
      .execute();
  } else {
    await tx
      .insertInto("users")
      .values({ id, ...row, time_zone: timeZone, created_at: by.at })
      .execute();
  }
  await storePassword(tx, by, { userId: id, hash: input.hash });
  await tx.updateTable("installation").set({ setup_token_hash: null, setup_done_at: by.at }).execute();
  await audit(tx, by, {
    action: known ? "updated" : "created",
    type: "user",
    id,
    name,
    before: known && { role: known.role },
    after: { email, name: row.name, role: "admin" },
  });
  return id;
}
