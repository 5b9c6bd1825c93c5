import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../org/actor.ts";
import { allowedRows } from "../org/visible.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { unpackCounts } from "../watch/results/day.ts";
import { DAY_MS, dateOf, HOUR_MS, type Span } from "../watch/results/store.ts";
import type { Overview } from "./schema.ts";

const byService = { team: "s.team_id", visibility: "s.visibility" };
export const seenIncidents = (actor: Actor) => allowedRows(actor, "read", { type: "incident", ...byService });

/** When the last incident that the actor may see ended; null when none ever was. */
export async function lastEnd(db: DbOrTx, actor: Actor): Promise<Temporal.Instant | null> {
  const { rows } = await sql<{ at: Temporal.Instant | null }>`
    select max(i.resolved_at) as at from incidents i left join services s on s.id = i.service_id
    where i.status = 'resolved' and ${seenIncidents(actor)}`.execute(db);
  return rows[0]?.at ?? null;
}

/**
 * Yesterday, from midnight to midnight in `zone`, of what the actor may see. Checks are counted by the hour; a failed
 * one was degraded or down.
 */
export async function yesterdayIn(
  db: DbOrTx,
  { actor, now, zone }: { actor: Actor; now: Temporal.Instant; zone: string },
): Promise<Overview["yesterday"]> {
  const midnight = now.toZonedDateTimeISO(zone).startOfDay();
  const from = midnight.subtract({ days: 1 }).startOfDay().toInstant();
  const to = midnight.toInstant();
  const seenMonitors = allowedRows(actor, "read", { type: "monitor", ...byService });
  const checks = await countChecks(db, seenMonitors, { from, to });
  const { rows: incidents } = await sql<{ incidents: number; acknowledge_ms: number | null }>`
    select count(*) as incidents, percentile_cont(0.5) within group (
      order by extract(epoch from i.first_acknowledged_at - i.opened_at)::float8 * 1000) as acknowledge_ms
    from incidents i left join services s on s.id = i.service_id
    where i.opened_at >= ${from} and i.opened_at < ${to} and ${seenIncidents(actor)}`.execute(db);
  const { rows: pages } = await sql<{ pages: number }>`
    select count(*) as pages from pages p
    join incidents i on i.id = p.subject_id left join services s on s.id = i.service_id
    where p.subject_type = 'incident' and p.created_at >= ${from} and p.created_at < ${to}
      and i.opened_at < ${to} and ${seenIncidents(actor)}`.execute(db);
  return {
    ...checks,
    incidents: incidents[0]?.incidents ?? 0,
    pages: pages[0]?.pages ?? 0,
    acknowledge_ms: incidents[0]?.acknowledge_ms ?? null,
  };
}

/** How many checks the monitors that may be seen had, and how many of these failed: full hours by their figures. */
async function countChecks(
  db: DbOrTx,
  seen: RawBuilder<SqlBool>,
  { from, to }: Span,
): Promise<{ checks: number; failed: number }> {
  const { rows: days } = await sql<{ day: number; counts: Buffer }>`
    select d.day - date '1970-01-01' as day, d.counts
    from monitors m join services s on s.id = m.service_id
    join check_days d on d.monitor_id = m.id and d.day between ${dateOf(from)} and ${dateOf(to)}
    where ${seen}`.execute(db);
  const { rows: fresh } = await sql<{ checks: number; failed: number }>`
    select count(*) as checks, count(*) filter (where c.status in ('degraded', 'down')) as failed
    from monitors m join services s on s.id = m.service_id
    join check_results c on c.monitor_id = m.id and c.at >= ${from} and c.at < ${to}
    where ${seen}`.execute(db);
  let { checks, failed } = fresh[0] ?? { checks: 0, failed: 0 };
  for (const { day, counts } of days) {
    for (const [hour, { up, degraded, down, unknown }] of unpackCounts(counts)) {
      const at = day * DAY_MS + hour * HOUR_MS;
      if (at < from.epochMilliseconds || at >= to.epochMilliseconds) continue;
      checks += up + degraded + down + unknown;
      failed += degraded + down;
    }
  }
  return { checks, failed };
}
