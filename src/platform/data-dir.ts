import { randomBytes } from "node:crypto";
import { access, constants, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

/**
 * Makes the data directory and checks that it can be written. Others may pass through it (0711), because the
 * built-in PostgreSQL may run as another user; each thing inside guards itself.
 */
export async function prepareDataDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o711 });
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `The data directory ${dir} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      "Give this user the right to write there, or set KEEPWATCH_DATA to another directory.",
      { cause: error },
    );
  }
}

/** Reads a secret kept in `dir/name`, or makes and keeps one (0600). Written aside and renamed: never half there. */
export async function keptSecret(dir: string, name: string): Promise<string> {
  const path = join(dir, name);
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const secret = randomBytes(32).toString("base64url");
  await putSecret(dir, name, secret);
  return secret;
}

/** Keeps a secret in `dir/name` in place of what was there. */
export async function putSecret(dir: string, name: string, secret: string): Promise<void> {
  const path = join(dir, name);
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(`${secret}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
