import { sql } from "kysely";
import { addEntry } from "../incident/timeline.ts";
import type { By } from "../org/actor.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";

export interface AboutIncident {
  id: string;
  number: number;
  title: string;
  service_id: string | null;
  team: string | null;
  visibility: "company" | "team";
}

/** A postmortem's incidents by number. */
export async function incidentsOf(db: DbOrTx, postmortemId: string): Promise<AboutIncident[]> {
  const { rows } = await sql<AboutIncident>`
    select i.id, i.number, i.title, i.service_id, s.team_id as team, coalesce(s.visibility, 'company') as visibility
    from postmortem_incidents pi
    join incidents i on i.id = pi.incident_id
    left join services s on s.id = i.service_id
    where pi.postmortem_id = ${postmortemId} order by i.number`.execute(db);
  return rows;
}

/** One line on the timeline of each incident, and their pages know of the postmortem at once. */
export async function tellIncidents(
  tx: Tx,
  by: By,
  { id, text }: { id: string; text: string },
): Promise<void> {
  const url = `${by.platform.url}/postmortems/${id}`;
  for (const incident of await incidentsOf(tx, id)) {
    await addEntry(tx, by, incident, { kind: "postmortem", text, data: { postmortem: id, url } });
    const { team, visibility } = incident;
    await by.platform.live.publish(tx, { type: "incident", id: incident.id, team, visibility });
  }
}

export const tellOpenBrowsers = (
  tx: Tx,
  by: By,
  { id, team, visibility }: { id: string; team: string | null; visibility: "company" | "team" },
): Promise<void> => by.platform.live.publish(tx, { type: "postmortem", id, team, visibility });
