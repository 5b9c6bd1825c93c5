import { sql } from "kysely";
import type { Similar } from "../incident/enrich.ts";
import type { Actor } from "../org/actor.ts";
import { can } from "../org/can.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { actionItemUrl } from "./action-item-list.ts";
import { canRead } from "./find.ts";
import { type Likeness, likenessOf, type Trace } from "./likeness.ts";
import { firstParagraph } from "./paragraph.ts";
import type { PostmortemState } from "./schema.ts";

const MOST = 3;
/** How far back is looked, in incidents of the same service: what an index reads in a few milliseconds. */
const LOOK_BACK = 500;

interface Current {
  service_id: string | null;
  service_name: string | null;
  opened_at: Temporal.Instant;
}

interface Candidate {
  id: string;
  likeness: Likeness;
}

/**
 * "Seen before": earlier incidents that failed alike, what fixed them and what is still open. At most three: those
 * with the same cause first, then the newest. `viewer` null is a page, which shows what the whole company may read.
 */
export async function similarIncidents(
  db: DbOrTx,
  { incidentId, viewer, url }: { incidentId: string; viewer: Actor | null; url: string },
): Promise<Similar[]> {
  const { rows } = await sql<Current>`
    select i.service_id, s.name as service_name, i.opened_at
    from incidents i left join services s on s.id = i.service_id where i.id = ${incidentId}`.execute(db);
  const [current] = rows;
  if (!current) return [];
  const traces = await tracesOf(db, { incidentId, current });
  const own = traces.get(incidentId) ?? [];
  traces.delete(incidentId);
  const candidates: Candidate[] = [];
  for (const [id, theirs] of traces) {
    const likeness = likenessOf(own, theirs, current.service_name);
    if (likeness) candidates.push({ id, likeness });
  }
  return describe(db, candidates, { viewer, url });
}

/** What fired in this incident and in the service's earlier ones that are over, the newest incident first. */
async function tracesOf(
  db: DbOrTx,
  { incidentId, current }: { incidentId: string; current: Current },
): Promise<Map<string, Trace[]>> {
  const service = current.service_id ? sql`service_id = ${current.service_id}` : sql`service_id is null`;
  const { rows } = await sql<Trace & { incident_id: string }>`
    select i.id as incident_id, a.source_type as "sourceType", a.source_id as "sourceId", a.dedup_key as "dedupKey",
      a.cause, coalesce(ia.source->>'name', 'a source that is gone') as "sourceName"
    from (
      (select id, opened_at from incidents where id = ${incidentId})
      union all
      (select id, opened_at from incidents
        where ${service} and opened_at < ${current.opened_at} and status = 'resolved' and id <> ${incidentId}
        order by opened_at desc limit ${LOOK_BACK})) i
    join incident_alerts ia on ia.incident_id = i.id
    join alerts a on a.id = ia.alert_id
    order by i.opened_at desc, i.id desc, a.first_at, a.id`.execute(db);
  return Map.groupBy(rows, (row) => row.incident_id);
}

interface Described {
  id: string;
  number: number;
  title: string;
  resolved_at: Temporal.Instant | null;
  team: string | null;
  visibility: "company" | "team";
  postmortem: {
    id: string;
    title: string;
    state: PostmortemState;
    team: string | null;
    visibility: "company" | "team";
    resolution: string | null;
    actions: { id: string; title: string; due: string | null }[];
  } | null;
}

async function describe(
  db: DbOrTx,
  candidates: readonly Candidate[],
  { viewer, url }: { viewer: Actor | null; url: string },
): Promise<Similar[]> {
  const best = [
    ...candidates.filter(({ likeness }) => likeness.likeness === "same"),
    ...candidates.filter(({ likeness }) => likeness.likeness === "alike"),
  ];
  const found: Similar[] = [];
  // Of a service that the viewer may not see, nothing is read beyond the first few.
  for (let at = 0; at < best.length && found.length < MOST && at < 5 * MOST; at += MOST) {
    const some = best.slice(at, at + MOST);
    const rows = await readDescribed(
      db,
      some.map(({ id }) => id),
    );
    for (const { id, likeness } of some) {
      const row = rows.get(id);
      if (row && found.length < MOST && maySee(viewer, row))
        found.push(similarJson(row, likeness, { viewer, url }));
    }
  }
  return found;
}

/** Whoever is paged for a service may know of that service's earlier incidents, whatever team they are in. */
const maySee = (viewer: Actor | null, { team, visibility }: Described): boolean =>
  viewer === null || can(viewer, "read", { type: "incident", team, visibility });

async function readDescribed(db: DbOrTx, ids: readonly string[]): Promise<Map<string, Described>> {
  const { rows } = await sql<Described>`
    select i.id, i.number, i.title, i.resolved_at, s.team_id as team, coalesce(s.visibility, 'company') as visibility,
      (select jsonb_build_object('id', p.id, 'title', p.title, 'state', p.state, 'team', ps.team_id,
        'visibility', p.visibility, 'resolution', p.sections->>'resolution',
        'actions', coalesce((
          select jsonb_agg(jsonb_build_object('id', a.id, 'title', a.title, 'due', a.due) order by a.due nulls last, a.id)
          from action_items a where a.postmortem_id = p.id and a.state = 'open'), '[]'))
        from postmortem_incidents pi
        join postmortems p on p.id = pi.postmortem_id
        left join services ps on ps.id = p.service_id
        where pi.incident_id = i.id order by p.created_at limit 1) as postmortem
    from incidents i left join services s on s.id = i.service_id
    where i.id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

function similarJson(
  row: Described,
  { likeness, why }: Likeness,
  { viewer, url }: { viewer: Actor | null; url: string },
): Similar {
  const postmortem = row.postmortem;
  const published = postmortem?.state === "published" ? postmortem : null;
  const shown = published && readable(viewer, published) ? published : null;
  const withActions = postmortem && readable(viewer, postmortem) ? postmortem : null;
  return {
    likeness,
    why,
    incident: {
      number: row.number,
      title: row.title,
      url: `${url}/incidents/${row.number}`,
      resolved_at: row.resolved_at?.toString() ?? null,
    },
    postmortem: shown && { title: shown.title, url: `${url}/postmortems/${shown.id}` },
    fix: shown ? firstParagraph(shown.resolution ?? "") : null,
    open_actions: (withActions?.actions ?? []).map(({ id, title, due }) => ({
      title,
      due,
      url: actionItemUrl(url, { id, postmortemId: withActions?.id ?? "" }),
    })),
  };
}

/** A page has no viewer: it shows what is the whole company's, and open promises even from a draft. */
const readable = (viewer: Actor | null, postmortem: NonNullable<Described["postmortem"]>): boolean =>
  viewer === null ? postmortem.visibility === "company" : canRead(viewer, postmortem);
