import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CLI_TOKEN_FILE } from "../cli/token-file.ts";
import { SYSTEM } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { putSecret } from "../platform/data-dir.ts";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { newId, newToken } from "../platform/ids.ts";
import type { Platform } from "../platform/platform.ts";
import { hashToken } from "../platform/secrets.ts";
import "../org/table.ts";

const NAME = "Command line on the server";

/**
 * Called at start: keeps an administrator's token in the data directory (0600), with which the command line on this
 * machine speaks: who can read it there could read the database too. One that was revoked is replaced by a new one.
 */
export async function keepCliToken(platform: Platform, dataDir: string): Promise<void> {
  const kept = await readKept(dataDir);
  const token = kept ?? fresh();
  const good = await inTransaction(platform.db, (tx) => admit(tx, platform, token));
  if (good && kept !== undefined) return;
  const used = good ? token : fresh();
  if (!good) await inTransaction(platform.db, (tx) => admit(tx, platform, used));
  await putSecret(dataDir, CLI_TOKEN_FILE, used);
}

const fresh = (): string => `kw_${newToken()}`;

async function readKept(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, CLI_TOKEN_FILE), "utf8")).trim() || undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Sees to it that the database knows the token; false for one that was revoked. */
async function admit(tx: Tx, platform: Platform, token: string): Promise<boolean> {
  const hash = hashToken(token);
  const found = await tx
    .selectFrom("api_tokens")
    .select("revoked_at")
    .where("token_hash", "=", hash)
    .executeTakeFirst();
  if (found) return found.revoked_at === null;
  const id = newId(platform.clock);
  const at = platform.clock.now();
  await tx
    .insertInto("api_tokens")
    .values({ id, name: NAME, token_hash: hash, role: "admin", created_by: "Keepwatch", created_at: at })
    .execute();
  const by = { platform, actor: SYSTEM, at, managedBy: "ui" as const };
  await audit(tx, by, { action: "created", type: "api_token", id, name: NAME, after: { role: "admin" } });
  return true;
}
