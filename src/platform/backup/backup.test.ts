import assert from "node:assert/strict";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import pg from "pg";
import { emptyDatabase, testPlatform } from "../../../test/support/platform.ts";
import { readMigrations } from "../database/migrate.ts";
import { json } from "../database/tables.ts";
import { newId } from "../ids.ts";
import { StartError } from "../start-error.ts";
import { restoreBackup } from "./restore.ts";
import { tables, writeBackup } from "./write.ts";

const migrations = await readMigrations(join(import.meta.dirname, "../../../migrations"));
const now = Temporal.Instant.from("2026-11-23T09:00:00Z");

async function dump(url: string): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: url, options: "-c TimeZone=UTC" });
  await client.connect();
  const all: Record<string, string[]> = {};
  for (const table of await tables(client)) {
    const { rows } = await client.query<{ row: string }>(
      `select row_to_json(t)::text as row from "${table}" t`,
    );
    all[table] = rows.map((each) => each.row).sort();
  }
  await client.end();
  return all;
}

test("a backup restored into an empty database gives the same tables, to the last value", async () => {
  await using from = await testPlatform();
  await using to = await emptyDatabase();
  const { db, clock } = from.platform;
  const ada = await from.user({ name: "Ada “quotes” \\ back\nslash" });
  for (let number = 0; number < 3; number++) {
    await db
      .insertInto("incidents")
      .values({
        id: newId(clock),
        title: `Shop ${number}`,
        severity: "SEV2",
        urgency: "high",
        declared_by: ada.id,
        started_at: clock.now(),
        opened_at: clock.now().add({ microseconds: 7 }),
        escalation: json({ nested: [1, "two", null] }),
        updated_at: clock.now(),
      })
      .execute();
  }
  const file = await buffer(writeBackup({ url: from.url, version: "0.1.0", now, secret: "s" }));
  const { header, rows } = await restoreBackup(Readable.from([file]), {
    url: to.url,
    migrations,
    now: () => now,
  });
  assert.equal(header.secret, "s");
  assert.ok(rows >= 5);
  assert.deepEqual(await dump(to.url), await dump(from.url));
  const client = new pg.Client({ connectionString: to.url });
  await client.connect();
  const next = await client.query<{ number: number }>(
    "insert into incidents (id, title, severity, urgency, started_at, opened_at, updated_at) values (gen_random_uuid(), 'next', 'SEV3', 'low', $1, $1, $1) returning number",
    [now.toString()],
  );
  await client.end();
  assert.equal(next.rows[0]?.number, 4, "numbers go on where they were");
});

test("partitions are made again before their rows are put back", async () => {
  await using from = await testPlatform();
  await using to = await emptyDatabase();
  const client = new pg.Client({ connectionString: from.url, options: "-c TimeZone=UTC" });
  await client.connect();
  await client.query(`
    create table check_chunks_7d_20261122 partition of check_chunks_7d for values from ('2026-11-22T00:00Z') to ('2026-11-23T00:00Z');
    create table check_chunks_7d_20261123 partition of check_chunks_7d for values from ('2026-11-23T00:00Z') to ('2026-11-24T00:00Z');
    insert into services (id, slug, name, created_at, updated_at) values (gen_random_uuid(), 'shop', 'Shop', now(), now());
    insert into monitors (id, slug, name, service_id, kind, config, every_ms, timeout_ms, confirm, status_since, created_at, updated_at)
      select gen_random_uuid(), 'home', 'Home', id, 'http', '{}', 60000, 10000, '{}', now(), now(), now() from services;
    insert into check_chunks_7d select id, '2026-11-22T23:00Z', '\\x00ff' from monitors;
    insert into check_chunks_7d select id, '2026-11-23T00:00Z', '\\x01' from monitors`);
  await client.end();
  const file = await buffer(writeBackup({ url: from.url, version: "0.1.0", now }));
  await restoreBackup(Readable.from([file]), { url: to.url, migrations, now: () => now });
  const [before, after] = [await dump(from.url), await dump(to.url)];
  const { check_chunks_7d: chunks = [] } = after;
  assert.equal(chunks.length, 2);
  assert.deepEqual(after, before);
});

test("a damaged backup, half a backup and something else are refused, and nothing is restored", async () => {
  await using from = await testPlatform();
  const ada = await from.user();
  assert.ok(ada.id);
  const file = await buffer(writeBackup({ url: from.url, version: "0.1.0", now }));
  const damaged = Buffer.from(file);
  damaged.fill(0, Math.floor(damaged.length / 2));
  for (const [what, bytes] of [
    ["damaged", damaged],
    ["half", file.subarray(0, Math.floor(file.length / 2))],
    ["something else", Buffer.from("hello")],
  ] as const) {
    await using to = await emptyDatabase();
    await assert.rejects(
      restoreBackup(Readable.from([bytes]), { url: to.url, migrations, now: () => now }),
      (error) => error instanceof StartError,
      what,
    );
    const left = await dump(to.url);
    assert.deepEqual({ users: [], ...left }.users, [], what);
  }
});

test("a database with people in it is not written over", async () => {
  await using from = await testPlatform();
  await from.user();
  const file = await buffer(writeBackup({ url: from.url, version: "0.1.0", now }));
  await assert.rejects(
    restoreBackup(Readable.from([file]), { url: from.url, migrations, now: () => now }),
    /not empty/,
  );
});

test("a database that goes away while a backup is written is the writer's error, not the end of the process", async () => {
  const url = "postgres://nobody@127.0.0.1:1/gone";
  await assert.rejects(buffer(writeBackup({ url, version: "0.1.0", now })), /ECONNREFUSED/);
});

test("a source that breaks off while it is restored is refused in words", async () => {
  await using to = await emptyDatabase();
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from([0x1f, 0x8b]);
      throw new Error("the disk went away");
    })(),
  );
  await assert.rejects(
    restoreBackup(broken, { url: to.url, migrations, now: () => now }),
    (error) => error instanceof StartError,
  );
});
