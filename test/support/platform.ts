import { randomUUID } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import type { Actor } from "../../src/org/actor.ts";
import type { Role } from "../../src/org/schema.ts";
import { ManualClock } from "../../src/platform/clock.ts";
import { type Database, openDatabase } from "../../src/platform/database/database.ts";
import { createListener, type Listener } from "../../src/platform/database/listen.ts";
import { migrate, readMigrations } from "../../src/platform/database/migrate.ts";
import { createDue } from "../../src/platform/due/due.ts";
import { newId } from "../../src/platform/ids.ts";
import { createLive } from "../../src/platform/live.ts";
import { silentLog } from "../../src/platform/log.ts";
import { createMail } from "../../src/platform/mail.ts";
import { createMetrics } from "../../src/platform/metrics.ts";
import type { Platform } from "../../src/platform/platform.ts";
import { createSecrets } from "../../src/platform/secrets.ts";

/** Where the tests' PostgreSQL is; `npm test` starts one and says so in the environment. */
function serverUrl(): string {
  const url = process.env.KEEPWATCH_TEST_DATABASE_URL;
  if (!url)
    throw new Error(
      "KEEPWATCH_TEST_DATABASE_URL is not set: run `npm test -- FILE`, which starts PostgreSQL.",
    );
  return url;
}

const MIGRATIONS = join(import.meta.dirname, "../../migrations");
const withDatabase = (url: string, name: string): string => {
  const changed = new URL(url.replace(/^(postgres(ql)?:\/\/[^/]*@)\//, "$1localhost/"));
  changed.pathname = `/${name}`;
  return url.includes("@/") ? changed.toString().replace("@localhost/", "@/") : changed.toString();
};

/** A fresh, migrated database of its own, dropped when disposed. */
export async function freshDatabase(): Promise<AsyncDisposable & { url: string }> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = new pg.Client({ connectionString: serverUrl() });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = withDatabase(serverUrl(), name);
  await migrate({ url, migrations: await readMigrations(MIGRATIONS), now: () => Temporal.Now.instant() });
  return {
    url,
    async [Symbol.asyncDispose]() {
      const last = new pg.Client({ connectionString: serverUrl() });
      await last.connect();
      await last.query(`drop database if exists ${name} with (force)`);
      await last.end();
    },
  };
}

export interface TestPlatform extends AsyncDisposable {
  platform: Platform;
  clock: ManualClock;
  url: string;
  listener: Listener;
  /** Makes a person, by default a responder; the answer is their actor. */
  user(options?: {
    email?: string;
    name?: string;
    role?: Role;
    timeZone?: string;
  }): Promise<Actor & { id: string; email: string }>;
}

export interface TestPlatformOptions {
  /** What time it is; 2026-11-23T09:00:00Z unless told. */
  at?: string;
  /** A mail server to send through, e.g. `smtp://127.0.0.1:2525`. */
  smtp?: string;
}

/** Everything `main` would make, on a fresh database and with a clock that the test moves. */
export async function testPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const fresh = await freshDatabase();
  const clock = new ManualClock(options.at ?? "2026-11-23T09:00:00Z");
  const database: Database = openDatabase({ url: fresh.url, connections: 8 });
  const listener = createListener({ url: fresh.url, clock, log: silentLog });
  const secrets = createSecrets("a secret for tests");
  const due = createDue({ db: database.db, clock, listener, log: silentLog });
  const live = createLive(listener, silentLog);
  const mail = createMail({ url: options.smtp, from: "Keepwatch <keepwatch@example.com>" });
  await listener.start();
  await database.db
    .insertInto("installation")
    .values({ secret_check: secrets.check, created_at: clock.now() })
    .execute();
  const platform: Platform = {
    db: database.db,
    clock,
    log: silentLog,
    due,
    live,
    secrets,
    mail,
    metrics: createMetrics(),
    url: "http://keepwatch.test",
  };
  return {
    platform,
    clock,
    url: fresh.url,
    listener,
    user: (settings = {}) => makeUser(platform, settings),
    async [Symbol.asyncDispose]() {
      await due.stop(0);
      await listener.stop();
      mail.close();
      await database.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

let people = 0;

async function makeUser(
  { db, clock }: Platform,
  settings: { email?: string; name?: string; role?: Role; timeZone?: string },
): Promise<Actor & { id: string; email: string }> {
  people += 1;
  const id = newId(clock);
  const email = settings.email ?? `person-${people}@example.com`;
  const name = settings.name ?? `Person ${people}`;
  const role = settings.role ?? "responder";
  await db
    .insertInto("users")
    .values({
      id,
      email,
      name,
      role,
      time_zone: settings.timeZone ?? "UTC",
      created_at: clock.now(),
      updated_at: clock.now(),
    })
    .execute();
  return { type: "user", id, name, email, role, teams: [], teamScope: null };
}
