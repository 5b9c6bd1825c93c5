import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { StartError } from "../start-error.ts";

/** Held while migrating, so that processes started together take turns. */
const MIGRATION_LOCK = [7243, 2] as const;

export interface Migration {
  id: number;
  name: string;
  sql: string;
  /** The lowest schema number whose program still works after this migration (its `-- oldest-program:` line). */
  oldestProgram: number;
}

/** Reads `NNNN-name.sql` files in order. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{4}-.+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(join(folder, file), "utf8");
      const oldest = /^-- oldest-program: (\d+)$/m.exec(sql)?.[1];
      if (!oldest) throw new Error(`${file} does not say "-- oldest-program: N" on its first line.`);
      return { id: Number(file.slice(0, 4)), name: file, sql, oldestProgram: Number(oldest) };
    }),
  );
}

/**
 * Brings the schema to this program's version, each migration in a transaction of its own, under an advisory lock.
 * A schema that a newer program has already moved past what this one understands is refused.
 * @returns the names that were applied now.
 */
export async function migrate(options: {
  url: string;
  migrations: readonly Migration[];
  now: () => Temporal.Instant;
}): Promise<string[]> {
  const client = new pg.Client({ connectionString: options.url, application_name: "keepwatch migrate" });
  await client.connect();
  try {
    await refuseUnsuitable(client);
    await client.query("select pg_advisory_lock($1, $2)", [...MIGRATION_LOCK]);
    await client.query(`create table if not exists schema_migrations (
      id integer primary key, name text not null, checksum text not null,
      oldest_program integer not null, applied_at timestamptz not null)`);
    return await applyMissing(client, options);
  } finally {
    await client.end();
  }
}

async function applyMissing(
  client: pg.Client,
  { migrations, now }: { migrations: readonly Migration[]; now: () => Temporal.Instant },
): Promise<string[]> {
  const { rows } = await client.query<{ id: number; oldest_program: number }>(
    "select id, oldest_program from schema_migrations order by id",
  );
  const ours = migrations.at(-1)?.id ?? 0;
  const needed = Math.max(0, ...rows.map((row) => row.oldest_program));
  if (needed > ours) {
    throw new StartError(
      `This database has been migrated by a newer Keepwatch (schema ${rows.at(-1)?.id}); this one knows schema ${ours}.`,
      "Start the newer version, or restore a backup made before the upgrade into an empty database.",
    );
  }
  const applied = new Set(rows.map((row) => row.id));
  const names: string[] = [];
  for (const migration of migrations.filter(({ id }) => !applied.has(id))) {
    await client.query("begin");
    try {
      await client.query(migration.sql);
      await client.query("insert into schema_migrations values ($1, $2, $3, $4, $5)", [
        migration.id,
        migration.name,
        createHash("sha256").update(migration.sql).digest("hex"),
        migration.oldestProgram,
        now().toString(),
      ]);
      await client.query("commit");
    } catch (error) {
      await client.query("rollback");
      throw new Error(`Migration ${migration.name} failed and changed nothing.`, { cause: error });
    }
    names.push(migration.name);
  }
  return names;
}

/** PostgreSQL 15 at least, and a direct connection: LISTEN and advisory locks do not survive a transaction pooler. */
async function refuseUnsuitable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::integer as version",
  );
  const version = rows[0]?.version ?? 0;
  if (version < 150_000) {
    throw new StartError(
      `DATABASE_URL leads to PostgreSQL ${Math.floor(version / 10_000)}; Keepwatch needs 15 or newer.`,
      "Upgrade that server, or unset DATABASE_URL to use the built-in PostgreSQL.",
    );
  }
  const first = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  await client.query("select set_config('keepwatch.probe', '1', false)");
  const second = await client.query<{ pid: number; probe: string | null }>(
    "select pg_backend_pid() as pid, current_setting('keepwatch.probe', true) as probe",
  );
  if (first.rows[0]?.pid !== second.rows[0]?.pid || second.rows[0]?.probe !== "1") {
    throw new StartError(
      "DATABASE_URL leads through a transaction pooler: LISTEN and advisory locks do not work there.",
      "Use the server's direct address (with PgBouncer: its PostgreSQL port, or pool_mode=session).",
    );
  }
}
