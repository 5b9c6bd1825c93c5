import { sql } from "kysely";
import type { z } from "zod";
import { later, msBetween } from "../platform/clock.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { type Histogram, mergeHistograms, percentile } from "./histogram.ts";
import type { MonitorStatus, series } from "./schema.ts";
import { type Transition, timeIn, uptimeOf } from "./uptime.ts";
import "./table.ts";

export type Series = z.infer<typeof series>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Beyond this range the chart is drawn from hourly roll-ups. */
const RAW_RANGE_MS = 7 * DAY_MS;
const POINTS = 240;
const NICE_STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map(
  (seconds) => seconds * 1000,
);

/** A step that gives at most 240 points over the range. */
const stepFor = (rangeMs: number): number =>
  NICE_STEPS_MS.find((step) => rangeMs / step <= POINTS) ?? Math.ceil(rangeMs / POINTS / HOUR_MS) * HOUR_MS;

/** Response times and states of one monitor over [from, to), in at most 240 steps. */
export async function readSeries(
  db: DbOrTx,
  monitorId: string,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<Series> {
  const rangeMs = msBetween(from, to);
  const rough = rangeMs > RAW_RANGE_MS;
  const stepMs = rough ? Math.max(HOUR_MS, stepFor(rangeMs)) : stepFor(rangeMs);
  const points = rough
    ? await rollupPoints(db, monitorId, { from, to, stepMs })
    : await rawPoints(db, monitorId, { from, to, stepMs });
  const transitions = await db
    .selectFrom("monitor_transitions")
    .select(["at", "from_status", "to_status", "reason"])
    .where("monitor_id", "=", monitorId)
    .where("at", ">=", from)
    .where("at", "<", to)
    .orderBy("at")
    .limit(1000)
    .execute();
  return {
    from: from.toString(),
    to: to.toString(),
    step_ms: stepMs,
    points,
    transitions: transitions.map((row) => ({
      at: row.at.toString(),
      from: row.from_status,
      to: row.to_status,
      reason: row.reason,
    })),
  };
}

interface Window {
  from: Temporal.Instant;
  to: Temporal.Instant;
  stepMs: number;
}

type Point = Series["points"][number];

async function rawPoints(db: DbOrTx, monitorId: string, { from, to, stepMs }: Window): Promise<Point[]> {
  const { rows } = await sql<Omit<Point, "at"> & { at: Temporal.Instant }>`
    select date_bin(${`${stepMs} milliseconds`}::interval, at, ${from}::timestamptz) as at,
      percentile_cont(0.5) within group (order by total_ms) as p50,
      percentile_cont(0.95) within group (order by total_ms) as p95,
      avg(dns_ms) as dns, avg(connect_ms) as connect, avg(tls_ms) as tls, avg(first_byte_ms) as first_byte,
      avg(transfer_ms) as transfer, avg(total_ms) as total,
      count(*) filter (where status = 'up') as up, count(*) filter (where status = 'degraded') as degraded,
      count(*) filter (where status = 'down') as down, count(*) filter (where status = 'unknown') as unknown
    from check_results
    where monitor_id = ${monitorId} and at >= ${from} and at < ${to}
    group by 1 order by 1`.execute(db);
  return rows.map((row) => ({ ...row, at: row.at.toString() }));
}

async function rollupPoints(db: DbOrTx, monitorId: string, { from, to, stepMs }: Window): Promise<Point[]> {
  const rows = await db
    .selectFrom("check_rollups")
    .selectAll()
    .where("monitor_id", "=", monitorId)
    .where("hour", ">=", from)
    .where("hour", "<", to)
    .orderBy("hour")
    .execute();
  const steps = Map.groupBy(rows, (row) => Math.floor(msBetween(from, row.hour) / stepMs));
  return [...steps].map(([step, hours]) => {
    const histogram = mergeHistograms(hours.map((row) => row.histogram as Histogram));
    const p50 = percentile(histogram, 0.5);
    const sum = (key: MonitorStatus) => hours.reduce((count, row) => count + row[key], 0);
    return {
      at: later(from, step * stepMs).toString(),
      p50,
      p95: percentile(histogram, 0.95),
      ...{ dns: null, connect: null, tls: null, first_byte: null, transfer: null },
      total: p50,
      ...{ up: sum("up"), degraded: sum("degraded"), down: sum("down"), unknown: sum("unknown") },
    };
  });
}

export interface Figures {
  uptime: { day: number | null; month: number | null };
  latency: { p50: number | null; p95: number | null };
  recent: { at: string; status: MonitorStatus; ms: number | null }[];
}

/** What a row of the monitors' table shows beside the state, for many monitors in three queries. */
export async function readFigures(
  db: DbOrTx,
  monitorIds: readonly string[],
  now: Temporal.Instant,
): Promise<Map<string, Figures>> {
  if (monitorIds.length === 0) return new Map();
  const [transitions, rollups, recent] = await Promise.all([
    transitionsOf(db, monitorIds, later(now, -30 * DAY_MS)),
    db
      .selectFrom("check_rollups")
      .select(["monitor_id", "histogram"])
      .where("monitor_id", "in", monitorIds)
      .where("hour", ">=", later(now, -DAY_MS))
      .execute(),
    recentChecks(db, monitorIds),
  ]);
  const histograms = Map.groupBy(rollups, (row) => row.monitor_id);
  const figures = new Map<string, Figures>();
  for (const id of monitorIds) {
    const own = transitions.get(id) ?? [];
    const histogram = mergeHistograms((histograms.get(id) ?? []).map((row) => row.histogram as Histogram));
    figures.set(id, {
      uptime: {
        day: uptimeOf(timeIn(own, later(now, -DAY_MS), now)),
        month: uptimeOf(timeIn(own, later(now, -30 * DAY_MS), now)),
      },
      latency: { p50: percentile(histogram, 0.5), p95: percentile(histogram, 0.95) },
      recent: recent.get(id) ?? [],
    });
  }
  return figures;
}

/** Transitions since `from`, each list led by the one that says what held at `from`. */
export async function transitionsOf(
  db: DbOrTx,
  monitorIds: readonly string[],
  from: Temporal.Instant,
): Promise<Map<string, Transition[]>> {
  const { rows } = await sql<{ monitor_id: string; at: Temporal.Instant; to: MonitorStatus }>`
    select m.id as monitor_id, t.at, t.to_status as "to"
    from monitors m cross join lateral (
      (select at, to_status from monitor_transitions where monitor_id = m.id and at <= ${from} order by at desc limit 1)
      union all
      (select at, to_status from monitor_transitions where monitor_id = m.id and at > ${from})
    ) t
    where m.id = any(${monitorIds}::uuid[])
    order by m.id, t.at`.execute(db);
  return Map.groupBy(rows, (row) => row.monitor_id);
}

async function recentChecks(
  db: DbOrTx,
  monitorIds: readonly string[],
): Promise<Map<string, Figures["recent"]>> {
  const { rows } = await sql<{
    monitor_id: string;
    at: Temporal.Instant;
    status: MonitorStatus;
    ms: number | null;
  }>`
    select m.id as monitor_id, c.at, c.status, c.total_ms as ms
    from unnest(${monitorIds}::uuid[]) as m(id) cross join lateral (
      select at, status, total_ms from check_results where monitor_id = m.id order by at desc limit 60) c
    order by m.id, c.at`.execute(db);
  const grouped = Map.groupBy(rows, (row) => row.monitor_id);
  return new Map(
    [...grouped].map(([id, list]) => [
      id,
      list.map(({ at, status, ms }) => ({ at: at.toString(), status, ms })),
    ]),
  );
}
