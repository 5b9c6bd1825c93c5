import { randomInt } from "node:crypto";
import type { By } from "../../org/actor.ts";
import { later } from "../../platform/clock.ts";
import type { Tx } from "../../platform/database/database.ts";
import { newId } from "../../platform/ids.ts";
import { hashToken } from "../../platform/secrets.ts";
import { addContactMethod, methodsOf } from "../contact-methods.ts";
import type { Told } from "./answers.ts";
import "../providers/table.ts";

export const PAIRING_MINUTES = 15;
/** Without letters and digits that are taken for one another. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LETTERS = 12;

/** A code that ties whoever sends it through the channel to this person. Only its hash is kept; it works once. */
export async function beginPairing(
  tx: Tx,
  by: By,
  { userId, channel }: { userId: string; channel: string },
): Promise<{ code: string; expiresAt: Temporal.Instant }> {
  const code = Array.from({ length: LETTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  const expiresAt = later(by.at, PAIRING_MINUTES * 60_000);
  await tx.deleteFrom("pairings").where("expires_at", "<=", by.at).execute();
  await tx.deleteFrom("pairings").where("user_id", "=", userId).where("channel", "=", channel).execute();
  await tx
    .insertInto("pairings")
    .values({
      id: newId(by.platform.clock),
      code_hash: hashToken(code),
      user_id: userId,
      channel,
      expires_at: expiresAt,
    })
    .execute();
  return { code, expiresAt };
}

/** Somebody sent a code from an account of theirs: it becomes a verified way to reach them. */
export async function pairAccount(
  tx: Tx,
  by: By,
  given: { channel: string; code: string; address: Readonly<Record<string, string>> },
): Promise<Told> {
  const pairing = await tx
    .deleteFrom("pairings")
    .where("code_hash", "=", hashToken(given.code.trim().toUpperCase()))
    .where("channel", "=", given.channel)
    .where("expires_at", ">", by.at)
    .returningAll()
    .executeTakeFirst();
  if (!pairing)
    return {
      done: false,
      text: `That code is not valid: it lasts ${PAIRING_MINUTES} minutes and works once.`,
    };
  const there = (await methodsOf(tx, pairing.user_id)).some(
    (row) => row.channel === given.channel && isPart(given.address, row.address) && row.verified_at,
  );
  if (there) return { done: true, text: "This is already one of your contact methods." };
  await addContactMethod(tx, by, {
    userId: pairing.user_id,
    channel: given.channel,
    address: given.address,
    verifiedBy: "a code sent from it",
  });
  return { done: true, text: "Done: pages for you will arrive here. Answer them here, too." };
}

const isPart = (part: Readonly<Record<string, unknown>>, whole: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(part).every(([key, value]) => whole[key] === value);
