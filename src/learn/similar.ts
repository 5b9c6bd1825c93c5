import { sql } from "kysely";
import type { Similar } from "../incident/enrich.ts";
import type { Actor } from "../org/actor.ts";
import { can } from "../org/can.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { actionItemUrl } from "./action-item-list.ts";
import { canRead } from "./find.ts";
import { firstParagraph } from "./paragraph.ts";
import { type Current, failuresOf, readCandidates, readCurrent } from "./recall/candidates.ts";
import { type Judged, judgeCandidates } from "./recall/judge.ts";
import { readSaid } from "./recall/said.ts";
import type { PostmortemState } from "./schema.ts";

/**
 * "Seen before": earlier incidents that failed alike, what fixed them and what is still open. At most three, or none.
 * `viewer` null is a page, which shows what the whole company may read, and what is of the incident's own service.
 */
export async function similarIncidents(
  db: DbOrTx,
  {
    incidentId,
    viewer,
    url,
    at,
  }: { incidentId: string; viewer: Actor | null; url: string; at: Temporal.Instant },
): Promise<Similar[]> {
  const current = await readCurrent(db, incidentId);
  if (!current) return [];
  const judged = await judge(db, current, at);
  return describe(db, judged, { serviceId: current.service_id, viewer, url });
}

/** The earlier failures that this one may be, without regard to who asks. */
export async function recall(db: DbOrTx, incidentId: string, at: Temporal.Instant): Promise<Judged[]> {
  const current = await readCurrent(db, incidentId);
  return current ? judge(db, current, at) : [];
}

async function judge(db: DbOrTx, current: Current, at: Temporal.Instant): Promise<Judged[]> {
  const incidentId = current.id;
  const now = (await failuresOf(db, [incidentId])).get(incidentId) ?? [];
  const candidates = await readCandidates(db, current, now);
  const said = await readSaid(db, { incidentId, now });
  return judgeCandidates(now, candidates, {
    said,
    at,
    openedAt: current.opened_at,
    serviceId: current.service_id,
  });
}

interface Described {
  id: string;
  number: number;
  title: string;
  resolved_at: Temporal.Instant | null;
  service_id: string | null;
  team: string | null;
  visibility: "company" | "team";
  problem: { number: number; title: string; state: string } | null;
  /** Of all the incidents it stands for, the newest first. */
  postmortems: Written[];
}

interface Written {
  id: string;
  title: string;
  state: PostmortemState;
  team: string | null;
  visibility: "company" | "team";
  resolution: string | null;
  actions: { id: string; title: string; due: string | null }[];
}

async function describe(
  db: DbOrTx,
  judged: readonly Judged[],
  { serviceId, viewer, url }: { serviceId: string | null; viewer: Actor | null; url: string },
): Promise<Similar[]> {
  const rows = await readDescribed(db, judged);
  return judged.flatMap((each) => {
    const row = rows.get(each.candidate.incidentId);
    if (!row || !maySee(viewer, row, row.service_id === serviceId)) return [];
    return [similarJson(row, each, { viewer, url })];
  });
}

/** Whoever is paged for a service may know of that service's earlier incidents, whatever team they are in. */
const maySee = (viewer: Actor | null, { team, visibility }: Described, ofOwnService: boolean): boolean =>
  viewer === null
    ? ofOwnService || visibility === "company"
    : can(viewer, "read", { type: "incident", team, visibility });

async function readDescribed(db: DbOrTx, judged: readonly Judged[]): Promise<Map<string, Described>> {
  const pairs = judged.flatMap(({ candidate, members }) =>
    members.map((member) => ({ shown: candidate.incidentId, member })),
  );
  const { rows } = await sql<Described>`
    select i.id, i.number, i.title, i.resolved_at, i.service_id, s.team_id as team,
      coalesce(s.visibility, 'company') as visibility,
      (select jsonb_build_object('number', p.number, 'title', p.title, 'state', p.state)
        from problem_incidents o join problems p on p.id = o.problem_id where o.incident_id = i.id) as problem,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', p.id, 'title', p.title, 'state', p.state, 'team', ps.team_id,
          'visibility', p.visibility, 'resolution', p.sections->>'resolution',
          'actions', coalesce((
            select jsonb_agg(jsonb_build_object('id', a.id, 'title', a.title, 'due', a.due) order by a.due nulls last, a.id)
            from action_items a where a.postmortem_id = p.id and a.state = 'open'), '[]'))
          order by p.occurred_at desc, p.created_at)
        from postmortems p left join services ps on ps.id = p.service_id
        where p.id in (select pi.postmortem_id from postmortem_incidents pi
          join unnest(${pairs.map(({ shown }) => shown)}::uuid[], ${pairs.map(({ member }) => member)}::uuid[])
            as m(shown, member) on m.member = pi.incident_id
          where m.shown = i.id)), '[]') as postmortems
    from incidents i left join services s on s.id = i.service_id
    where i.id = any(${judged.map(({ candidate }) => candidate.incidentId)}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

function similarJson(
  row: Described,
  { likeness, why, members }: Judged,
  { viewer, url }: { viewer: Actor | null; url: string },
): Similar {
  const mine = row.postmortems.filter((each) => readable(viewer, each));
  const shown = mine.find(({ state }) => state === "published");
  const actions = mine.flatMap((postmortem) =>
    postmortem.actions.map((action) => ({ ...action, postmortemId: postmortem.id })),
  );
  return {
    likeness,
    why,
    times: members.length,
    incident: {
      id: row.id,
      number: row.number,
      title: row.title,
      url: `${url}/incidents/${row.number}`,
      resolved_at: row.resolved_at?.toString() ?? null,
    },
    problem: row.problem && { ...row.problem, url: `${url}/problems/${row.problem.number}` },
    postmortem: shown ? { title: shown.title, url: `${url}/postmortems/${shown.id}` } : null,
    fix: shown ? firstParagraph(shown.resolution ?? "") : null,
    open_actions: actions.map(({ id, title, due, postmortemId }) => ({
      title,
      due,
      url: actionItemUrl(url, { id, postmortemId }),
    })),
  };
}

/** A page has no viewer: it shows what is the whole company's, and open promises even from a draft. */
const readable = (viewer: Actor | null, postmortem: Written): boolean =>
  viewer === null ? postmortem.visibility === "company" : canRead(viewer, postmortem);
