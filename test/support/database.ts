import { createHash } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { type Migration, migrate, readMigrations } from "../../src/platform/database/migrate.ts";

export interface TestDatabase extends AsyncDisposable {
  url: string;
}

/** Where the tests' PostgreSQL is; `npm test` starts one and says so in the environment. */
function serverUrl(): string {
  const url = process.env.KEEPWATCH_TEST_DATABASE_URL;
  if (!url)
    throw new Error(
      "KEEPWATCH_TEST_DATABASE_URL is not set: run `npm test -- FILE`, which starts PostgreSQL.",
    );
  return url;
}

export const MIGRATIONS = join(import.meta.dirname, "../../migrations");

function urlOf(name: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return url.toString();
}

async function connected(url: string): Promise<AsyncDisposable & { client: pg.Client }> {
  const client = new pg.Client({ connectionString: url, application_name: "keepwatch tests" });
  client.on("error", () => {});
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}

/** Migrated databases are kept per state of the migrations, numbered; whoever holds a number's lock has that one. */
interface Pool {
  key: number;
  name(number: number): string;
  migrations: Migration[];
}

async function pool(): Promise<Pool> {
  const migrations = await readMigrations(MIGRATIONS);
  const hash = createHash("sha256").update(migrations.map(({ sql }) => sql).join("\0"));
  const key = hash.digest().readInt32BE();
  return { key, name: (number) => `keepwatch_test_${(key >>> 0).toString(16)}_${number}`, migrations };
}

/**
 * A migrated database without rows, for the caller alone until it is disposed. Making one takes a second, emptying
 * one that was used before some milliseconds; so they are used again, by later tests of this and of other files.
 * A test that changes the schema asks for `emptyDatabase` instead.
 */
export async function freshDatabase(): Promise<TestDatabase> {
  const { key, name: nameOf, migrations } = await pool();
  // The lock lives as long as this session: a killed test run gives its databases back.
  const holder = await connected(serverUrl());
  try {
    const name = nameOf(await firstFree(holder.client, key));
    await endSessions(holder.client, name);
    if (!(await isMigrated(holder.client, name))) await make(holder.client, { name, migrations });
    await empty(urlOf(name));
    return { url: urlOf(name), [Symbol.asyncDispose]: () => holder[Symbol.asyncDispose]() };
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
}

async function firstFree(client: pg.Client, key: number): Promise<number> {
  for (let number = 1; ; number++) {
    const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_lock($1, $2) as mine", [
      key,
      number,
    ]);
    if (rows[0]?.mine) return number;
  }
}

/** Whoever had it before may have been killed, and PostgreSQL not have noticed yet. */
const endSessions = (client: pg.Client, name: string) =>
  client.query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1", [name]);

/** The comment is written last: without it the making was cut short. */
async function isMigrated(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ comment: string | null }>(
    "select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1",
    [name],
  );
  return rows[0]?.comment === "migrated";
}

async function make(
  client: pg.Client,
  { name, migrations }: { name: string; migrations: Migration[] },
): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`);
  await client.query(`create database ${name}`);
  await migrate({ url: urlOf(name), migrations, now: () => Temporal.Now.instant() });
  await client.query(`comment on database ${name} is 'migrated'`);
}

/** Rows go, whatever refers to them, and numbers begin at 1 again. `truncate` would take half a second. */
async function empty(url: string): Promise<void> {
  await using session = await connected(url);
  const { rows } = await session.client.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'",
  );
  await session.client.query(`begin; set local session_replication_role = replica;
    ${rows.map(({ name }) => `delete from ${name};`).join(" ")}
    select setval(seqrelid::regclass, 1, false) from pg_sequence; commit`);
}

let emptyOnes = 0;

/** A database without even a schema, dropped when disposed. */
export async function emptyDatabase(): Promise<TestDatabase> {
  emptyOnes += 1;
  const name = `keepwatch_test_empty_${process.pid}_${emptyOnes}`;
  const run = async (...commands: string[]) => {
    await using admin = await connected(serverUrl());
    for (const command of commands) await admin.client.query(command);
  };
  const drop = `drop database if exists ${name} with (force)`;
  await run(drop, `create database ${name}`);
  return { url: urlOf(name), [Symbol.asyncDispose]: () => run(drop) };
}
