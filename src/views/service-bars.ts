import { sql } from "kysely";
import type { Actor } from "../org/actor.ts";
import { allowedRows } from "../org/visible.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { countedTransitionsOf } from "../watch/history.ts";
import { statusOfServices } from "../watch/of-services.ts";
import type { MonitorStatus } from "../watch/schema.ts";
import { type Transition, timeIn, uptimeOf } from "../watch/uptime.ts";
import { dayBars, localDays, worstOf } from "./model.ts";
import type { Overview } from "./schema.ts";

export const DAYS = 90;

interface ServiceRow {
  id: string;
  slug: string;
  name: string;
  team: { slug: string; name: string } | null;
}

interface MonitorRow {
  id: string;
  service_id: string;
  status: MonitorStatus;
  since: Temporal.Instant;
}

/** Services that the actor may see, by name, each with 90 local days of its worst monitor. The last day is today so far. */
export async function serviceBars(
  db: DbOrTx,
  { actor, now, zone }: { actor: Actor; now: Temporal.Instant; zone: string },
): Promise<Overview["services"]> {
  const services = await visibleServices(db, actor);
  const ids = services.map(({ id }) => id);
  const from = firstDay(now, zone);
  const monitors = await monitorsOf(db, ids);
  const statuses = await statusOfServices(db, ids);
  const transitions = await countedTransitionsOf(
    db,
    monitors.map(({ id }) => id),
    { from, to: now },
  );
  const days = localDays({ from, to: now, zone });
  const byService = Map.groupBy(monitors, (monitor) => monitor.service_id);
  return services.map(({ id, slug, name, team }) => {
    const own = byService.get(id) ?? [];
    const worst = worstOf(own.map((monitor) => upToNow(transitions.get(monitor.id) ?? [], monitor)));
    return {
      slug,
      name,
      team,
      status: statuses.get(id)?.status ?? "unknown",
      monitors: own.length,
      days: dayBars(worst, days),
      uptime: uptimeOf(timeIn(worst, from, now)),
    };
  });
}

const firstDay = (now: Temporal.Instant, zone: string): Temporal.Instant =>
  now
    .toZonedDateTimeISO(zone)
    .startOfDay()
    .subtract({ days: DAYS - 1 })
    .startOfDay()
    .toInstant();

/** The monitor's own status ends its history, should a transition be missing. */
function upToNow(history: readonly Transition[], { status, since }: MonitorRow): Transition[] {
  const last = history.at(-1);
  if (last?.to === status || (last && Temporal.Instant.compare(since, last.at) < 0)) return [...history];
  return status === "unknown" && !last ? [] : [...history, { at: since, to: status }];
}

async function visibleServices(db: DbOrTx, actor: Actor): Promise<ServiceRow[]> {
  const { rows } = await sql<ServiceRow>`
    select s.id, s.slug, s.name,
      case when t.id is null then null else jsonb_build_object('slug', t.slug, 'name', t.name) end as team
    from services s left join teams t on t.id = s.team_id
    where ${allowedRows(actor, "read", { type: "service", team: "s.team_id", visibility: "s.visibility" })}
    order by lower(s.name), s.slug`.execute(db);
  return rows;
}

async function monitorsOf(db: DbOrTx, serviceIds: readonly string[]): Promise<MonitorRow[]> {
  const { rows } = await sql<MonitorRow>`
    select id, service_id, status, status_since as since from monitors
    where service_id = any(${serviceIds}::uuid[])`.execute(db);
  return rows;
}
