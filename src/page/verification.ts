import { randomInt } from "node:crypto";
import type { By } from "../org/actor.ts";
import { later } from "../platform/clock.ts";
import type { Tx } from "../platform/database/database.ts";
import { Refusal } from "../platform/refusal.ts";
import { auditMethod, type ContactMethodRow, findMethod } from "./contact-methods.ts";

export const CODE_MINUTES = 15;
const CODE_TRIES = 5;
/** Between two codes, so that nobody's address can be flooded. */
const PAUSE_MS = 30_000;
const LIFE_MS = CODE_MINUTES * 60_000;

interface Which {
  userId: string;
  ref: string;
}

const signed = (by: By, row: ContactMethodRow, code: string): string =>
  by.platform.secrets.sign("contact-method-code", `${row.id}:${code}`);

/** Makes a six-digit code; only its keyed hash is kept. An earlier one stops working. */
export async function issueCode(
  tx: Tx,
  by: By,
  which: Which,
): Promise<{ method: ContactMethodRow; code: string }> {
  const method = await findMethod(tx, { ...which, lock: true });
  if (method.verified_at) throw new Refusal("conflict", `"${method.slug}" is verified already.`);
  const lastAt = method.verification_expires_at && later(method.verification_expires_at, -LIFE_MS);
  if (lastAt && Temporal.Instant.compare(by.at, later(lastAt, PAUSE_MS)) < 0)
    throw new Refusal("too_many", "A code was sent a moment ago. Wait half a minute for another.");
  const code = String(randomInt(1_000_000)).padStart(6, "0");
  await tx
    .updateTable("contact_methods")
    .set({
      verification_code_hash: `${CODE_TRIES}:${signed(by, method, code)}`,
      verification_expires_at: later(by.at, LIFE_MS),
    })
    .where("id", "=", method.id)
    .execute();
  return { method, code };
}

/** A code that could not be sent: the next one needn't wait. */
export async function forgetCode(tx: Tx, methodId: string): Promise<void> {
  await tx
    .updateTable("contact_methods")
    .set({ verification_code_hash: null, verification_expires_at: null })
    .where("id", "=", methodId)
    .execute();
}

export type CodeCheck = { kind: "verified" } | { kind: "expired" } | { kind: "wrong"; triesLeft: number };

/**
 * Compares a code. It answers rather than throws, because a wrong try must be counted in the very transaction that a
 * refusal would roll back.
 */
export async function checkCode(
  tx: Tx,
  by: By,
  { code, ...which }: Which & { code: string },
): Promise<CodeCheck> {
  const method = await findMethod(tx, { ...which, lock: true });
  if (method.verified_at) return { kind: "verified" };
  const [tries = "0", hash = ""] = (method.verification_code_hash ?? "").split(":");
  const expires = method.verification_expires_at;
  if (Number(tries) < 1 || !expires || Temporal.Instant.compare(expires, by.at) <= 0)
    return { kind: "expired" };
  if (!by.platform.secrets.verify("contact-method-code", `${method.id}:${code}`, hash))
    return countWrong(tx, method, { triesLeft: Number(tries) - 1, hash });
  const verified = await tx
    .updateTable("contact_methods")
    .set({
      verified_at: by.at,
      verified_by: "a code sent to it",
      verification_code_hash: null,
      verification_expires_at: null,
    })
    .where("id", "=", method.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await auditMethod(tx, by, verified, { action: "verified" });
  return { kind: "verified" };
}

async function countWrong(
  tx: Tx,
  method: ContactMethodRow,
  { triesLeft, hash }: { triesLeft: number; hash: string },
): Promise<CodeCheck> {
  await tx
    .updateTable("contact_methods")
    .set({ verification_code_hash: triesLeft > 0 ? `${triesLeft}:${hash}` : null })
    .where("id", "=", method.id)
    .execute();
  return { kind: "wrong", triesLeft };
}

/** What a check means for the caller: nothing when verified, otherwise a refusal in words. */
export function refuseUnverified(check: CodeCheck): void {
  switch (check.kind) {
    case "verified":
      return;
    case "expired":
      throw new Refusal(
        "conflict",
        "There is no valid code: they last 15 minutes and five tries. Send a new one.",
      );
    case "wrong": {
      const left =
        check.triesLeft === 0
          ? "That was the last try: send a new code."
          : `${check.triesLeft} ${check.triesLeft === 1 ? "try is" : "tries are"} left.`;
      const detail = `That is not the code that was sent. ${left}`;
      throw new Refusal("invalid", detail, { problems: [{ pointer: "/code", detail }] });
    }
  }
}
