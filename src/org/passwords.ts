import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Tx } from "../platform/database/database.ts";
import { newId } from "../platform/ids.ts";
import type { By } from "./actor.ts";
import "./table.ts";

const derive = promisify(argon2);

interface Cost {
  /** KiB. */
  memory: number;
  passes: number;
  parallelism: number;
}

/** OWASP's first choice for Argon2id: 19 MiB, two passes. Takes some 60 ms of a core. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Same letters typed on another keyboard are the same password. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize("NFKC"), "utf8");
const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

/** The password's hash in the PHC string format: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. Tests choose a lower cost. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const tag = await derive("argon2id", {
    message: bytesOf(password),
    nonce,
    tagLength: TAG_BYTES,
    ...cost,
  });
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Costs are read from the hash, so that raising them later leaves old passwords valid. */
export async function verifyPassword({
  hash,
  password,
}: {
  hash: string;
  password: string;
}): Promise<boolean> {
  const [, memory, passes, parallelism, salt, wanted] = PHC.exec(hash) ?? [];
  if (!salt || !wanted) return false;
  const stored = Buffer.from(wanted, "base64");
  const tag = await derive("argon2id", {
    message: bytesOf(password),
    nonce: Buffer.from(salt, "base64"),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: stored.length,
  });
  return timingSafeEqual(tag, stored);
}

/** Gives the person this password (already hashed: hashing is too slow for a transaction). */
export async function storePassword(
  tx: Tx,
  by: By,
  { userId, hash }: { userId: string; hash: string },
): Promise<void> {
  const changed = await tx
    .updateTable("auth_accounts")
    .set({ password: hash, updated_at: by.at })
    .where("user_id", "=", userId)
    .where("provider_id", "=", "credential")
    .executeTakeFirst();
  if (changed.numUpdatedRows > 0n) return;
  await tx
    .insertInto("auth_accounts")
    .values({
      id: newId(by.platform.clock),
      user_id: userId,
      account_id: userId,
      provider_id: "credential",
      password: hash,
      created_at: by.at,
      updated_at: by.at,
    })
    .execute();
}
