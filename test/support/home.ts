import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder for a data directory, gone when disposed. The built-in PostgreSQL's own user may pass through. */
export async function emptyHome(): Promise<AsyncDisposable & { dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), "keepwatch-journey-"));
  await chmod(dir, 0o711);
  return {
    dir: join(dir, "data"),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}
