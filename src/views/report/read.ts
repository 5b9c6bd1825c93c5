import { sql } from "kysely";
import type { Actor } from "../../org/actor.ts";
import { findTeam } from "../../org/teams.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { seenIncidents } from "../numbers.ts";
import { mondayOf, percentileOf, weekOf } from "./model.ts";
import type { Report, Rota } from "./schema.ts";
import "./table.ts";

export interface ReportPorts {
  /** What the team's schedules say of a stretch; pages are those that the viewer may see. */
  rotaOf(
    viewer: Actor,
    asked: { team: string; from: Temporal.Instant; to: Temporal.Instant; now: Temporal.Instant },
  ): Promise<Rota>;
}

export interface Asked {
  team: string;
  /** Any day of the week; the last whole week of the zone without it. */
  week: Temporal.PlainDate | null;
  zone: string;
  now: Temporal.Instant;
  url: string;
}

type TeamWeek = { id: string; from: Temporal.Instant; to: Temporal.Instant };
const MOST_INCIDENTS = 2_000;
const MOST_NOISY = 8;

/** The on-call report of a team's week, as far as the viewer may see what it is about. */
export async function readReport(
  db: DbOrTx,
  viewer: Actor,
  { asked, ports }: { asked: Asked; ports: ReportPorts },
): Promise<Report> {
  const { id, slug, name } = await findTeam(db, asked.team);
  const { zone, now } = asked;
  const today = now.toZonedDateTimeISO(zone).toPlainDate();
  const monday = mondayOf(asked.week ?? today.subtract({ days: 7 }));
  const { from, to } = weekOf(monday, zone);
  const incidents = await incidentsOf(db, viewer, { id, from, to });
  const acknowledged = incidents.flatMap((each) => each.acknowledged_after_ms ?? []);
  const rota = await ports.rotaOf(viewer, { team: id, from, to, now });
  const total = (read: (person: Rota["people"][number]) => number): number =>
    rota.people.reduce((sum, person) => sum + read(person), 0);
  return {
    ...{ team: { slug, name }, week: monday.toString(), from: from.toString(), to: to.toString() },
    ...{ time_zone: zone, incidents },
    pages: total((person) => person.pages),
    night_pages: total((person) => person.night_pages),
    interruptions: total((person) => person.interruptions),
    acknowledge: {
      median_ms: percentileOf(acknowledged, 0.5),
      p90_ms: percentileOf(acknowledged, 0.9),
      never: incidents.length - acknowledged.length,
    },
    noisiest: await noisiest(db, viewer, { id, from, to }),
    rota,
    mail: await mailOf(db, id),
    url: `${asked.url}/oncall/report?team=${slug}&week=${monday}`,
  };
}

async function incidentsOf(
  db: DbOrTx,
  viewer: Actor,
  { id, from, to }: TeamWeek,
): Promise<Report["incidents"]> {
  const { rows } = await sql<{
    number: number;
    title: string;
    severity: string;
    status: string;
    slug: string;
    name: string;
    opened_at: Temporal.Instant;
    first_acknowledged_at: Temporal.Instant | null;
    resolved_at: Temporal.Instant | null;
    pages: number;
  }>`
    select i.number, i.title, i.severity, i.status, s.slug, s.name, i.opened_at, i.first_acknowledged_at,
      i.resolved_at, (select count(*) from pages p where p.subject_id = i.id)::int as pages
    from incidents i join services s on s.id = i.service_id
    where s.team_id = ${id} and i.opened_at >= ${from} and i.opened_at < ${to} and ${seenIncidents(viewer)}
    order by i.opened_at limit ${MOST_INCIDENTS}`.execute(db);
  return rows.map((row) => {
    const since = (at: Temporal.Instant | null) =>
      at === null ? null : at.epochMilliseconds - row.opened_at.epochMilliseconds;
    return {
      ...{ number: row.number, title: row.title, severity: row.severity, status: row.status },
      ...{ service: { slug: row.slug, name: row.name }, opened_at: row.opened_at.toString() },
      ...{
        acknowledged_after_ms: since(row.first_acknowledged_at),
        resolved_after_ms: since(row.resolved_at),
      },
      pages: row.pages,
    };
  });
}

/** What raised most alerts that nobody acted on: their incident was neither acknowledged nor resolved by a person. */
async function noisiest(db: DbOrTx, viewer: Actor, { id, from, to }: TeamWeek): Promise<Report["noisiest"]> {
  const { rows } = await sql<Report["noisiest"][number]>`
    select coalesce(a.source->>'name', a.title) as source, count(*)::int as alerts,
      count(*) filter (where i.first_acknowledged_at is null and i.resolved_by is null)::int as unanswered
    from incident_alerts a join incidents i on i.id = a.incident_id join services s on s.id = i.service_id
    where s.team_id = ${id} and a.first_at >= ${from} and a.first_at < ${to} and ${seenIncidents(viewer)}
    group by 1 order by 3 desc, 2 desc, 1 limit ${MOST_NOISY}`.execute(db);
  return rows;
}

async function mailOf(db: DbOrTx, team: string): Promise<Report["mail"]> {
  const off = await db
    .selectFrom("oncall_reports_off")
    .select("team_id")
    .where("team_id", "=", team)
    .executeTakeFirst();
  const to = await db
    .selectFrom("team_members")
    .innerJoin("users", "users.id", "team_members.user_id")
    .select(["users.id", "users.name", "users.email"])
    .where("team_members.team_id", "=", team)
    .where("team_members.lead", "=", true)
    .where("users.deactivated_at", "is", null)
    .orderBy("users.name")
    .execute();
  return { on: off === undefined, to };
}
