import { sql } from "kysely";
import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { can, must } from "../org/can.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import { invalid, Refusal } from "../platform/refusal.ts";
import { draftFrom } from "./model.ts";
import { indexWritten } from "./recall/index-again.ts";
import { readRecord } from "./record.ts";
import { type AboutIncident, tellIncidents, tellOpenBrowsers } from "./tell.ts";
import "./table.ts";

/**
 * Starts the postmortem of these incidents from what was recorded. An incident has one: asking again is refused,
 * naming the one there is.
 * @returns its id.
 */
export async function createPostmortem(
  tx: Tx,
  by: By,
  input: { incidents: readonly string[] },
): Promise<string> {
  const incidents = await lockIncidents(tx, by, [...new Set(input.incidents)]);
  await refuseSecond(tx, by, incidents);
  const record = await readRecord(
    tx,
    incidents.map(({ id }) => id),
    by.at,
  );
  const { facts, ...drafted } = draftFrom(record);
  const id = newId(by.platform.clock);
  // A team's own incident makes a postmortem of that team alone.
  const home = incidents.find(({ visibility }) => visibility === "team") ?? incidents.find(hasService);
  await tx
    .insertInto("postmortems")
    .values({
      id,
      title: drafted.title,
      headline: drafted.headline,
      severity: drafted.severity,
      service_id: home?.service_id ?? null,
      sections: json(drafted.sections),
      facts: json({ ...facts, drafted }),
      author_id: by.actor.type === "user" ? by.actor.id : null,
      visibility: home?.visibility ?? "company",
      occurred_at: Temporal.Instant.from(facts.started_at),
      created_at: by.at,
      updated_at: by.at,
    })
    .execute();
  await tx
    .insertInto("postmortem_incidents")
    .values(incidents.map((incident) => ({ postmortem_id: id, incident_id: incident.id })))
    .execute();
  await indexWritten(tx, by, id);
  await audit(tx, by, { action: "created", type: "postmortem", id, name: drafted.title });
  await tellIncidents(tx, by, { id, text: "Postmortem started" });
  await tellOpenBrowsers(tx, by, { id, team: home?.team ?? null, visibility: home?.visibility ?? "company" });
  return id;
}

const hasService = ({ service_id }: AboutIncident): boolean => service_id !== null;

/** In the order given. Two who start the same postmortem at once take turns here. */
async function lockIncidents(tx: Tx, by: By, ids: readonly string[]): Promise<AboutIncident[]> {
  const { rows } = await sql<AboutIncident>`
    select i.id, i.number, i.title, i.service_id, s.team_id as team, coalesce(s.visibility, 'company') as visibility
    from incidents i left join services s on s.id = i.service_id
    where i.id = any(${ids}::uuid[]) order by i.id for update of i`.execute(tx);
  return ids.map((id, index) => {
    const row = rows.find((incident) => incident.id === id.toLowerCase());
    const resource = row && { type: "incident", team: row.team, visibility: row.visibility };
    if (!row || !resource || !can(by.actor, "read", resource))
      throw invalid(`/incidents/${index}`, `There is no incident ${id}.`);
    must(by.actor, "respond", resource);
    return row;
  });
}

async function refuseSecond(db: DbOrTx, by: By, incidents: readonly AboutIncident[]): Promise<void> {
  const taken = await db
    .selectFrom("postmortem_incidents")
    .select(["postmortem_id", "incident_id"])
    .where(
      "incident_id",
      "in",
      incidents.map(({ id }) => id),
    )
    .executeTakeFirst();
  if (!taken) return;
  const incident = incidents.find(({ id }) => id === taken.incident_id);
  const index = incidents.findIndex(({ id }) => id === taken.incident_id);
  const url = `${by.platform.url}/postmortems/${taken.postmortem_id}`;
  throw new Refusal("conflict", `Incident #${incident?.number} has a postmortem already: ${url}`, {
    problems: [{ pointer: `/incidents/${index}`, detail: url }],
  });
}
