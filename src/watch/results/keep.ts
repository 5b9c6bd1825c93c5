import { sql } from "kysely";
import type { Db, DbOrTx, Tx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { type Keep, keep as keepSchema } from "../schema.ts";
import { packChecks, type StoredCheck, unpackChecks } from "./chunk.ts";
import { dayOf, figuresOf, type HourFigures, hourOf, mergeFigures, packDay, unpackDay } from "./day.ts";
import { checkOfRow, DAY_MS, dateOf, HOUR_MS, type Row, rowJson } from "./store.ts";
import "../table.ts";

/** Each class has a tree of partitions of its own. */
const KEEPS = keepSchema.options;

/** Samples arrive a moment after their hour. */
const SETTLE_MS = 60_000;
/** Monitors whose hour is packed in one transaction: some thousand checks, a few ms of work. */
const BATCH = 20;

/**
 * Moves the checks of full hours out of check_results, packed, and brings the days' figures up to date with them: each
 * check is moved and counted in one transaction, so exactly once. Answers how many were moved.
 */
export async function packFullHours(db: Db, now: Temporal.Instant): Promise<number> {
  const settled = now.epochMilliseconds - SETTLE_MS;
  const before = Temporal.Instant.fromEpochMilliseconds(settled - (settled % HOUR_MS));
  let moved = 0;
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const { rows } = await sql<{ id: string; keep: Keep; first: Temporal.Instant }>`
      select m.id, m.keep, c.at as first from monitors m
      cross join lateral (select at from check_results
        where monitor_id = m.id and at < ${before} order by at limit 1) as c
      where m.id > ${after} order by m.id limit ${BATCH}`.execute(db);
    const last = rows.at(-1);
    if (!last) return moved;
    for (const [keep, some] of Map.groupBy(rows, (row) => row.keep)) {
      const first = some
        .map((row) => row.first)
        .reduce((a, b) => (Temporal.Instant.compare(a, b) < 0 ? a : b));
      await makePartitions(db, keep, { from: first, to: before });
      const ids = some.map(({ id }) => id);
      moved += await inTransaction(db, (tx) => packSome(tx, { keep, ids, before }));
    }
    after = last.id;
  }
}

interface Moved {
  id: string;
  /** The hour's beginning, epoch ms. */
  at: number;
  checks: StoredCheck[];
}

async function packSome(
  tx: Tx,
  { keep, ids, before }: { keep: Keep; ids: readonly string[]; before: Temporal.Instant },
): Promise<number> {
  const { rows } = await sql<{ id: string; at: number; checks: Row[] }>`
    with gone as (
      delete from check_results where monitor_id = any(${ids}::uuid[]) and at < ${before} returning *)
    select monitor_id as id, (extract(epoch from date_trunc('hour', at)) * 1000)::bigint as at,
      json_agg(${rowJson}) as checks
    from gone group by 1, 2`.execute(tx);
  const hours = rows.map(({ id, at, checks }): Moved => ({ id, at, checks: checks.map(checkOfRow) }));
  if (hours.length === 0) return 0;
  await insertChunks(tx, keep, await withEarlier(tx, hours));
  await addToDays(tx, hours);
  return hours.reduce((sum, { checks }) => sum + checks.length, 0);
}

/** Checks that come after their hour was packed are packed once more, together with it. */
async function withEarlier(tx: Tx, hours: readonly Moved[]): Promise<Moved[]> {
  const earlier = new Map<string, StoredCheck[]>();
  for (const keep of KEEPS) {
    const { rows } = await sql<{ id: string; at: number; packed: Buffer }>`
      delete from ${treeOf(keep)} as tree
      using jsonb_to_recordset(${JSON.stringify(hours.map(({ id, at }) => ({ id, hour: isoOf(at) })))}::jsonb)
        as late(id uuid, hour timestamptz)
      where tree.monitor_id = late.id and tree.hour = late.hour
      returning tree.monitor_id as id, (extract(epoch from tree.hour) * 1000)::bigint as at, tree.packed`.execute(
      tx,
    );
    for (const { id, at, packed } of rows) earlier.set(`${id} ${at}`, unpackChecks(packed));
  }
  return hours.map((hour) => ({
    ...hour,
    checks: [...(earlier.get(`${hour.id} ${hour.at}`) ?? []), ...hour.checks],
  }));
}

const treeOf = (keep: Keep) => sql.table(`check_chunks_${keep}`);
const isoOf = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(ms).toString();

async function insertChunks(tx: DbOrTx, keep: Keep, hours: readonly Moved[]): Promise<void> {
  await sql`
    insert into ${treeOf(keep)} (monitor_id, hour, packed)
    select * from unnest(${hours.map(({ id }) => id)}::uuid[], ${hours.map(({ at }) => isoOf(at))}::timestamptz[],
      ${hours.map(({ at, checks }) => packChecks(at, checks))}::bytea[])`.execute(tx);
}

async function addToDays(tx: Tx, hours: readonly Moved[]): Promise<void> {
  const days = Map.groupBy(hours, ({ id, at }) => `${id} ${dayOf(at)}`);
  const known = await sql<{ id: string; day: number; counts: Buffer; latency: Buffer }>`
    select monitor_id as id, day - date '1970-01-01' as day, counts, latency from check_days
    where monitor_id = any(${[...new Set(hours.map(({ id }) => id))]}::uuid[])
      and day = any(${[...new Set(hours.map(({ at }) => dateAt(at)))]}::date[])
    for update`.execute(tx);
  const before = new Map(known.rows.map((row) => [`${row.id} ${row.day}`, unpackDay(row)]));
  const rows = [...days].map(([key, list]) => {
    const figures = new Map<number, HourFigures>(before.get(key));
    for (const { at, checks } of list) {
      const hour = hourOf(at);
      figures.set(
        hour,
        mergeFigures([figures.get(hour), figuresOf(checks)].filter((each) => each !== undefined)),
      );
    }
    const [first] = list as [Moved];
    return { id: first.id, day: dateAt(first.at), ...packDay(figures) };
  });
  await insertDays(tx, rows);
}

const dateAt = (ms: number): string => dateOf(Temporal.Instant.fromEpochMilliseconds(ms));

/** Figures of whole UTC days, in place of what was there. */
export async function insertDays(
  tx: DbOrTx,
  rows: readonly { id: string; day: string; counts: Buffer; latency: Buffer }[],
): Promise<void> {
  await sql`
    insert into check_days (monitor_id, day, counts, latency)
    select * from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ day }) => day)}::date[],
      ${rows.map(({ counts }) => counts)}::bytea[], ${rows.map(({ latency }) => latency)}::bytea[])
    on conflict (monitor_id, day) do update set counts = excluded.counts, latency = excluded.latency`.execute(
    tx,
  );
}

const nameOf = (keep: Keep, date: string): string => `check_chunks_${keep}_${date.replaceAll("-", "")}`;

/** Makes the partitions of each UTC day in the span that are not there yet. */
async function makePartitions(
  db: Db,
  keep: Keep,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<void> {
  const there = new Set(await partitionsOf(db, keep));
  for (let day = dayOf(from.epochMilliseconds); day * DAY_MS < to.epochMilliseconds; day++) {
    const [date, next] = [dateAt(day * DAY_MS), dateAt((day + 1) * DAY_MS)];
    const name = nameOf(keep, date);
    if (there.has(name)) continue;
    await sql`create table if not exists ${sql.table(name)} partition of ${treeOf(keep)}
      for values from (${sql.lit(`${date}T00:00:00Z`)}) to (${sql.lit(`${next}T00:00:00Z`)})`.execute(db);
  }
}

async function partitionsOf(db: DbOrTx, keep: Keep): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${`check_chunks_${keep}`}::regclass order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

/** Drops the days whose every check is older than its class keeps. Answers the names of what was dropped. */
export async function dropOldDays(db: Db, now: Temporal.Instant): Promise<string[]> {
  const dropped: string[] = [];
  for (const keep of KEEPS) {
    const days = Number.parseInt(keep, 10);
    const oldest = nameOf(keep, dateAt(now.epochMilliseconds - (days + 1) * DAY_MS));
    for (const name of await partitionsOf(db, keep)) {
      if (name >= oldest) continue;
      await sql`drop table if exists ${sql.table(name)}`.execute(db);
      dropped.push(name);
    }
  }
  return dropped;
}
