import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { restoreBackup } from "../backup/restore.ts";
import { writeBackup } from "../backup/write.ts";
import { migrate, readMigrations } from "../database/migrate.ts";
import { startEmbedded } from "./embedded.ts";
import type { CarryOver } from "./move.ts";

const now = () => Temporal.Instant.from("2026-11-23T09:00:00Z");
const migrations = await readMigrations(join(import.meta.dirname, "../../../migrations"));
const carryOver: CarryOver = {
  save: (url) => writeBackup({ url, version: "0.1.0", now: now() }),
  restore: async (source, url) => (await restoreBackup(source, { url, migrations, now })).rows,
};

const folder = mkdtempSync(join(tmpdir(), "kw-move-"));
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

const start = (dataDir: string, carry: CarryOver | undefined = carryOver) =>
  startEmbedded({ dataDir, log: () => {}, carryOver: carry });

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A data directory as the Keepwatch before this one left it: the cluster and its programs under an older number. */
async function olderData(name: string): Promise<string> {
  const dataDir = join(folder, name);
  const before = await start(dataDir);
  await migrate({ url: before.url, migrations, now });
  await query(
    before.url,
    "insert into teams (id, slug, name, created_at) values (gen_random_uuid(), 'web', 'Web', now())",
  );
  await before.stop();
  renameSync(join(dataDir, "pg-18"), join(dataDir, "pg-17"));
  for (const each of readdirSync(join(dataDir, "bin")))
    renameSync(join(dataDir, "bin", each), join(dataDir, "bin", each.replace("pg-18.", "pg-17.")));
  return dataDir;
}

const clusters = (dataDir: string) =>
  readdirSync(dataDir)
    .filter((name) => name.startsWith("pg-"))
    .sort();
const teams = (url: string) => query<{ slug: string }>(url, "select slug from teams");

test("data of an older PostgreSQL is moved at the next start, and the old cluster is kept aside", async () => {
  const dataDir = await olderData("older");
  // As a move that was cut short would leave it.
  mkdirSync(join(dataDir, "pg-18.move"));
  writeFileSync(join(dataDir, "pg-17.backup"), "half of one");
  await using database = await start(dataDir);
  assert.deepEqual(await teams(database.url), [{ slug: "web" }]);
  assert.deepEqual(clusters(dataDir), ["pg-17.moved", "pg-18"]);
});

test("what can't be moved is refused and left as it was", async () => {
  const dataDir = await olderData("refused");
  const broken: CarryOver = { ...carryOver, restore: () => Promise.reject(new Error("the disk went away")) };
  await assert.rejects(start(dataDir, broken), /the disk went away/);
  assert.ok(!clusters(dataDir).includes("pg-18") && clusters(dataDir).includes("pg-17"));
  rmSync(join(dataDir, "bin"), { recursive: true });
  await assert.rejects(start(dataDir), { name: "StartError", message: /PostgreSQL 17/, mend: /backup/ });
  renameSync(join(dataDir, "pg-17"), join(dataDir, "pg-99"));
  await assert.rejects(start(dataDir), { name: "StartError", message: /PostgreSQL 99/, mend: /newer/ });
});

test("a move that ended before the old cluster was put aside needs only that", async () => {
  const dataDir = join(folder, "nearly");
  await (await start(dataDir)).stop();
  mkdirSync(join(dataDir, "pg-17"));
  await using database = await start(dataDir);
  assert.ok(database.url);
  assert.deepEqual(clusters(dataDir), ["pg-17.moved", "pg-18"]);
});
