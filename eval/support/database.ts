import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "../../src/platform/postgres/embedded.ts";

/** A PostgreSQL of its own for as long as the evaluation runs; the tests' helpers make their databases on it. */
export async function ownPostgres(): Promise<AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), "keepwatch-eval-"));
  const postgres = await startEmbedded({
    dataDir: dir,
    log: () => {},
    settings: { fsync: "off", full_page_writes: "off" },
  });
  process.env.KEEPWATCH_TEST_DATABASE_URL = postgres.url;
  return {
    async [Symbol.asyncDispose]() {
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
