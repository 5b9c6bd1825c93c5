import { createInterface } from "node:readline";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import pg from "pg";
import { type Migration, migrate } from "../database/migrate.ts";
import { StartError } from "../start-error.ts";
import { type BackupHeader, FORMAT, type Partition } from "./format.ts";

const ROWS_PER_INSERT = 500;

export interface RestoreOptions {
  url: string;
  migrations: readonly Migration[];
  now: () => Temporal.Instant;
}

export interface Restored {
  header: BackupHeader;
  rows: number;
}

/**
 * Puts a backup into an empty database: makes the schema the backup was taken of, fills it in one transaction, then
 * migrates on to this program's schema. Anything wrong with the file leaves the tables empty.
 */
export async function restoreBackup(source: Readable, options: RestoreOptions): Promise<Restored> {
  const unpacked = createGunzip();
  pipeline(source, unpacked, () => {});
  const lines = createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY })[
    Symbol.asyncIterator
  ]();
  const header = readHeader((await nextLine(lines)) ?? "");
  const newest = options.migrations.at(-1)?.id ?? 0;
  if (header.schema > newest) {
    throw new StartError(
      `This backup was made by a newer Keepwatch (${header.version}, schema ${header.schema}; this one knows ${newest}).`,
      `Install Keepwatch ${header.version} or newer and restore with that.`,
    );
  }
  await refuseFull(options.url);
  const then = options.migrations.filter(({ id }) => id <= header.schema);
  await migrate({ ...options, migrations: then });
  const rows = await fill(options.url, lines);
  await migrate(options);
  return { header, rows };
}

const nextLine = async (lines: AsyncIterator<string>): Promise<string | undefined> => {
  try {
    const { value, done } = await lines.next();
    return done ? undefined : value;
  } catch (error) {
    throw new StartError(
      "The backup cannot be read: it is damaged, or not a Keepwatch backup.",
      "Use another copy of it.",
      {
        cause: error,
      },
    );
  }
};

function readHeader(line: string): BackupHeader {
  const parsed: unknown = (() => {
    try {
      return JSON.parse(line);
    } catch {
      return undefined;
    }
  })();
  const header = parsed as BackupHeader | undefined;
  if (header?.keepwatch === "backup" && header.format === FORMAT) return header;
  throw new StartError(
    "This file is not a Keepwatch backup that this version can read.",
    "Name a file made by `keepwatch backup`.",
  );
}

async function refuseFull(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ there: boolean }>(
      "select to_regclass('public.users') is not null as there",
    );
    if (!rows[0]?.there) return;
    const full = await client.query("select 1 from users limit 1");
    if (full.rowCount === 0) return;
  } finally {
    await client.end();
  }
  throw new StartError(
    "The database is not empty: it has people in it.",
    "Restore into an empty one: move the data directory aside, or give DATABASE_URL of a new database.",
  );
}

async function fill(url: string, lines: AsyncIterator<string>): Promise<number> {
  const client = new pg.Client({
    connectionString: url,
    options: "-c TimeZone=UTC",
    application_name: "keepwatch restore",
  });
  await client.connect();
  try {
    await client.query("begin");
    const rows = await insertAll(client, lines);
    await resetSequences(client);
    await client.query("commit");
    return rows;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
}

async function insertAll(client: pg.Client, lines: AsyncIterator<string>): Promise<number> {
  let table = "";
  let batch: string[] = [];
  let rows = 0;
  const flush = async () => {
    if (batch.length > 0) await insert(client, table, batch);
    rows += batch.length;
    batch = [];
  };
  for (;;) {
    const line = await nextLine(lines);
    if (line === undefined)
      throw new StartError("The backup ends in the middle.", "Use another copy of it; nothing was restored.");
    if (line.startsWith('{"end":')) {
      await flush();
      const { rows: expected } = JSON.parse(line) as { rows: number };
      if (expected === rows) return rows;
      throw new StartError(
        `The backup says ${expected} rows and holds ${rows}.`,
        "Use another copy of it; nothing was restored.",
      );
    }
    if (line.startsWith('{"table":')) {
      await flush();
      const next = JSON.parse(line) as { table: string; partitions?: Partition[] };
      table = next.table;
      for (const partition of next.partitions ?? []) await makePartition(client, table, partition);
      continue;
    }
    batch.push(line);
    if (batch.length >= ROWS_PER_INSERT) await flush();
  }
}

const BOUND = /^FOR VALUES FROM \('[\d:+ TZ-]+'\) TO \('[\d:+ TZ-]+'\)$/;

async function makePartition(client: pg.Client, table: string, { name, bound }: Partition): Promise<void> {
  if (!BOUND.test(bound))
    throw new StartError(
      `The backup has a partition that this version does not understand: ${name} ${bound}.`,
      "Restore it with the version that made it.",
    );
  await client.query(
    `create table if not exists ${pg.escapeIdentifier(name)} partition of ${pg.escapeIdentifier(table)} ${bound}`,
  );
}

async function insert(client: pg.Client, table: string, rows: readonly string[]): Promise<void> {
  const name = pg.escapeIdentifier(table);
  const columns = Object.keys(JSON.parse(rows[0]!) as object).map((column) => pg.escapeIdentifier(column));
  await client.query(
    `insert into ${name} (${columns.join(", ")})
     select ${columns.join(", ")} from json_populate_recordset(null::${name}, $1::json)`,
    [`[${rows.join(",")}]`],
  );
}

/** Numbers go on after the highest that was restored. */
async function resetSequences(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select c.relname as table, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
     where a.attidentity <> '' and c.relnamespace = 'public'::regnamespace`,
  );
  for (const { table, column } of rows) {
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), coalesce((select max(${pg.escapeIdentifier(column)}) from ${pg.escapeIdentifier(table)}), 0) + 1, false)`,
      [table, column],
    );
  }
}
