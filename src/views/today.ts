import { sql } from "kysely";
import type { Actor } from "../org/actor.ts";
import { allowedRows } from "../org/visible.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { humanDuration } from "../platform/duration.ts";
import { seenIncidents } from "./numbers.ts";
import type { Overview } from "./schema.ts";

type Today = Overview["today"];

const MOST = 30;

interface Scope {
  actor: Actor;
  url: string;
  /** Midnight in the reader's zone. */
  from: Temporal.Instant;
}

/** What happened and what was changed since midnight, of what the actor may see, the newest first. */
export async function todaySince(db: DbOrTx, scope: Scope): Promise<Today> {
  const incidents = await incidentsToday(db, scope);
  const postmortems = await postmortemsToday(db, scope);
  const changes = await changesToday(db, scope);
  return [...incidents, ...postmortems, ...changes]
    .sort((a, b) => Temporal.Instant.compare(b.at, a.at))
    .slice(0, MOST)
    .map((item) => ({ ...item, at: item.at.toString() }));
}

type Item = Omit<Today[number], "at"> & { at: Temporal.Instant };

async function incidentsToday(db: DbOrTx, { actor, url, from }: Scope): Promise<Item[]> {
  const { rows } = await sql<{
    number: number;
    title: string;
    opened_at: Temporal.Instant;
    resolved_at: Temporal.Instant | null;
  }>`
    select i.number, i.title, i.opened_at, i.resolved_at
    from incidents i left join services s on s.id = i.service_id
    where (i.opened_at >= ${from} or i.resolved_at >= ${from}) and ${seenIncidents(actor)}
    order by i.opened_at desc limit ${MOST}`.execute(db);
  return rows.flatMap(({ number, title, opened_at, resolved_at }) => {
    const link = { type: "incident", url: `${url}/incidents/${number}` };
    const items: Item[] = [];
    if (Temporal.Instant.compare(opened_at, from) >= 0)
      items.push({ ...link, at: opened_at, text: `Incident #${number} opened: ${title}` });
    if (resolved_at) {
      const ms = resolved_at.epochMilliseconds - opened_at.epochMilliseconds;
      const text = `Incident #${number} resolved after ${humanDuration(ms)}: ${title}`;
      items.push({ ...link, at: resolved_at, text });
    }
    return items;
  });
}

async function postmortemsToday(db: DbOrTx, { actor, url, from }: Scope): Promise<Item[]> {
  const seen = allowedRows(actor, "read", {
    type: "postmortem",
    team: "s.team_id",
    visibility: "p.visibility",
  });
  const { rows } = await sql<{ id: string; title: string; at: Temporal.Instant }>`
    select p.id, p.title, p.published_at as at
    from postmortems p left join services s on s.id = p.service_id
    where p.state = 'published' and p.published_at >= ${from} and ${seen}
    order by p.published_at desc limit ${MOST}`.execute(db);
  return rows.map(({ id, title, at }) => ({
    type: "postmortem",
    at,
    text: `Postmortem published: ${title}`,
    url: `${url}/postmortems/${id}`,
  }));
}

const VERBS: Record<string, string> = { updated: "changed" };
const NOUNS: Record<string, string> = { escalation_policy: "escalation policy", override: "override of" };

interface ChangeRow {
  at: Temporal.Instant;
  who: string;
  action: string;
  type: string;
  name: string;
  slug: string | null;
}

/** Changes to what is watched and who is on call. Of something deleted it isn't known any more who might see it. */
async function changesToday(db: DbOrTx, { actor, url, from }: Scope): Promise<Item[]> {
  const seen = allowedRows(actor, "read", { type: "change", team: "s.team_id", visibility: "s.visibility" });
  const { rows } = await sql<ChangeRow>`
    select a.at, a.actor_name as who, a.action, a.object_type as type,
      coalesce(m.name, s.name, a.object_name) as name, coalesce(m.slug, s.slug) as slug
    from audit_entries a
    left join monitors m on a.object_type = 'monitor' and m.id::text = a.object_id
    left join services s on s.id = m.service_id or (a.object_type = 'service' and s.id::text = a.object_id)
    where a.at >= ${from} and a.object_type in ('monitor', 'service', 'schedule', 'override', 'escalation_policy')
      and (${actor.role === "admin"}::boolean or a.object_type not in ('monitor', 'service') or (s.id is not null and ${seen}))
    order by a.at desc, a.id desc limit ${MOST}`.execute(db);
  return rows.map(({ at, who, action, type, name, slug }) => ({
    type,
    at,
    text: `${who} ${VERBS[action] ?? action} the ${NOUNS[type] ?? type} ${name}`,
    url: linkOf(url, type, slug),
  }));
}

function linkOf(url: string, type: string, slug: string | null): string | null {
  if (type === "monitor" || type === "service") return slug === null ? null : `${url}/${type}s/${slug}`;
  return `${url}/oncall`;
}
