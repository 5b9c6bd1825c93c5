import { sql } from "kysely";
import type { NamedMonitor } from "../catalog/maintenance/ports.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { groupsFirst } from "./group/model.ts";
import { membersOf } from "./kinds/group/group.ts";
import type { MonitorStatus } from "./schema.ts";
import "./table.ts";

/** The worst status of a service's monitors that are not paused, and how many things are open; by service id. */
export async function statusOfServices(
  db: DbOrTx,
  serviceIds: readonly string[],
): Promise<Map<string, { status: MonitorStatus; monitors: number; open_incidents: number }>> {
  const { rows } = await sql<{ id: string; status: MonitorStatus; monitors: number; open_incidents: number }>`
    select s.id,
      case max(case when m.paused_at is not null then 0
          else array_position(array['unknown', 'up', 'degraded', 'down'], m.status) end)
        when 4 then 'down' when 3 then 'degraded' when 2 then 'up' else 'unknown' end as status,
      count(m.id) as monitors,
      (select count(*) from incidents i where i.service_id = s.id and i.status <> 'resolved') as open_incidents
    from services s left join monitors m on m.service_id = s.id
    where s.id = any(${serviceIds}::uuid[])
    group by s.id`.execute(db);
  return new Map(rows.map(({ id, ...rest }) => [id, rest]));
}

/** In an order in which they can be deleted: by name, but groups before their members. */
export async function monitorsOfService(
  db: DbOrTx,
  serviceId: string,
): Promise<{ slug: string; name: string }[]> {
  const rows = await db
    .selectFrom("monitors")
    .select(["slug", "name", "config"])
    .where("service_id", "=", serviceId)
    .orderBy("name")
    .execute();
  return groupsFirst(rows.map(({ config, ...row }) => ({ ...row, members: membersOf(config) })));
}

/** Monitors by slug, with whose they are; a slug that nothing has is absent. */
export async function monitorsNamed(
  db: DbOrTx,
  slugs: readonly string[],
): Promise<Map<string, NamedMonitor>> {
  if (slugs.length === 0) return new Map();
  const rows = await db
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select(["monitors.slug", "monitors.name", "monitors.labels", "services.slug as service"])
    .select(["services.team_id", "services.visibility"])
    .where("monitors.slug", "in", slugs)
    .execute();
  return new Map(rows.map((row) => [row.slug, row]));
}
