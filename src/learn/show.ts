import { sql } from "kysely";
import type { z } from "zod";
import type { Actor } from "../org/actor.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { actionItemsOf } from "./action-item-list.ts";
import { canWrite, findPostmortem, mustRead, type PostmortemRow } from "./find.ts";
import type { postmortem } from "./schema.ts";

export type PostmortemJson = z.infer<typeof postmortem>;

/** A postmortem in the shape of the API; refuses one that the actor may not see as if there were none. */
export async function showPostmortem(
  db: DbOrTx,
  { id, actor, url }: { id: string; actor: Actor; url: string },
): Promise<PostmortemJson> {
  const row = await findPostmortem(db, id);
  mustRead(actor, row);
  const { rows: incidents } = await sql<{ id: string; number: number; title: string }>`
    select i.id, i.number, i.title from postmortem_incidents pi join incidents i on i.id = pi.incident_id
    where pi.postmortem_id = ${id} order by i.number`.execute(db);
  const items = await actionItemsOf(db, id, url);
  return {
    ...ownFields(row, url),
    incidents: incidents.map((incident) => ({ ...incident, url: `${url}/incidents/${incident.number}` })),
    action_items: items,
    can_edit: canWrite(actor, row),
  };
}

function ownFields(
  row: PostmortemRow,
  url: string,
): Omit<PostmortemJson, "incidents" | "action_items" | "can_edit"> {
  const { drafted: _, ...facts } = row.facts;
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    headline: row.headline,
    state: row.state,
    severity: row.severity,
    service: row.service_slug && row.service_name ? { slug: row.service_slug, name: row.service_name } : null,
    tags: row.tags,
    visibility: row.visibility,
    version: row.version,
    author:
      row.author_id && row.author_name && row.author_email
        ? { id: row.author_id, name: row.author_name, email: row.author_email }
        : null,
    sections: row.sections,
    facts,
    url: `${url}/postmortems/${row.id}`,
    occurred_at: row.occurred_at.toString(),
    created_at: row.created_at.toString(),
    updated_at: row.updated_at.toString(),
    published_at: row.published_at?.toString() ?? null,
  };
}
