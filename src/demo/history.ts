import { sql } from "kysely";
import type { Tx } from "../platform/database/database.ts";
import { histogramOf } from "../watch/histogram.ts";
import type { MonitorStatus } from "../watch/schema.ts";
import "../watch/table.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
export const DEMO_DAYS = 90;

/** A small repeatable generator (mulberry32): the same seed makes the same past. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A stretch in which the monitor was down, epoch ms. */
export interface Outage {
  from: number;
  to: number;
  reason: string;
  slow: boolean;
}

export interface MonitorPast {
  id: string;
  everyMs: number;
  outages: readonly Outage[];
}

/** Response times follow the day (busier in the evening) around a level of the monitor's own, with a long tail. */
function latencyAt(ms: number, baseMs: number, random: () => number): number {
  const hour = (ms % DAY_MS) / HOUR_MS;
  const busy = 1 + 0.35 * Math.exp(-((hour - 19) ** 2) / 8) + 0.15 * Math.exp(-((hour - 12) ** 2) / 10);
  const tail = random() < 0.02 ? 1.5 + 2 * random() : 1;
  return baseMs * busy * tail * (0.85 + 0.3 * random());
}

const outageAt = (past: MonitorPast, ms: number): Outage | undefined =>
  past.outages.find((outage) => ms >= outage.from && ms < outage.to);

/** Transitions, hourly roll-ups of 90 days, and single checks of the last eight: what charts and bars are drawn from. */
export async function writeHistory(tx: Tx, monitors: readonly MonitorPast[], now: number): Promise<void> {
  let seed = 7;
  for (const past of monitors) {
    seed += 1;
    const random = randomOf(seed);
    const baseMs = 40 + Math.floor(random() * 260);
    await writeRollups(tx, { past, baseMs, random, now });
    await writeChecks(tx, { past, baseMs, random, now });
  }
}

interface Writing {
  past: MonitorPast;
  baseMs: number;
  random: () => number;
  now: number;
}

async function writeRollups(tx: Tx, { past, baseMs, random, now }: Writing): Promise<void> {
  const rows: unknown[] = [];
  const first = Math.floor((now - DEMO_DAYS * DAY_MS) / HOUR_MS) * HOUR_MS;
  const perHour = Math.round(HOUR_MS / past.everyMs);
  for (let hour = first; hour < now; hour += HOUR_MS) {
    const downMs = past.outages.reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(to, hour + HOUR_MS) - Math.max(from, hour)),
      0,
    );
    const down = Math.round((downMs / HOUR_MS) * perHour);
    const sampled = Array.from({ length: 12 }, () => latencyAt(hour + random() * HOUR_MS, baseMs, random));
    const scale = Math.max(1, Math.round((perHour - down) / sampled.length));
    const counts = Object.fromEntries(
      Object.entries(histogramOf(sampled)).map(([bucket, count]) => [bucket, count * scale]),
    );
    rows.push({ hour: new Date(hour).toISOString(), up: perHour - down, down, histogram: counts });
  }
  await sql`insert into check_rollups (monitor_id, hour, up, down, histogram)
    select ${past.id}::uuid, r.hour, r.up, r.down, r.histogram
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(hour timestamptz, up integer, down integer, histogram jsonb)
    on conflict do nothing`.execute(tx);
}

async function writeChecks(tx: Tx, { past, baseMs, random, now }: Writing): Promise<void> {
  const rows: unknown[] = [];
  const hoursAgo = (hours: number) => now - hours * HOUR_MS;
  const add = (ms: number) => {
    const outage = outageAt(past, ms);
    const total = outage?.slow ? 2_000 + 1_500 * random() : latencyAt(ms, baseMs, random);
    const status: MonitorStatus = outage ? "down" : "up";
    rows.push({ at: new Date(ms).toISOString(), status, total, reason: outage?.reason ?? null });
  };
  for (let ms = hoursAgo(8 * 24); ms < hoursAgo(6); ms += 5 * MINUTE_MS) add(ms);
  for (let ms = hoursAgo(6); ms < now - MINUTE_MS; ms += Math.max(past.everyMs, MINUTE_MS)) add(ms);
  for (const outage of past.outages) {
    for (let ms = outage.from - 15 * MINUTE_MS; ms < outage.to + 15 * MINUTE_MS; ms += MINUTE_MS) add(ms);
  }
  await sql`insert into check_results (monitor_id, at, status, dns_ms, connect_ms, first_byte_ms, transfer_ms, total_ms, reason)
    select ${past.id}::uuid, r.at, r.status, r.total * 0.04, r.total * 0.11, r.total * 0.75, r.total * 0.1, r.total, r.reason
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(at timestamptz, status text, total real, reason text)
    on conflict do nothing`.execute(tx);
}
