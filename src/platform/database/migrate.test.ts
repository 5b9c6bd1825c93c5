import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { emptyDatabase, MIGRATIONS } from "../../../test/support/database.ts";
import { StartError } from "../start-error.ts";
import { type Migration, migrate, readMigrations } from "./migrate.ts";

const now = () => Temporal.Instant.from("2026-11-23T09:00:00Z");

const one: Migration = {
  id: 1,
  name: "0001-one.sql",
  sql: "create table one (id integer)",
  oldestProgram: 1,
};
const two: Migration = { id: 2, name: "0002-two.sql", sql: "insert into one values (2)", oldestProgram: 1 };
const broken: Migration = {
  ...{ id: 3, name: "0003-broken.sql", oldestProgram: 1 },
  sql: "insert into one values (3); select nothing from nowhere",
};

async function rows(url: string, query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

test("an empty database is brought to the present, and a second start applies nothing", async () => {
  await using database = await emptyDatabase();
  const migrations = await readMigrations(MIGRATIONS);
  const start = () => migrate({ url: database.url, migrations, now });
  assert.deepEqual(
    await start(),
    migrations.map(({ name }) => name),
  );
  assert.deepEqual(await start(), []);
});

test("processes that start together apply each migration once", async () => {
  await using database = await emptyDatabase();
  const start = () => migrate({ url: database.url, migrations: [one, two], now });
  const applied = await Promise.all([start(), start(), start()]);
  assert.deepEqual(applied.flat().sort(), [one.name, two.name]);
  assert.deepEqual(await rows(database.url, "select id from one"), [{ id: 2 }]);
});

test("a migration that fails changes nothing, says which it was, and the ones before it stay", async () => {
  await using database = await emptyDatabase();
  await assert.rejects(
    migrate({ url: database.url, migrations: [one, two, broken], now }),
    /Migration 0003-broken\.sql failed and changed nothing\./,
  );
  assert.deepEqual(await rows(database.url, "select id from one"), [{ id: 2 }]);
  assert.deepEqual(await migrate({ url: database.url, migrations: [one, two], now }), []);
});

test("a program starts on a newer schema that still suits it, and refuses one that doesn't", async () => {
  await using database = await emptyDatabase();
  const expand: Migration = { ...two, oldestProgram: 1 };
  await migrate({ url: database.url, migrations: [one, expand], now });
  assert.deepEqual(await migrate({ url: database.url, migrations: [one], now }), []);
  const contract: Migration = { id: 3, name: "0003-contract.sql", sql: "select 1", oldestProgram: 2 };
  await migrate({ url: database.url, migrations: [one, expand, contract], now });
  await assert.rejects(
    migrate({ url: database.url, migrations: [one], now }),
    (error) =>
      error instanceof StartError &&
      /newer Keepwatch \(schema 3\); this one knows schema 1/.test(error.message),
  );
});
