/**
 * What results cost to keep and to read: `node bench/storage.ts [monitors] [days of figures]`.
 * A check a minute for `monitors` monitors (1,000), three days of them kept singly and packed, figures by the hour of
 * 365 days, on a PostgreSQL of its own. Prints bytes with indexes, and how long ranges take to answer.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openDatabase } from "../src/platform/database/database.ts";
import { migrate, readMigrations } from "../src/platform/database/migrate.ts";
import { startEmbedded } from "../src/platform/postgres/embedded.ts";
import { readFigures, readSeries } from "../src/watch/history.ts";
import { figuresOf, packDay } from "../src/watch/results/day.ts";
import { insertDays, packFullHours } from "../src/watch/results/keep.ts";

const MONITORS = Number(process.argv[2] ?? 1_000);
const FIGURE_DAYS = Number(process.argv[3] ?? 365);
const SINGLE_DAYS = 3;
const NOW = Temporal.Instant.from("2026-11-23T10:01:30Z");
const RANGES = { minute: 60, hour: 3_600, day: 86_400, week: 7 * 86_400, year: 365 * 86_400 };

const dir = await mkdtemp(join(tmpdir(), "keepwatch-bench-"));
const postgres = await startEmbedded({ dataDir: dir, log: () => {} });
const { db, close } = openDatabase({ url: postgres.url });
try {
  const migrations = await readMigrations(join(import.meta.dirname, "../migrations"));
  await migrate({ url: postgres.url, migrations, now: () => NOW });
  await sql`insert into services (id, slug, name, created_at, updated_at)
    values (gen_random_uuid(), 's', 's', ${NOW}, ${NOW})`.execute(db);
  await sql`insert into monitors (id, slug, name, service_id, kind, config, every_ms, timeout_ms, confirm, status_since, created_at, updated_at)
    select gen_random_uuid(), 'm' || n, 'm' || n, s.id, 'http', '{}', 60000, 10000, '{}', ${NOW}, ${NOW}, ${NOW}
    from generate_series(1, ${MONITORS}::integer) n, services s`.execute(db);
  const ids = (await db.selectFrom("monitors").select("id").orderBy("id").execute()).map(({ id }) => id);
  await printPacking(ids);
  await printDays(ids);
  await sql`vacuum analyze`.execute(db);
  await printReading(ids);
} finally {
  await close();
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}

async function sizeOf(...tables: string[]): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as bytes from pg_class c
    where c.relkind = 'r' and c.relname like any(${tables})`.execute(db);
  return rows[0]?.bytes ?? 0;
}

/** Checks with the spread of real ones: every phase, a long tail, one in 500 down. */
async function insertChecks(from: Temporal.Instant, to: Temporal.Instant): Promise<void> {
  await sql`insert into check_results (monitor_id, at, status, dns_ms, connect_ms, tls_ms, first_byte_ms, transfer_ms, total_ms, reason)
    select id, at, case when down then 'down' else 'up' end, 0.5 * f, 12 * f, 25 * f, 60 * f, 4 * f, 101.5 * f,
      case when down then '[status] 502, wanted 200–299' end
    from (select m.id, at + (random() * 1000) * interval '1 millisecond' as at, random() < 0.002 as down,
        0.8 + 0.4 * random() + case when random() < 0.02 then 3 * random() else 0 end as f
      from monitors m, generate_series(${from}::timestamptz, ${to}::timestamptz, interval '1 minute') at) c`.execute(
    db,
  );
}

async function printPacking(monitors: readonly string[]): Promise<void> {
  let packedMs = 0;
  let moved = 0;
  for (let hours = SINGLE_DAYS * 24; hours > 0; hours -= 6) {
    const from = NOW.subtract({ hours });
    await insertChecks(from, NOW.subtract({ hours: hours - 6, minutes: 1 }));
    const started = performance.now();
    moved += await packFullHours(db, NOW.subtract({ hours: hours - 6 }));
    packedMs += performance.now() - started;
  }
  const bytes = await sizeOf("check\\_chunks\\_%");
  console.log(
    `${moved} checks of ${monitors.length} monitors packed: ${(packedMs / (moved / 1000)).toFixed(2)} ms per 1,000`,
  );
  console.log(
    `single checks: ${(bytes / moved).toFixed(1)} bytes each with indexes, ${(bytes / moved / 1.024).toFixed(1)} KB per 1,000 (Uptime Kuma: 138–150)`,
  );
}

async function printDays(monitors: readonly string[]): Promise<void> {
  await sql`truncate check_days`.execute(db);
  const hour = () =>
    figuresOf(
      Array.from({ length: 60 }, () => {
        const f = 0.8 + 0.4 * Math.random() + (Math.random() < 0.02 ? 3 * Math.random() : 0);
        const phases = { dns: 0.5 * f, connect: 12 * f, tls: 25 * f, first_byte: 60 * f, transfer: 4 * f };
        return { at: 0, status: "up", reason: null, ...phases, total: 101.5 * f };
      }),
    );
  const days = Array.from({ length: 50 }, () =>
    packDay(new Map(Array.from({ length: 24 }, (_, n) => [n, hour()]))),
  );
  const first = NOW.toZonedDateTimeISO("UTC")
    .toPlainDate()
    .subtract({ days: FIGURE_DAYS - 1 });
  for (let n = 0; n < FIGURE_DAYS; n++) {
    const day = first.add({ days: n }).toString();
    await insertDays(
      db,
      monitors.map((id, m) => ({ id, day, ...days[(n + m) % days.length]! })),
    );
  }
  const rows = monitors.length * FIGURE_DAYS;
  console.log(
    `figures: ${((await sizeOf("check\\_days")) / rows).toFixed(0)} bytes per monitor and day with indexes (${rows} rows)`,
  );
}

async function printReading(monitors: readonly string[]): Promise<void> {
  for (const [name, seconds] of Object.entries(RANGES)) {
    const took: number[] = [];
    for (let n = 0; n < 20; n++) {
      const id = monitors[(n * 37) % monitors.length]!;
      const started = performance.now();
      await readSeries(db, id, { from: NOW.subtract({ seconds }), to: NOW });
      took.push(performance.now() - started);
    }
    took.sort((a, b) => a - b);
    console.log(
      `a ${name} of one monitor: median ${took[10]!.toFixed(1)} ms, slowest of 20 ${took[19]!.toFixed(1)} ms`,
    );
  }
  const started = performance.now();
  await readFigures(db, monitors.slice(0, 100), NOW);
  console.log(`a page of 100 monitors with figures: ${(performance.now() - started).toFixed(1)} ms`);
}
