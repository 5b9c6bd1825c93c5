import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import pg from "pg";
import { type BackupHeader, FORMAT, LEFT_OUT, type Partition } from "./format.ts";

const ROWS_PER_FETCH = 1_000;

export interface BackupOptions {
  url: string;
  version: string;
  now: Temporal.Instant;
  secret?: string;
}

/**
 * The whole database at one instant (a repeatable-read snapshot) as a gzip stream. Writers are not held up.
 * When the database goes away meanwhile, the stream ends with that error, for its reader to hear.
 */
export function writeBackup(options: BackupOptions): Readable {
  const packed = createGzip({ level: 6 });
  // `pipe` would leave an error of the first stream to nobody, and that ends the process.
  pipeline(Readable.from(lines(options)), packed, () => {});
  return packed;
}

async function* lines(options: BackupOptions): AsyncGenerator<string> {
  const client = new pg.Client({
    connectionString: options.url,
    options: "-c TimeZone=UTC",
    application_name: "keepwatch backup",
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    yield `${JSON.stringify(await header(client, options))}\n`;
    let rows = 0;
    for (const table of await tables(client)) {
      yield `${JSON.stringify({ table, ...(await partitionsOf(client, table)) })}\n`;
      for await (const batch of rowsOf(client, table)) {
        rows += batch.length;
        yield batch.map((row) => `${row}\n`).join("");
      }
    }
    yield `${JSON.stringify({ end: true, rows })}\n`;
    await client.query("commit");
  } finally {
    await client.end();
  }
}

async function header(client: pg.Client, options: BackupOptions): Promise<BackupHeader> {
  const { rows } = await client.query<{ schema: number }>("select max(id) as schema from schema_migrations");
  return {
    keepwatch: "backup",
    format: FORMAT,
    version: options.version,
    schema: rows[0]?.schema ?? 0,
    made_at: options.now.toString(),
    ...(options.secret ? { secret: options.secret } : {}),
  };
}

/** Every table, those that are pointed at before those that point. */
export async function tables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; needs: string[] }>(`
    select c.relname as name, coalesce(array_agg(distinct f.relname::text) filter (where f.oid is not null), '{}') as needs
    from pg_class c
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid
    left join pg_class f on f.oid = k.confrelid
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
    group by c.relname order by c.relname`);
  const waiting = new Map(rows.map((row) => [row.name, new Set(row.needs)]));
  const sorted: string[] = [];
  while (waiting.size > 0) {
    const free = [...waiting].filter(([, needs]) => [...needs].every((need) => !waiting.has(need)));
    if (free.length === 0)
      throw new Error(`Tables point at each other in a circle: ${[...waiting.keys()].join(", ")}`);
    for (const [name] of free) {
      waiting.delete(name);
      sorted.push(name);
    }
  }
  return sorted.filter((name) => !LEFT_OUT.includes(name));
}

/** A table's partitions, to be made again before its rows are put back; nothing for a plain table. */
async function partitionsOf(client: pg.Client, table: string): Promise<{ partitions?: Partition[] }> {
  const { rows } = await client.query<Partition>(
    `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = format('public.%I', $1::text)::regclass order by 1`,
    [table],
  );
  return rows.length > 0 ? { partitions: rows } : {};
}

async function* rowsOf(client: pg.Client, table: string): AsyncGenerator<string[]> {
  const name = pg.escapeIdentifier(table);
  await client.query(`declare backup_rows no scroll cursor for
    select row_to_json(t)::text as row from ${name} t order by ${await keyOf(client, table)}`);
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${ROWS_PER_FETCH} from backup_rows`);
    if (rows.length === 0) break;
    yield rows.map((each) => each.row);
  }
  await client.query("close backup_rows");
}

/** The primary key's columns: ids grow with time, so a row that points at an older one of its table comes after it. */
async function keyOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ column: string }>(
    `select a.attname as column from pg_index i
     cross join unnest(i.indkey) with ordinality as k(attnum, position)
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indrelid = format('public.%I', $1::text)::regclass and i.indisprimary order by k.position`,
    [table],
  );
  return rows.map((row) => pg.escapeIdentifier(row.column)).join(", ") || "ctid";
}
