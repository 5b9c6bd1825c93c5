import { sql } from "kysely";
import type { Tx } from "../platform/database/database.ts";
import { randomFrom } from "../platform/random.ts";
import { type HourFigures, type Means, noCounts, packDay } from "../watch/results/day.ts";
import { histogramOf } from "../watch/results/histogram.ts";
import { insertDays } from "../watch/results/keep.ts";
import { dateOf } from "../watch/results/store.ts";
import type { MonitorStatus } from "../watch/schema.ts";
import "../watch/table.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
export const DEMO_DAYS = 90;
/** So many days back the single checks are there too. */
const SINGLE_DAYS = 8;

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

/** Transitions, figures by the hour of 90 days, and single checks of the last eight: what charts and bars are drawn from. */
export async function writeHistory(tx: Tx, monitors: readonly MonitorPast[], now: number): Promise<void> {
  let seed = 7;
  for (const past of monitors) {
    seed += 1;
    const random = randomFrom(seed);
    const baseMs = 40 + Math.floor(random() * 260);
    await writeDays(tx, { past, baseMs, random, now });
    await writeChecks(tx, { past, baseMs, random, now });
  }
}

interface Writing {
  past: MonitorPast;
  baseMs: number;
  random: () => number;
  now: number;
}

/** Days before those whose checks stand singly: what full hours came to. */
async function writeDays(tx: Tx, { past, baseMs, random, now }: Writing): Promise<void> {
  const first = Math.floor((now - DEMO_DAYS * DAY_MS) / DAY_MS);
  const end = Math.floor((now - SINGLE_DAYS * DAY_MS) / HOUR_MS) * HOUR_MS;
  const rows = [];
  for (let day = first; day * DAY_MS < end; day++) {
    const hours = new Map<number, HourFigures>();
    for (let hour = 0; hour < 24 && day * DAY_MS + hour * HOUR_MS < end; hour++)
      hours.set(hour, hourAt(day * DAY_MS + hour * HOUR_MS, { past, baseMs, random }));
    const date = dateOf(Temporal.Instant.fromEpochMilliseconds(day * DAY_MS));
    rows.push({ id: past.id, day: date, ...packDay(hours) });
  }
  await insertDays(tx, rows);
}

function hourAt(hour: number, { past, baseMs, random }: Omit<Writing, "now">): HourFigures {
  const perHour = Math.round(HOUR_MS / past.everyMs);
  const downMs = past.outages.reduce(
    (sum, { from, to }) => sum + Math.max(0, Math.min(to, hour + HOUR_MS) - Math.max(from, hour)),
    0,
  );
  const down = Math.round((downMs / HOUR_MS) * perHour);
  const sampled = Array.from({ length: 12 }, () => latencyAt(hour + random() * HOUR_MS, baseMs, random));
  const scale = Math.max(1, Math.round((perHour - down) / sampled.length));
  const histogram = new Map([...histogramOf(sampled)].map(([bucket, count]) => [bucket, count * scale]));
  const mean = sampled.reduce((sum, ms) => sum + ms, 0) / sampled.length;
  const counts = { ...noCounts(), up: perHour - down, down };
  return { counts, histogram, means: meansOf(mean, counts.up) };
}

/** How a healthy check's time falls into phases. */
const SHARES = { dns: 0.04, connect: 0.11, first_byte: 0.75, transfer: 0.1 };

const meansOf = (ms: number, count: number): Means => ({
  dns: { count, ms: ms * SHARES.dns },
  connect: { count, ms: ms * SHARES.connect },
  tls: { count: 0, ms: 0 },
  first_byte: { count, ms: ms * SHARES.first_byte },
  transfer: { count, ms: ms * SHARES.transfer },
});

async function writeChecks(tx: Tx, { past, baseMs, random, now }: Writing): Promise<void> {
  const rows: unknown[] = [];
  const hoursAgo = (hours: number) => now - hours * HOUR_MS;
  const add = (ms: number) => {
    const outage = outageAt(past, ms);
    const total = outage?.slow ? 2_000 + 1_500 * random() : latencyAt(ms, baseMs, random);
    const status: MonitorStatus = outage ? "down" : "up";
    rows.push({ at: new Date(ms).toISOString(), status, total, reason: outage?.reason ?? null });
  };
  for (
    let ms = Math.floor(hoursAgo(SINGLE_DAYS * 24) / HOUR_MS) * HOUR_MS;
    ms < hoursAgo(6);
    ms += 5 * MINUTE_MS
  )
    add(ms);
  for (let ms = hoursAgo(6); ms < now - MINUTE_MS; ms += Math.max(past.everyMs, MINUTE_MS)) add(ms);
  for (const outage of past.outages) {
    for (let ms = outage.from - 15 * MINUTE_MS; ms < outage.to + 15 * MINUTE_MS; ms += MINUTE_MS) add(ms);
  }
  await sql`insert into check_results (monitor_id, at, status, dns_ms, connect_ms, first_byte_ms, transfer_ms, total_ms, reason)
    select ${past.id}::uuid, r.at, r.status, r.total * ${SHARES.dns}, r.total * ${SHARES.connect}, r.total * ${SHARES.first_byte}, r.total * ${SHARES.transfer}, r.total, r.reason
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(at timestamptz, status text, total real, reason text)
    on conflict do nothing`.execute(tx);
}
