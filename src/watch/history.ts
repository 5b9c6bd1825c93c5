import { sql } from "kysely";
import type { z } from "zod";
import { later, msBetween } from "../platform/clock.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { plannedTimesOfMonitors } from "./planned.ts";
import { figuresOf, type Means, mergeFigures } from "./results/day.ts";
import { mergeHistograms, percentile } from "./results/histogram.ts";
import { DAY_MS, HOUR_MS, readChecks, readHours, readRecent } from "./results/store.ts";
import type { MonitorStatus, series } from "./schema.ts";
import { type Transition, timeIn, uptimeOf, withoutPlanned } from "./uptime.ts";
import "./table.ts";

export type Series = z.infer<typeof series>;

/** Beyond this range the chart is drawn from the figures by hour. */
const SINGLE_RANGE_MS = 2 * DAY_MS;
const POINTS = 240;
/** Checks in the small bars of a list. */
const RECENT = 60;
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
  const rough = rangeMs > SINGLE_RANGE_MS;
  const stepMs = rough ? Math.max(HOUR_MS, stepFor(rangeMs)) : stepFor(rangeMs);
  const points = rough
    ? await hourPoints(db, monitorId, { from, to, stepMs })
    : await singlePoints(db, monitorId, { from, to, stepMs });
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

async function singlePoints(db: DbOrTx, monitorId: string, { from, to, stepMs }: Window): Promise<Point[]> {
  const checks = await readChecks(db, monitorId, { from, to });
  const steps = Map.groupBy(checks, ({ at }) => Math.floor((at - from.epochMilliseconds) / stepMs));
  return [...steps].map(([step, some]) => {
    const { counts, means } = figuresOf(some);
    const totals = some.flatMap(({ total }) => total ?? []).sort((a, b) => a - b);
    return {
      at: later(from, step * stepMs).toString(),
      p50: exactPercentile(totals, 0.5),
      p95: exactPercentile(totals, 0.95),
      ...meansOf(means),
      total: totals.length > 0 ? totals.reduce((sum, ms) => sum + ms, 0) / totals.length : null,
      ...counts,
    };
  });
}

/** By linear interpolation between the two nearest of the `sorted` samples, as PostgreSQL's percentile_cont does. */
function exactPercentile(sorted: readonly number[], p: number): number | null {
  const place = p * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below === undefined || above === undefined ? null : below + (above - below) * (place % 1);
}

type PhaseMeans = Pick<Point, "dns" | "connect" | "tls" | "first_byte" | "transfer">;

const meansOf = (means: Means): PhaseMeans => {
  const of = ({ count, ms }: { count: number; ms: number }) => (count > 0 ? ms : null);
  const { dns, connect, tls, first_byte, transfer } = means;
  return {
    dns: of(dns),
    connect: of(connect),
    tls: of(tls),
    first_byte: of(first_byte),
    transfer: of(transfer),
  };
};

async function hourPoints(db: DbOrTx, monitorId: string, { from, to, stepMs }: Window): Promise<Point[]> {
  const hours = (await readHours(db, [monitorId], { from, to })).get(monitorId) ?? [];
  const steps = Map.groupBy(hours, ({ at }) => Math.floor((at - from.epochMilliseconds) / stepMs));
  return [...steps].map(([step, some]) => {
    const { counts, histogram, means } = mergeFigures(some.map(({ figures }) => figures));
    const p50 = percentile(histogram, 0.5);
    return {
      at: later(from, step * stepMs).toString(),
      p50,
      p95: percentile(histogram, 0.95),
      ...meansOf(means),
      total: p50,
      ...counts,
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
  const [transitions, hours, recent] = await Promise.all([
    countedTransitionsOf(db, monitorIds, { from: later(now, -30 * DAY_MS), to: now }),
    readHours(db, monitorIds, { from: later(now, -DAY_MS), to: later(now, 1) }),
    readRecent(db, monitorIds, { now, count: RECENT }),
  ]);
  const figures = new Map<string, Figures>();
  for (const id of monitorIds) {
    const own = transitions.get(id) ?? [];
    const histogram = mergeHistograms((hours.get(id) ?? []).map(({ figures }) => figures.histogram));
    figures.set(id, {
      uptime: {
        day: uptimeOf(timeIn(own, later(now, -DAY_MS), now)),
        month: uptimeOf(timeIn(own, later(now, -30 * DAY_MS), now)),
      },
      latency: { p50: percentile(histogram, 0.5), p95: percentile(histogram, 0.95) },
      recent: (recent.get(id) ?? []).map(({ at, status, total }) => ({
        at: Temporal.Instant.fromEpochMilliseconds(at).toString(),
        status,
        ms: total,
      })),
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

/** The same for uptime: while work was planned that is left out of it, nothing is known. */
export async function countedTransitionsOf(
  db: DbOrTx,
  monitorIds: readonly string[],
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<Map<string, Transition[]>> {
  const [all, planned] = [
    await transitionsOf(db, monitorIds, from),
    await plannedTimesOfMonitors(db, monitorIds, { from, to }),
  ];
  return new Map([...all].map(([id, own]) => [id, withoutPlanned(own, planned.get(id) ?? [])]));
}
