import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import {
  eventually,
  freePort,
  type KeepwatchOptions,
  type RunningKeepwatch,
  spawnKeepwatch,
  startKeepwatch,
} from "../support/keepwatch.ts";
import { freshDatabase } from "../support/platform.ts";
import { type Receiver, startReceiver, startTarget, type Target } from "../support/world.ts";

const SECRET = "a webhook secret of the test";

/** A target, a receiver, and a Keepwatch that watches one and pages the other, killed and started as the test likes. */
export interface Scenario extends AsyncDisposable {
  target: Target;
  receiver: Receiver;
  keepwatch: RunningKeepwatch;
  kills: number;
  /** The data directory, when the built-in PostgreSQL is used. */
  dataDir: string;
  start(env?: Record<string, string>): Promise<void>;
  /** Starts it without waiting: it is about to die. */
  spawn(env?: Record<string, string>): void;
  kill(): Promise<void>;
  sql<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
}

const CONFIG = (target: string, hook: string) => `keepwatch: 1
users:
  - email: ada@example.com
    name: Ada
    role: admin
    contact_methods: [{ slug: hook, webhook: { url: "${hook}", secret: "${SECRET}" } }]
  - email: bo@example.com
    name: Bo
    contact_methods: [{ slug: hook, webhook: { url: "${hook}", secret: "${SECRET}" } }]
escalation_policies:
  - slug: web
    repeat: 1
    levels:
      - { targets: [{ user: ada@example.com }], wait: 10m }
      - { targets: [{ user: bo@example.com }], wait: 10m }
services: [{ slug: shop, escalation_policy: web }]
monitors:
  - slug: shop-home
    kind: http
    service: shop
    url: ${target}
    every: 1s
    timeout: 2s
    confirm: { failures: 2, retry_every: 1s }
`;

export interface ScenarioOptions {
  /** The built-in PostgreSQL, with all its safeguards on, instead of the tests' shared server. */
  embedded?: boolean;
}

export async function scenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const target = await startTarget();
  const receiver = await startReceiver(SECRET);
  const dataDir = await mkdtemp(join(tmpdir(), "keepwatch-fault-"));
  const database = options.embedded ? undefined : await freshDatabase();
  const config = join(dataDir, "keepwatch.yaml");
  await writeFile(config, CONFIG(target.url, receiver.url));
  const settings: KeepwatchOptions = { dataDir, port: await freePort() };
  const env = (extra: Record<string, string> = {}) => ({
    KEEPWATCH_CONFIG: config,
    KEEPWATCH_SECRET: "a secret for the fault tests",
    ...(database ? { DATABASE_URL: database.url } : {}),
    ...extra,
  });
  const state = { keepwatch: await startKeepwatch({ ...settings, env: env() }), kills: 0 };
  return {
    target,
    receiver,
    dataDir,
    get keepwatch() {
      return state.keepwatch;
    },
    get kills() {
      return state.kills;
    },
    async start(extra) {
      state.keepwatch = await startKeepwatch({ ...settings, env: env(extra) });
    },
    spawn(extra) {
      state.keepwatch = spawnKeepwatch({ ...settings, env: env(extra) });
      state.kills += 1;
    },
    async kill() {
      state.kills += 1;
      await state.keepwatch.kill();
    },
    async sql(text, values) {
      if (!database) throw new Error("this scenario's database is the built-in one");
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    async [Symbol.asyncDispose]() {
      await state.keepwatch.stop();
      await target[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
      await database?.[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

interface Incident {
  id: string;
  number: number;
  status: string;
}

export const openIncidents = async (s: Scenario): Promise<Incident[]> =>
  (await s.keepwatch.api<{ items: Incident[] }>("GET", "/incidents?status=triggered,acknowledged")).items;

export const monitorIs = (s: Scenario, status: string) =>
  eventually(`the monitor being ${status}`, async () => {
    const monitor = await s.keepwatch.api<{ status: string }>("GET", "/monitors/shop-home");
    return monitor.status === status;
  });

interface PageJson {
  deliveries: { id: string; status: string; purpose: string }[];
}

/**
 * What must be true whatever was killed: one incident, every delivery that the ledger calls sent was received, nothing
 * was received that the ledger does not know, and there are at most as many extra copies as there were kills.
 */
export async function accountFor(
  s: Scenario,
  incidentId: string,
): Promise<{ received: number; extra: number }> {
  const expected = await eventually("every delivery having left", async () => {
    const { items } = await s.keepwatch.api<{ items: PageJson[] }>("GET", `/pages?incident=${incidentId}`);
    const deliveries = items.flatMap((page) => page.deliveries);
    const done =
      deliveries.length > 0 && deliveries.every(({ status }) => !["queued", "sending"].includes(status));
    return done && deliveries;
  });
  const ids = new Set(
    expected.filter(({ status }) => ["sent", "delivered", "seen"].includes(status)).map(({ id }) => id),
  );
  assert.ok(ids.size > 0, "somebody was paged");
  await eventually("every sent delivery being received", () =>
    [...ids].every((id) => s.receiver.received.some((each) => each.delivery_id === id)),
  );
  const pages = s.receiver.received.filter((each) => each.type === "page");
  for (const { delivery_id } of pages) assert.ok(ids.has(delivery_id), `${delivery_id} is in the ledger`);
  const extra = pages.length - new Set(pages.map((each) => each.delivery_id)).size;
  assert.ok(extra <= s.kills, `${extra} extra copies for ${s.kills} kills`);
  assert.equal(s.receiver.badSignatures, 0);
  return { received: pages.length, extra };
}

/** After whatever happened: acknowledged by the received link, mended, told. The loop still works. */
export async function finish(s: Scenario): Promise<void> {
  const page = s.receiver.received.find((each) => each.type === "page");
  assert.ok(page);
  const answer = await fetch(page.actions.acknowledge.url, {
    method: "POST",
    headers: { accept: "application/json" },
  });
  assert.equal(answer.status, 200);
  s.target.answer.status = 200;
  await eventually("the incident resolving itself", async () => (await openIncidents(s)).length === 0);
  await eventually("the person being told", () =>
    s.receiver.received.some((each) => each.type === "resolved"),
  );
}
