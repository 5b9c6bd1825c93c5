import { sql } from "kysely";
import type { DbOrTx } from "../platform/database/database.ts";

/** The postmortem of each of these incidents that has one. @param url how people reach Keepwatch. */
export async function postmortemsOf(
  db: DbOrTx,
  incidentIds: readonly string[],
  url: string,
): Promise<Map<string, { id: string; title: string; state: string; url: string }>> {
  if (incidentIds.length === 0) return new Map();
  const { rows } = await sql<{ incident_id: string; id: string; title: string; state: string }>`
    select pi.incident_id, p.id, p.title, p.state
    from postmortem_incidents pi join postmortems p on p.id = pi.postmortem_id
    where pi.incident_id = any(${incidentIds}::uuid[])
    order by p.created_at`.execute(db);
  return new Map(
    rows.map(({ incident_id, id, title, state }) => [
      incident_id,
      { id, title, state, url: `${url}/postmortems/${id}` },
    ]),
  );
}
