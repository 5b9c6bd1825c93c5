/**
 * How long "seen before" takes: `node bench/recall.ts [incidents]` (50,000).
 * Fills a PostgreSQL of its own with incidents of 200 services, one in ten with a written postmortem, words as unevenly
 * spread as in language, then asks of new incidents what they are like. Prints milliseconds.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { countTerms } from "../src/learn/recall/documents.ts";
import { similarIncidents } from "../src/learn/similar.ts";
import { openDatabase } from "../src/platform/database/database.ts";
import { migrate, readMigrations } from "../src/platform/database/migrate.ts";
import { startEmbedded } from "../src/platform/postgres/embedded.ts";
import { randomFrom } from "../src/platform/random.ts";

const INCIDENTS = Number(process.argv[2] ?? 50_000);
const ASKED = 300;
const BATCH = 2_000;
const NOW = Temporal.Instant.from("2026-11-23T10:00:00Z");
const random = randomFrom(7);

const dir = await mkdtemp(join(tmpdir(), "keepwatch-bench-"));
const postgres = await startEmbedded({ dataDir: dir, log: () => {} });
const { db, close } = openDatabase({ url: postgres.url });
try {
  await migrate({
    url: postgres.url,
    migrations: await readMigrations(join(import.meta.dirname, "../migrations")),
    now: () => NOW,
  });
  await fill();
  await printTimes();
} finally {
  await close();
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}

/** One of 30,000 words, the hundredth a hundred times rarer than the first (Zipf). */
function sentence(words: number): string {
  return Array.from({ length: words }, () => `word${Math.floor(30_000 ** random()).toString(36)}`).join(" ");
}

async function fill(): Promise<void> {
  await sql`insert into services (id, slug, name, created_at, updated_at)
    select gen_random_uuid(), 's' || n, 'Service ' || n, ${NOW}, ${NOW} from generate_series(1, 200) n`.execute(
    db,
  );
  await sql`insert into monitors (id, slug, name, service_id, kind, config, every_ms, timeout_ms, confirm, status_since, created_at, updated_at)
    select gen_random_uuid(), s.slug || '-' || n, s.slug || '-' || n, s.id, 'http', '{}', 60000, 5000, '{}', ${NOW}, ${NOW}, ${NOW}
    from services s, generate_series(1, 5) n`.execute(db);
  for (let done = 0; done < INCIDENTS; done += BATCH)
    await incidents(done, Math.min(BATCH, INCIDENTS - done));
  await countTerms(db, NOW);
  await sql`vacuum analyze`.execute(db);
}

/** The newest ones stay open: they are asked about. */
async function incidents(first: number, count: number): Promise<void> {
  const texts = Array.from({ length: count }, (_, at) => sentence((first + at) % 10 === 0 ? 150 : 12));
  await sql`
    with made as (
      select gen_random_uuid() as id, gen_random_uuid() as alert_id, n, t.text, m.id as monitor_id, m.name, m.service_id,
        ${NOW}::timestamptz - (${INCIDENTS}::integer - n) * interval '1 hour' as at,
        md5(m.id::text || (n % 7)) as fingerprint
      from unnest(${texts}::text[]) with ordinality as t(text, k)
      join lateral (select ${first}::integer + t.k::integer as n) numbered on true
      join (select id, name, service_id, row_number() over (order by slug) as r from monitors) m
        on m.r = 1 + (numbered.n * 7919) % 1000),
    i as (
      insert into incidents (id, title, summary, severity, urgency, status, service_id, started_at, opened_at, resolved_at, updated_at)
      select id, left(text, 80), text, 'SEV3', 'high',
        case when n > ${INCIDENTS - ASKED}::integer then 'triggered' else 'resolved' end, service_id, at, at, at, at from made),
    a as (
      insert into alerts (id, source_type, source_id, dedup_key, status, title, cause, severity, urgency, service_id, incident_id,
        started_at, first_at, last_at)
      select alert_id, 'monitor', monitor_id, id::text, 'resolved', name, 'status:' || (500 + n % 7), 'SEV3', 'high', service_id, id, at, at, at
      from made),
    ia as (
      insert into incident_alerts (incident_id, alert_id, status, title, reason, cause, severity, urgency, service_id, source, first_at, last_at)
      select id, alert_id, 'resolved', name, '', 'status:' || (500 + n % 7), 'SEV3', 'high', service_id,
        jsonb_build_object('type', 'monitor', 'slug', name, 'name', name), at, at from made),
    f as (
      insert into alert_fingerprints (alert_id, fingerprint, identity, at)
      select alert_id, fingerprint, jsonb_build_object('source', 'monitor:' || monitor_id, 'cause', 'status:' || (500 + n % 7),
        'step', '', 'line', left(text, 60), 'saidBy', 'target'), at from made)
    insert into recall_documents (incident_id, terms, length, updated_at)
    select id, to_tsvector('english', text), array_length(string_to_array(text, ' '), 1), at from made`.execute(
    db,
  );
}

async function printTimes(): Promise<void> {
  const asked = await db.selectFrom("incidents").select("id").where("status", "=", "triggered").execute();
  const times: number[] = [];
  let found = 0;
  for (const { id } of asked) {
    const began = performance.now();
    const similar = await similarIncidents(db, {
      incidentId: id,
      viewer: null,
      url: "http://keepwatch.test",
      at: NOW,
    });
    times.push(performance.now() - began);
    if (similar.length > 0) found += 1;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1);
  console.log(`${INCIDENTS} incidents, ${asked.length} asked about, ${found} had a like`);
  console.log(
    `one answer: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${(times.at(-1) ?? Number.NaN).toFixed(1)} ms`,
  );
}
