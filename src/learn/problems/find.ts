import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../../org/actor.ts";
import { can, must } from "../../org/can.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { missing } from "../../platform/refusal.ts";
import type { ProblemState } from "./schema.ts";

/** A stored problem, with what `can` needs to know of it: it is its service's. */
export interface ProblemRow {
  id: string;
  number: number;
  title: string;
  mechanism: string;
  state: ProblemState;
  accepted_because: string | null;
  cause: string;
  trigger: string;
  service_id: string | null;
  service_slug: string | null;
  service_name: string | null;
  team: string | null;
  visibility: "company" | "team";
}

/** The columns of `ProblemRow`, of problems `p` and their services `s`. */
export const problemColumns = sql`p.id, p.number, p.title, p.mechanism, p.state, p.accepted_because, p.cause, p.trigger,
  p.service_id, s.slug as service_slug, s.name as service_name, s.team_id as team,
  coalesce(s.visibility, 'company') as visibility`;

/** The ids of the postmortems of a problem's incidents; the problem by its id or by a column that holds it. */
export const writtenOf = (problemId: string | RawBuilder<unknown>) => sql`
  select pi.postmortem_id from postmortem_incidents pi
  join problem_incidents o on o.incident_id = pi.incident_id where o.problem_id = ${problemId}`;

export const resourceOf = ({ team, visibility }: Pick<ProblemRow, "team" | "visibility">) => ({
  type: "problem",
  team,
  visibility,
});

/** By id or number; what the actor may not see is said not to exist. */
export async function findProblem(db: DbOrTx, actor: Actor, key: string | number): Promise<ProblemRow> {
  const isNumber = /^\d{1,9}$/.test(String(key));
  const { rows } = await sql<ProblemRow>`
    select ${problemColumns} from problems p left join services s on s.id = p.service_id
    where ${isNumber ? sql`p.number = ${Number(key)}` : sql`p.id::text = ${String(key)}`}`.execute(db);
  const [row] = rows;
  if (!row || !can(actor, "read", resourceOf(row))) throw missing(`problem ${key}`);
  return row;
}

/** Takes the row for this transaction, and refuses whoever may not change it: writing it is part of the response. */
export async function lockProblem(tx: Tx, actor: Actor, key: string | number): Promise<ProblemRow> {
  const found = await findProblem(tx, actor, key);
  must(actor, "respond", resourceOf(found));
  await sql`select from problems where id = ${found.id} for update`.execute(tx);
  return findProblem(tx, actor, found.id);
}

export interface IncidentRef {
  id: string;
  number: number;
  title: string;
  status: string;
  service_id: string | null;
  opened_at: Temporal.Instant;
  team: string | null;
  visibility: "company" | "team";
  problem_id: string | null;
}

/** Incidents by id, taken in the order of their ids; what the actor may not respond to is refused. */
export async function lockIncidents(
  tx: Tx,
  actor: Actor,
  ids: readonly string[],
): Promise<Map<string, IncidentRef>> {
  const { rows } = await sql<IncidentRef>`
    select i.id, i.number, i.title, i.status, i.service_id, i.opened_at, s.team_id as team,
      coalesce(s.visibility, 'company') as visibility,
      (select problem_id from problem_incidents where incident_id = i.id) as problem_id
    from incidents i left join services s on s.id = i.service_id
    where i.id = any(${[...ids].sort()}::uuid[]) order by i.id for update of i`.execute(tx);
  const found = new Map(rows.map((row) => [row.id, row]));
  for (const id of ids) {
    const row = found.get(id);
    const resource = { type: "incident", team: row?.team ?? null, visibility: row?.visibility ?? "company" };
    if (!row || !can(actor, "read", resource)) throw missing(`incident ${id}`);
    must(actor, "respond", resource);
  }
  return found;
}
