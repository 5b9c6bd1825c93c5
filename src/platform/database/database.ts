import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import { isPlanOutdated, PreparedNames } from "./prepared.ts";
import type { Tables } from "./tables.ts";
import "../due/table.ts";

export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;
/** Where a store function runs: on its own or inside the caller's transaction. */
export type DbOrTx = Db | Tx;

const { builtins } = pg.types;

/** `2026-11-23 06:37:36.12+00` (sessions are UTC) → Temporal.Instant. */
const parseInstant = (text: string): Temporal.Instant => Temporal.Instant.from(`${text.replace(" ", "T")}`);

const parsers = new Map<number, (text: string) => unknown>([
  [builtins.TIMESTAMPTZ, parseInstant],
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  [builtins.DATE, (text) => text],
]);

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    parsers.get(oid) ?? pg.types.getTypeParser(oid, format as "text"),
};

/** pg would write an Instant as a quoted JSON string; PostgreSQL wants the bare text. */
const encode = (value: unknown): unknown => (value instanceof Temporal.Instant ? value.toString() : value);

const prepared = new PreparedNames();

/** A client whose instants are Temporal.Instant in both directions, and that prepares what it is asked often. */
class KeepwatchClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of pg's query are passed through unchanged
  override query(...args: any[]): any {
    const [text, values, ...rest] = args;
    if (!Array.isArray(values)) return Reflect.apply(super.query, this, args);
    const encoded = values.map(encode);
    const name = typeof text === "string" ? prepared.nameFor(text) : undefined;
    if (name === undefined) return Reflect.apply(super.query, this, [text, encoded, ...rest]);
    const result = Reflect.apply(super.query, this, [{ name, text, values: encoded }, ...rest]);
    if (rest.length > 0) return result;
    return result.catch((error: unknown) => {
      if (isPlanOutdated(error)) prepared.forget(text);
      throw error;
    });
  }
}

export interface DatabaseOptions {
  url: string;
  /** Most connections at once. Each costs PostgreSQL some 7 MB. */
  connections?: number;
  /** Told of a connection lost while idle; the pool makes a new one by itself. */
  onError?: (error: Error) => void;
}

export interface Database {
  db: Db;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** Opens a pool. Sessions run in UTC; nothing is connected until the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections ?? 10,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: "keepwatch",
    options: "-c TimeZone=UTC",
    Client: KeepwatchClient,
    types,
  });
  pool.on("error", (error) => options.onError?.(error));
  // A client that is in use tells its query of the loss; without an ear of its own it would bring the process down.
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}
