import { join } from "node:path";
import { restoreBackup } from "../platform/backup/restore.ts";
import { writeBackup } from "../platform/backup/write.ts";
import { systemClock } from "../platform/clock.ts";
import { keptSecret, prepareDataDir } from "../platform/data-dir.ts";
import { openDatabase } from "../platform/database/database.ts";
import { createListener, type Listener } from "../platform/database/listen.ts";
import { migrate, readMigrations } from "../platform/database/migrate.ts";
import { createDue } from "../platform/due/due.ts";
import type { Environment } from "../platform/environment.ts";
import { createLive } from "../platform/live.ts";
import { createLog, type Log } from "../platform/log.ts";
import { createMail } from "../platform/mail.ts";
import { createMetrics } from "../platform/metrics.ts";
import type { Platform } from "../platform/platform.ts";
import { startEmbedded } from "../platform/postgres/embedded.ts";
import type { CarryOver } from "../platform/postgres/move.ts";
import { createSecrets } from "../platform/secrets.ts";
import { StartError } from "../platform/start-error.ts";
import { VERSION } from "../version.ts";

export const MIGRATIONS = join(import.meta.dirname, "../../migrations");

export interface DatabaseHome {
  url: string;
  /** Where the built-in PostgreSQL's word comes from when it goes away and comes back; absent for an outside one. */
  stop(): Promise<void>;
}

/** The outside PostgreSQL that DATABASE_URL names, or else the built-in one, started. */
export async function databaseHome(environment: Environment, log: Log): Promise<DatabaseHome> {
  if (environment.databaseUrl) return { url: environment.databaseUrl, stop: async () => {} };
  const embedded = await startEmbedded({
    dataDir: environment.dataDir,
    log: (message, detail) => log.info(detail ?? {}, message),
    carryOver: await carryOver(),
  });
  return { url: embedded.url, stop: () => embedded.stop() };
}

/** Data moves to another major version of PostgreSQL as it would by a backup and its restore. */
async function carryOver(): Promise<CarryOver> {
  const now = () => systemClock.now();
  const migrations = await readMigrations(MIGRATIONS);
  return {
    save: (url) => writeBackup({ url, version: VERSION, now: now() }),
    restore: async (source, url) => (await restoreBackup(source, { url, migrations, now })).rows,
  };
}

export interface Foundation {
  platform: Platform;
  databaseUrl: string;
  listener: Listener;
  /** The key for secrets at rest if Keepwatch made it itself: it belongs into backups. */
  ownSecret: string | undefined;
  /** Closes what was opened, the database last. */
  close(): Promise<void>;
}

export interface FoundationOptions {
  environment: Environment;
  /** Mail server to use instead of the environment's: the demo's catcher. */
  smtpUrl?: string;
}

/** Data directory, secret, database, schema, due jobs, live events, mail: what every folder stands on. */
export async function layFoundation({ environment, smtpUrl }: FoundationOptions): Promise<Foundation> {
  const log = createLog(environment.logLevel);
  const clock = systemClock;
  await prepareDataDir(environment.dataDir);
  const ownSecret = environment.secret ? undefined : await keptSecret(environment.dataDir, "secret-key");
  const secrets = createSecrets(environment.secret ?? ownSecret ?? "");
  const home = await databaseHome(environment, log);
  try {
    const migrations = await readMigrations(MIGRATIONS);
    const applied = await migrate({ url: home.url, migrations, now: () => clock.now() });
    if (applied.length > 0) log.info({ applied }, "brought the database's schema up to date");
    const database = openDatabase({
      url: home.url,
      connections: 10,
      onError: (error) => log.warn({ error }, "a database connection was lost"),
    });
    const listener = createListener({ url: home.url, clock, log });
    const platform: Platform = {
      db: database.db,
      clock,
      log,
      due: createDue({ db: database.db, clock, listener, log }),
      live: createLive(listener, log),
      secrets,
      mail: createMail({ url: smtpUrl ?? environment.smtpUrl, from: environment.mailFrom }),
      metrics: createMetrics(),
      url: environment.url,
    };
    await listener.start();
    await checkSecret(platform);
    const close = async () => {
      platform.mail.close();
      await listener.stop();
      await database.close();
      await home.stop();
    };
    return { platform, databaseUrl: home.url, listener, ownSecret, close };
  } catch (error) {
    await home.stop();
    throw error;
  }
}

/** All processes of one installation share one secret; the first start keeps a check value of it in the database. */
async function checkSecret({ db, clock, secrets }: Platform): Promise<void> {
  await db
    .insertInto("installation")
    .values({ secret_check: secrets.check, created_at: clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db.selectFrom("installation").select("secret_check").executeTakeFirstOrThrow();
  if (row.secret_check === secrets.check) return;
  throw new StartError(
    "KEEPWATCH_SECRET is not the one this database was set up with: stored secrets could not be read.",
    "Start with the secret of the first start (the file secret-key in its data directory, or what was set then).",
  );
}
