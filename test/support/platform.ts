import type { Actor } from "../../src/org/actor.ts";
import type { Role } from "../../src/org/schema.ts";
import { ManualClock } from "../../src/platform/clock.ts";
import { type Database, openDatabase } from "../../src/platform/database/database.ts";
import { createListener, type Listener } from "../../src/platform/database/listen.ts";
import { createDue } from "../../src/platform/due/due.ts";
import { newId } from "../../src/platform/ids.ts";
import { createLive } from "../../src/platform/live.ts";
import { silentLog } from "../../src/platform/log.ts";
import { createMail } from "../../src/platform/mail.ts";
import { createMetrics } from "../../src/platform/metrics.ts";
import type { Platform } from "../../src/platform/platform.ts";
import { createSecrets } from "../../src/platform/secrets.ts";
import { freshDatabase } from "./database.ts";

export { emptyDatabase, freshDatabase } from "./database.ts";

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

/** What still runs when a test ends comes to its own end, so that it writes nothing into the next test's database. */
const STOP_MS = 5_000;

/** Everything `main` would make, on an empty database and with a clock that the test moves. */
export async function testPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  // Last opened, first closed; also when a later step fails.
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await freshDatabase());
  const clock = new ManualClock(options.at ?? "2026-11-23T09:00:00Z");
  const database: Database = openDatabase({ url, connections: 8 });
  stack.defer(() => database.close());
  const listener = createListener({ url, clock, log: silentLog });
  stack.defer(() => listener.stop());
  const mail = createMail({ url: options.smtp, from: "Keepwatch <keepwatch@example.com>" });
  stack.defer(() => mail.close());
  const platform: Platform = {
    db: database.db,
    clock,
    log: silentLog,
    due: createDue({ db: database.db, clock, listener, log: silentLog }),
    live: createLive(listener, silentLog),
    secrets: createSecrets("a secret for tests"),
    mail,
    metrics: createMetrics(),
    url: "http://keepwatch.test",
  };
  await listener.start();
  stack.defer(() => platform.due.stop(STOP_MS));
  await platform.db
    .insertInto("installation")
    .values({ secret_check: platform.secrets.check, created_at: clock.now() })
    .execute();
  const opened = stack.move();
  return {
    platform,
    clock,
    url,
    listener,
    user: (settings = {}) => makeUser(platform, settings),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
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
