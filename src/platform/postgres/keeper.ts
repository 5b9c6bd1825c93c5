import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { codeOf } from "./explain.ts";

/** The advisory lock of whoever owns an embedded PostgreSQL, in the database `keepwatch`. */
export const OWNER_LOCK = [7243, 1] as const;

/** After kill -9 of the last owner its session lives until PostgreSQL notices, a few milliseconds. */
const LAST_OWNER_LEAVES_MS = 2_000;

/** A reset takes some 150 ms; waiting for it is quicker than the pauses between whole attempts. */
const RESET_TAKES_MS = 2_000;
const CANNOT_CONNECT_NOW = "57P03";

/** One connection kept for the life of the process: it holds the owner's lock and notices when PostgreSQL goes. */
export interface Keeper {
  /** Resolves with the reason once the connection is lost, however it is. */
  lost: Promise<string>;
  close(): Promise<void>;
}

/** Another process holds the owner's lock. The message says which. */
export class NotOwner extends Error {
  override readonly name = "NotOwner" as const;
}

/** Connects and takes the owner's lock. Throws `NotOwner` if another process keeps it. */
export async function openKeeper(url: string): Promise<Keeper> {
  const { client, lost } = await connect(url);
  try {
    await takeLock(client);
  } catch (error) {
    await client.end();
    throw error;
  }
  return { lost, close: () => client.end() };
}

/** Waits while the server resets itself after a crash of one session. */
async function connect(url: string): Promise<{ client: pg.Client; lost: Promise<string> }> {
  const giveUpAt = performance.now() + RESET_TAKES_MS;
  for (;;) {
    const client = new pg.Client({
      connectionString: url,
      application_name: `keepwatch owner, process ${process.pid}`,
      connectionTimeoutMillis: 5_000,
    });
    const lost = new Promise<string>((resolve) => {
      client.on("error", (error) => resolve(error.message));
      client.on("end", () => resolve("connection closed"));
    });
    try {
      await client.connect();
      return { client, lost };
    } catch (error) {
      if (codeOf(error) !== CANNOT_CONNECT_NOW || performance.now() > giveUpAt) throw error;
      await sleep(20);
    }
  }
}

async function takeLock(client: pg.Client): Promise<void> {
  const giveUpAt = performance.now() + LAST_OWNER_LEAVES_MS;
  for (;;) {
    const { rows } = await client.query("select pg_try_advisory_lock($1, $2) as mine", [...OWNER_LOCK]);
    if (rows[0].mine) return;
    if (performance.now() > giveUpAt) throw new NotOwner(await holderOf(client));
    await sleep(20);
  }
}

async function holderOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query(
    `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.classid = $1 and l.objid = $2 and l.objsubid = 2 and l.granted`,
    [...OWNER_LOCK],
  );
  return rows[0]?.name ?? "a process that is just starting or stopping";
}

/** Makes the database if it isn't there. True if it did. `maintenanceUrl` is of the database `postgres`. */
export async function ensureDatabase(maintenanceUrl: string, name: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: maintenanceUrl, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {}); // what matters rejects the query
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)} template template0`);
    return true;
  } catch (error) {
    if (codeOf(error) === DUPLICATE_DATABASE) return false;
    throw error;
  } finally {
    await client.end();
  }
}

const DUPLICATE_DATABASE = "42P04";
