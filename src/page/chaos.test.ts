import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sql } from "kysely";
import { freshDatabase, MIGRATIONS } from "../../test/support/database.ts";
import { by, SYSTEM } from "../org/actor.ts";
import { systemClock as clock } from "../platform/clock.ts";
import type { Db } from "../platform/database/database.ts";
import { migrate, readMigrations } from "../platform/database/migrate.ts";
import { json } from "../platform/database/tables.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { newId } from "../platform/ids.ts";
import { startEmbedded } from "../platform/postgres/embedded.ts";
import { randomFrom } from "../platform/random.ts";
import { type ChaoticProvider, chaoticProvider, type Mixture } from "./chaos.fixture.ts";
import type { ContactMethodRow } from "./contact-methods.ts";
import { createPages } from "./deliveries.ts";
import { putProvider } from "./providers/providers.ts";
import { answersFor } from "./replies/receive.ts";
import { openWorld, type World } from "./world.fixture.ts";

const ALL = process.env.KEEPWATCH_SWEEP === "all";
const SEED = Number(process.env.KEEPWATCH_SEED ?? 11);
const HOME = "https://keepwatch.example.com";

interface Run {
  pages: number;
  workers: number;
  /** Between two kills of a worker; between two of PostgreSQL, 0 for none. */
  killEveryMs: number;
  killPostgresEveryMs: number;
  mixture: Mixture;
  limitMs: number;
}

const RUN: Run = ALL
  ? {
      ...{ pages: 10_000, workers: 2, killEveryMs: 15_000, killPostgresEveryMs: 45_000, limitMs: 900_000 },
      mixture: { limit: 60, broken: 60, hang: 10, reset: 60, lose: 20 },
    }
  : {
      // Without those that take seconds until they are noticed.
      ...{ pages: 40, workers: 1, killEveryMs: 400, killPostgresEveryMs: 0, limitMs: 30_000 },
      mixture: { limit: 0, broken: 80, hang: 0, reset: 80, lose: 0 },
    };

/** A PostgreSQL that may be killed, in the long run; the tests' own in the short one. */
async function database() {
  if (!ALL) return { ...(await freshDatabase()), async kill() {} };
  const dataDir = await mkdtemp(join(tmpdir(), "keepwatch-chaos-"));
  await chmod(dataDir, 0o711);
  const postgres = await startEmbedded({ dataDir, log: () => {} });
  await migrate({ url: postgres.url, migrations: await readMigrations(MIGRATIONS), now: () => clock.now() });
  return {
    url: postgres.url,
    async kill() {
      const [pid] = (await readFile(join(dataDir, "pg-18", "postmaster.pid"), "utf8")).split("\n");
      process.kill(Number(pid), "SIGKILL");
    },
    async [Symbol.asyncDispose]() {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** People with a telephone and, an hour later by their own rules, a webhook. */
async function people(world: World, count: number, hook: string): Promise<ContactMethodRow[][]> {
  const { db, secrets } = world.platform;
  const at = clock.now();
  const ids = Array.from({ length: count }, () => newId(clock));
  const methods = ids.map((user_id, n) =>
    [
      { channel: "sms", address: { phone: `+336${String(n).padStart(8, "0")}` } },
      { channel: "webhook", address: { url: `${hook}/${n}`, secret: secrets.seal("s3cret") } },
    ].map(({ channel, address }) => ({
      ...{ id: newId(clock), user_id, slug: channel, channel, address: json(address) },
      ...{ created_at: at, verified_at: at },
    })),
  );
  for (let from = 0; from < count; from += 500) {
    const some = ids.slice(from, from + 500);
    await db
      .insertInto("users")
      .values(
        some.map((id, n) => ({
          ...{ id, email: `p${from + n}@example.com`, name: `P${from + n}`, role: "responder" as const },
          ...{ time_zone: "UTC", created_at: at, updated_at: at },
        })),
      )
      .execute();
    await db
      .insertInto("contact_methods")
      .values(methods.slice(from, from + 500).flat())
      .execute();
  }
  const rows = await db.selectFrom("contact_methods").selectAll().execute();
  return [...Map.groupBy(rows, (row) => row.user_id).values()].map((each) =>
    each.toSorted((a, b) => (a.channel < b.channel ? -1 : 1)),
  );
}

/** One demand on one person about a subject of its own. */
async function page(world: World, some: readonly ContactMethodRow[][]): Promise<void> {
  const demand = { round: 1, level: 1, repeat: 0, urgency: "high" as const, reason: "You are on call." };
  await inTransaction(world.platform.db, async (tx) => {
    for (const [sms, webhook] of some)
      await createPages(tx, by(world.platform, SYSTEM), {
        subject: { type: "incident", id: newId(clock) },
        pages: [{ personId: sms!.user_id, ...demand }],
        plan: () => [
          { method: sms!, afterMs: 0 },
          { method: webhook!, afterMs: 3_600_000 },
        ],
      });
  });
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Until PostgreSQL is there again. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries > 200) throw error;
      await pause(100);
    }
  }
}

/** Nothing is on its way any more: every page has a delivery that was delivered, or that nothing more is to be heard of. */
const left = async (db: Db): Promise<number> => {
  const { rows } = await sql<{ count: string }>`
    select count(*) from pages p where not exists (
      select 1 from deliveries d where d.page_id = p.id
        and (d.status in ('delivered', 'seen') or (d.status = 'sent' and d.channel = 'webhook')))`.execute(
    db,
  );
  return Number(rows[0]?.count);
};

test(`pages through providers that fail at random, while workers ${ALL ? "and PostgreSQL " : ""}are killed: none is lost, none comes twice but by a kill`, async (t) => {
  const next = randomFrom(SEED);
  await using store = await database();
  await using world = openWorld({ url: store.url, clock, home: HOME, connections: 8 });
  const { platform } = world;
  const { db } = platform;
  await db
    .insertInto("installation")
    .values({ secret_check: platform.secrets.check, created_at: clock.now() })
    .execute();
  const answers = answersFor(platform, { answer: world.deps.answer, providerId: newId(clock) });
  /** Receipts come once, twice or three times. */
  const receipts: Promise<void>[] = [];
  const onArrival = (deliveryId: string) => {
    const event = { kind: "delivered" } as const;
    for (let times = 1 + Math.floor(next() * 3); times > 0; times--)
      receipts.push(insist(() => answers.receipt({ channel: "sms", deliveryId, event })));
  };
  const text = {
    ...{ next, mixture: RUN.mixture, onArrival },
    idOf: (body: string) => new URLSearchParams(body).get("client-ref") ?? "",
    takes: () => JSON.stringify({ messages: [{ status: "0", "message-id": newId(clock) }] }),
  };
  await using first = await chaoticProvider(text);
  await using second = await chaoticProvider(text);
  const idOf = (body: string) => (JSON.parse(body) as { delivery_id: string }).delivery_id;
  await using hook = await chaoticProvider({
    next,
    mixture: { ...RUN.mixture, lose: 0 },
    idOf,
    takes: () => "",
  });
  await inTransaction(db, async (tx) => {
    for (const [slug, { url }] of Object.entries({ first, second }))
      await putProvider(tx, by(platform, SYSTEM), {
        ...{ slug, kind: "vonage" },
        settings: {
          ...{ api_key: "a1b2c3d4", api_secret: "abcdef0123456789", from: "447700900000", api_url: url },
          signature_secret: "feedf00dfeedf00dfeedf00dfeedf00d",
        },
      });
  });
  const everybody = await people(world, RUN.pages, hook.url);

  const workers: ChildProcess[] = [];
  const hire = async () => {
    const child = fork(join(import.meta.dirname, "chaos-worker.fixture.ts"), [store.url, HOME]);
    workers.push(child);
    await Promise.race([once(child, "message"), once(child, "exit")]);
  };
  const kills = { workers: 0, postgres: 0 };
  for (let n = 0; n < RUN.workers; n++) await hire();
  const endAt = performance.now() + RUN.limitMs;
  let lastKill = performance.now();
  let lastPostgresKill = performance.now();
  let paged = 0;
  const BATCH = ALL ? 100 : 10;
  const beganAt = performance.now();
  try {
    while (performance.now() < endAt) {
      if (paged < everybody.length) {
        const some = everybody.slice(paged, paged + BATCH);
        await insist(() => page(world, some));
        paged += some.length;
      } else if ((await insist(() => left(db))) === 0) break;
      await pause(ALL ? 1_500 : 120);
      if (performance.now() - lastKill > RUN.killEveryMs * (0.5 + next()) && (ALL || kills.workers < 1)) {
        lastKill = performance.now();
        kills.workers += 1;
        const [victim] = workers.splice(Math.floor(next() * workers.length), 1);
        victim?.kill("SIGKILL");
        await hire();
      }
      if (RUN.killPostgresEveryMs > 0 && performance.now() - lastPostgresKill > RUN.killPostgresEveryMs) {
        lastPostgresKill = performance.now();
        kills.postgres += 1;
        await store.kill();
      }
    }
    await Promise.all(receipts);
    const tookS = Math.round((performance.now() - beganAt) / 1_000);
    await judge(t, { db, providers: [first, second], hook, kills, tookS });
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
  }
});

interface Outcome {
  db: Db;
  providers: readonly ChaoticProvider[];
  hook: ChaoticProvider;
  kills: { workers: number; postgres: number };
  tookS: number;
}

async function judge(
  t: { diagnostic(text: string): void },
  { db, providers, hook, kills, tookS }: Outcome,
): Promise<void> {
  const copies = new Map<string, number>();
  for (const id of [...providers.flatMap(({ arrived }) => arrived), ...hook.arrived])
    copies.set(id, (copies.get(id) ?? 0) + 1);
  const deliveries = await db.selectFrom("deliveries").select(["id", "page_id", "status"]).execute();
  const reached = new Set(deliveries.filter(({ id }) => copies.has(id)).map(({ page_id }) => page_id));
  const pages = await db.selectFrom("pages").select("id").execute();
  const lost = pages.filter(({ id }) => !reached.has(id));
  const extra = [...copies.values()].reduce((sum, count) => sum + count - 1, 0);
  const most = Math.max(...copies.values());
  const failovers = await db
    .selectFrom("delivery_attempts")
    .select(["ms"])
    .where("outcome", "=", "accepted")
    .where("detail", "like", "%; %")
    .execute();
  const slowest = Math.max(0, ...failovers.map(({ ms }) => ms ?? 0));
  const fates = new Map<string, number>();
  for (const each of [...providers, hook])
    for (const [fate, count] of each.fates) fates.set(fate, (fates.get(fate) ?? 0) + count);
  t.diagnostic(
    `seed ${SEED}: ${pages.length} pages in ${tookS} s, ${kills.workers} workers and ${kills.postgres} PostgreSQL killed, ` +
      `requests ${JSON.stringify(Object.fromEntries(fates))}; lost ${lost.length}, ${extra} extra copies, at most ${most} of one; ` +
      `${failovers.length} failovers within a try, the slowest ${slowest} ms; ${hook.arrived.length} by the second method`,
  );
  assert.equal(lost.length, 0, "no page is lost");
  assert.equal(pages.length, RUN.pages);
  assert.ok(kills.workers > 0);
  assert.ok(most <= 2, `a page came ${most} times`);
  assert.ok(slowest < 10_000, `a failover took ${slowest} ms`);
}
