/**
 * Pages out: many at once through a provider that takes 100 ms for each, and one at a time from its commit to the
 * provider's door. Usage: `npm exec -- node bench/delivery.ts [pages at once] [single pages]`.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { by, SYSTEM } from "../src/org/actor.ts";
import { createPages } from "../src/page/deliveries.ts";
import { pageEngine } from "../src/page/engine.ts";
import { putProvider } from "../src/page/providers/providers.ts";
import { pretended } from "../src/page/subject.fixture.ts";
import { systemClock as clock } from "../src/platform/clock.ts";
import { openDatabase } from "../src/platform/database/database.ts";
import { createListener } from "../src/platform/database/listen.ts";
import { migrate, readMigrations } from "../src/platform/database/migrate.ts";
import { json } from "../src/platform/database/tables.ts";
import { inTransaction } from "../src/platform/database/transaction.ts";
import { createDue } from "../src/platform/due/due.ts";
import { newId } from "../src/platform/ids.ts";
import { createLive } from "../src/platform/live.ts";
import { silentLog as log } from "../src/platform/log.ts";
import { createMail } from "../src/platform/mail.ts";
import { createMetrics } from "../src/platform/metrics.ts";
import { createAddressGuard } from "../src/platform/net/address-guard.ts";
import { createResolver } from "../src/platform/net/resolver.ts";
import { startEmbedded } from "../src/platform/postgres/embedded.ts";
import { createSecrets } from "../src/platform/secrets.ts";
import { percentile } from "./support/fleet.ts";

const AT_ONCE = Number(process.argv[2] ?? 1_000);
const SINGLE = Number(process.argv[3] ?? 300);
const PROVIDER_MS = 100;
const GIVE_UP_MS = 60_000;

/** By topic: when the message about it came in, ms. */
const came = new Map<string, number>();
const provider = createServer(async (request, response) => {
  const at = performance.now();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { topic } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { topic: string };
  came.set(topic, at);
  setTimeout(() => response.end(JSON.stringify({ id: topic })), PROVIDER_MS);
});
await new Promise<void>((done) => provider.listen(0, "127.0.0.1", done));

const dataDir = await mkdtemp(join(tmpdir(), "keepwatch-delivery-"));
// As root, PostgreSQL runs as somebody else, who must get through.
await chmod(dataDir, 0o711);
const postgres = await startEmbedded({ dataDir: join(dataDir, "pg"), log: () => {} });
const migrations = await readMigrations(join(import.meta.dirname, "../migrations"));
await migrate({ url: postgres.url, migrations, now: () => clock.now() });
const { db, close } = openDatabase({ url: postgres.url });
const listener = createListener({ url: postgres.url, clock, log });
const platform = {
  ...{ db, clock, log, url: "http://keepwatch.test" },
  due: createDue({ db, clock, listener, log }),
  live: createLive(listener, log),
  secrets: createSecrets("a secret for the benchmark"),
  metrics: createMetrics(),
  mail: createMail({ url: undefined, from: "" }),
};
await listener.start();
pageEngine(platform, {
  resolve: createResolver(),
  guard: createAddressGuard({ ownPorts: [], allowPrivate: true }),
  answer: {
    wanted: async () => ({ yes: true }),
    describe: async (_db, subjectId) => pretended(subjectId),
    resource: async () => null,
    act: async () => ({ done: false, text: "" }),
    briefs: async () => [],
    unreachable: async () => {},
  },
});

await db
  .insertInto("installation")
  .values({ secret_check: platform.secrets.check, created_at: clock.now() })
  .execute();
const hand = by(platform, SYSTEM);
const server = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
await inTransaction(db, (tx) => putProvider(tx, hand, { slug: "ntfy", kind: "ntfy", settings: { server } }));
const topics = Array.from({ length: AT_ONCE + SINGLE }, (_, n) => `topic${n}`);
const methods = await Promise.all(topics.map((topic, n) => methodOf(topic, n)));
platform.due.start();

async function methodOf(topic: string, n: number) {
  const at = clock.now();
  const user = await db
    .insertInto("users")
    .values({
      id: newId(clock),
      email: `p${n}@example.com`,
      name: `P${n}`,
      role: "responder",
      time_zone: "UTC",
      created_at: at,
      updated_at: at,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return db
    .insertInto("contact_methods")
    .values({
      ...{ id: newId(clock), user_id: user.id, slug: "ntfy", channel: "ntfy" },
      address: json({ topic: platform.secrets.seal(topic) }),
      ...{ created_at: at, verified_at: at },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Pages these people about one subject, in one transaction; answers when it was committed, ms. */
async function page(some: typeof methods): Promise<number> {
  const demand = { round: 1, level: 1, repeat: 0, urgency: "high" as const, reason: "You are on call." };
  await inTransaction(db, (tx) =>
    createPages(tx, by(platform, SYSTEM), {
      subject: { type: "incident", id: newId(clock) },
      pages: some.map(({ user_id }) => ({ personId: user_id, ...demand })),
      plan: (personId) =>
        some.filter((each) => each.user_id === personId).map((method) => ({ method, afterMs: 0 })),
    }),
  );
  return performance.now();
}

async function cameFor(some: readonly string[]): Promise<number[]> {
  const endAt = performance.now() + GIVE_UP_MS;
  while (!some.every((topic) => came.has(topic))) {
    if (performance.now() > endAt) throw new Error(`lost: ${JSON.stringify(await lost())}`);
    await new Promise((done) => setTimeout(done, 2));
  }
  return some.map((topic) => came.get(topic) ?? Number.NaN);
}

const lost = () =>
  db.selectFrom("deliveries").select(["status", "reason"]).where("sent_at", "is", null).limit(3).execute();

await page(methods.slice(AT_ONCE, AT_ONCE + 1));
await cameFor(topics.slice(AT_ONCE, AT_ONCE + 1));
const beganAt = performance.now();
const committedAt = await page(methods.slice(0, AT_ONCE));
const all = (await cameFor(topics.slice(0, AT_ONCE))).map((at) => at - committedAt).toSorted((a, b) => a - b);
console.log(
  `${AT_ONCE} pages at once through a provider of ${PROVIDER_MS} ms: committed in ${Math.round(committedAt - beganAt)} ms; ` +
    `out p50 ${Math.round(percentile(all, 0.5))} ms, last ${Math.round(all.at(-1) ?? Number.NaN)} ms after that`,
);
while (platform.due.running() > 0) await new Promise((done) => setTimeout(done, 20));
const single: number[] = [];
for (let n = 1; n < SINGLE; n++) {
  const at = await page(methods.slice(AT_ONCE + n, AT_ONCE + n + 1));
  const [arrived = Number.NaN] = await cameFor(topics.slice(AT_ONCE + n, AT_ONCE + n + 1));
  single.push(arrived - at);
}
single.sort((a, b) => a - b);
console.log(
  `a single page, from its commit to the provider's door, ${single.length} times: ` +
    `p50 ${percentile(single, 0.5).toFixed(1)} ms, p99 ${percentile(single, 0.99).toFixed(1)} ms, max ${single.at(-1)?.toFixed(1)} ms`,
);
await platform.due.stop(5_000);
await listener.stop();
await close();
await postgres.stop();
provider.closeAllConnections();
provider.close();
await rm(dataDir, { recursive: true, force: true });
