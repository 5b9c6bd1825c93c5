import { sql } from "kysely";
import type { DbOrTx } from "../../platform/database/database.ts";
import { PHASES, type StoredCheck, unpackChecks } from "./chunk.ts";
import { dayOf, figuresOf, type HourFigures, mergeFigures, unpackDay } from "./day.ts";
import "../table.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Half-open: [from, to). */
export interface Span {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

/** One check as PostgreSQL hands it over: epoch ms, status, the phases in ms, reason. */
export type Row = [number, StoredCheck["status"], ...(number | null)[], string | null];

/** SQL of a check as a `Row`. */
export const rowJson = sql.raw(
  `json_build_array((extract(epoch from at) * 1000)::bigint, status, ${PHASES.map((phase) => `${phase}_ms`).join(", ")}, reason)`,
);

export function checkOfRow(row: Row): StoredCheck {
  const [at, status, ...rest] = row;
  const reason = rest.pop() as string | null;
  const [dns, connect, tls, first_byte, transfer, total] = rest as (number | null)[];
  const phases = { dns, connect, tls, first_byte, transfer, total };
  return { at, status, reason, ...(phases as Pick<StoredCheck, (typeof PHASES)[number]>) };
}

/** Every check of one monitor in the span that is still kept singly, in order of time. */
export async function readChecks(db: DbOrTx, monitorId: string, { from, to }: Span): Promise<StoredCheck[]> {
  const [packed, fresh] = await Promise.all([
    sql<{ packed: Buffer }>`
      select packed from check_chunks
      where monitor_id = ${monitorId} and hour > ${from.subtract({ hours: 1 })} and hour < ${to}`.execute(db),
    sql<{ checks: Row[] | null }>`
      select json_agg(${rowJson}) as checks from check_results
      where monitor_id = ${monitorId} and at >= ${from} and at < ${to}`.execute(db),
  ]);
  const [first, end] = [from.epochMilliseconds, to.epochMilliseconds];
  const checks = packed.rows
    .flatMap((row) => unpackChecks(row.packed))
    .filter(({ at }) => at >= first && at < end);
  checks.push(...(fresh.rows[0]?.checks ?? []).map(checkOfRow));
  return checks.sort((a, b) => a.at - b.at);
}

/** How far back the latest checks are looked for: a monitor that is slower than this shows fewer of them. */
const RECENT_MS = 3 * DAY_MS;

/** The latest checks of each monitor, the oldest first. */
export async function readRecent(
  db: DbOrTx,
  monitorIds: readonly string[],
  { now, count }: { now: Temporal.Instant; count: number },
): Promise<Map<string, StoredCheck[]>> {
  const [fresh, packed] = await Promise.all([
    sql<{ id: string; checks: Row[] | null }>`
      select m.id, (
        select json_agg(${rowJson} order by at) from (
          select * from check_results where monitor_id = m.id order by at desc limit ${count}) c) as checks
      from unnest(${monitorIds}::uuid[]) as m(id)`.execute(db),
    sql<{ id: string; packed: Buffer }>`
      select m.id, c.packed
      from (select id, ceil(${count}::float8 * every_ms / ${HOUR_MS})::integer + 1 as hours from monitors
        where id = any(${monitorIds}::uuid[])) as m
      cross join lateral (
        select hour, packed from check_chunks
        where monitor_id = m.id and hour > ${now.subtract({ milliseconds: RECENT_MS })}
        order by hour desc limit m.hours) as c
      order by m.id, c.hour`.execute(db),
  ]);
  const chunks = Map.groupBy(packed.rows, (row) => row.id);
  return new Map(
    fresh.rows.map(({ id, checks }) => {
      const latest = (checks ?? []).map(checkOfRow);
      const before =
        latest.length >= count ? [] : (chunks.get(id) ?? []).flatMap((row) => unpackChecks(row.packed));
      return [id, [...before, ...latest].slice(-count)];
    }),
  );
}

/** One hour of one monitor; `at` is its beginning, epoch ms. */
export interface Hour {
  at: number;
  figures: HourFigures;
}

/** The hours of each monitor that have any check and begin in the span, in order of time. */
export async function readHours(
  db: DbOrTx,
  monitorIds: readonly string[],
  { from, to }: Span,
): Promise<Map<string, Hour[]>> {
  const [days, fresh] = await Promise.all([
    sql<{ id: string; day: number; counts: Buffer; latency: Buffer }>`
      select monitor_id as id, day - date '1970-01-01' as day, counts, latency from check_days
      where monitor_id = any(${monitorIds}::uuid[])
        and day between ${dateOf(from)} and ${dateOf(to)}`.execute(db),
    sql<{ id: string; at: number; checks: Row[] }>`
      select monitor_id as id, (extract(epoch from date_trunc('hour', at)) * 1000)::bigint as at,
        json_agg(${rowJson}) as checks
      from check_results
      where monitor_id = any(${monitorIds}::uuid[]) and at >= ${from} and at < ${to}
      group by 1, 2`.execute(db),
  ]);
  const found = new Map<string, Map<number, HourFigures>>(monitorIds.map((id) => [id, new Map()]));
  const [first, end] = [from.epochMilliseconds, to.epochMilliseconds];
  const add = (id: string, at: number, figures: HourFigures) => {
    if (at < first || at >= end) return;
    const hours = found.get(id);
    const known = hours?.get(at);
    hours?.set(at, known ? mergeFigures([known, figures]) : figures);
  };
  for (const { id, day, counts, latency } of days.rows)
    for (const [hour, figures] of unpackDay({ counts, latency }))
      add(id, day * DAY_MS + hour * HOUR_MS, figures);
  for (const { id, at, checks } of fresh.rows) add(id, at, figuresOf(checks.map(checkOfRow)));
  return new Map(
    [...found].map(([id, hours]) => [
      id,
      [...hours].map(([at, figures]) => ({ at, figures })).sort((a, b) => a.at - b.at),
    ]),
  );
}

/** The UTC day, as PostgreSQL writes a date. */
export const dateOf = (at: Temporal.Instant): string =>
  Temporal.PlainDate.from("1970-01-01")
    .add({ days: dayOf(at.epochMilliseconds) })
    .toString();
