import { sql } from "kysely";
import type { z } from "zod";
import type { Actor, By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { can } from "../../org/can.ts";
import { allowedRows } from "../../org/visible.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { decodeCursor, toPage } from "../../platform/http/cursor.ts";
import { invalid, missing, Refusal } from "../../platform/refusal.ts";
import { actionItemUrl } from "../action-item-list.ts";
import { filterWords, visiblePostmortems } from "../library.ts";
import { indexAgain } from "../recall/index-again.ts";
import {
  findProblem,
  lockIncidents,
  lockProblem,
  type ProblemRow,
  problemColumns,
  resourceOf,
  writtenOf,
} from "./find.ts";
import { join } from "./members.ts";
import { mergeInto } from "./merge.ts";
import {
  type problem,
  type problemCreate,
  type problemPatch,
  type problemQuery,
  problemState,
  type problemSummary,
} from "./schema.ts";
import type { OpenAction } from "./table.ts";
import { newProblem } from "./verdict.ts";
import "./table.ts";

type Summary = z.infer<typeof problemSummary>;
type Problem = z.infer<typeof problem>;

interface SummaryRow extends ProblemRow {
  incidents: number;
  repeats: number;
  open_actions: number;
  overdue_actions: number;
  first_at: Temporal.Instant | null;
  last_at: Temporal.Instant | null;
}

const selectSummaries = (today: string) => sql<SummaryRow>`
  select ${problemColumns}, c.incidents, c.repeats, c.first_at, c.last_at, a.open_actions, a.overdue_actions
  from problems p left join services s on s.id = p.service_id
  cross join lateral (
    select count(*)::integer as incidents, (count(*) filter (where o.repeat))::integer as repeats,
      min(i.opened_at) as first_at, max(i.opened_at) as last_at
    from problem_incidents o join incidents i on i.id = o.incident_id where o.problem_id = p.id) c
  cross join lateral (
    select count(*)::integer as open_actions, (count(*) filter (where due < ${today}::date))::integer as overdue_actions
    from action_items where state = 'open' and postmortem_id in (${writtenOf(sql`p.id`)})) a`;

/** The problem ledger: what happened again and is not fixed first, then the latest. */
export async function listProblems(
  db: DbOrTx,
  {
    actor,
    url,
    today,
    input,
  }: {
    actor: Actor;
    url: string;
    today: string;
    input: z.infer<typeof problemQuery> & { limit: number; cursor?: string };
  },
): Promise<{ items: Summary[]; next: string | null }> {
  const states = filterWords(input.state, problemState.options, "/state");
  const after = decodeCursor(input.cursor, ["instant", "id"]);
  const visible = allowedRows(actor, "read", {
    type: "problem",
    team: "s.team_id",
    visibility: "s.visibility",
  });
  const { rows } = await sql<SummaryRow & { sort_at: Temporal.Instant }>`
    select * from (
      select t.*, coalesce(t.last_at, '2000-01-01T00:00:00Z'::timestamptz) as sort_at from (${selectSummaries(today)}
        where ${visible}
          and ${states ? sql`p.state = any(${states})` : sql`true`}
          and ${input.service ? sql`s.slug = ${input.service}` : sql`true`}
          and ${input.cause ? sql`p.cause = ${input.cause}` : sql`true`}
          and ${input.q ? sql`p.title || ' ' || p.mechanism ilike ${`%${input.q.replace(/[\\%_]/g, "\\$&")}%`}` : sql`true`}) t) u
    where ${after ? sql`(u.sort_at, u.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by u.sort_at desc, u.id desc limit ${input.limit + 1}`.execute(db);
  return toPage(rows, {
    limit: input.limit,
    key: (row) => [row.sort_at.toString(), row.id],
    item: (row) => summaryJson(row, url),
  });
}

const summaryJson = (row: SummaryRow, url: string): Summary => ({
  id: row.id,
  number: row.number,
  title: row.title,
  state: row.state,
  cause: row.cause,
  trigger: row.trigger,
  service: row.service_slug && row.service_name ? { slug: row.service_slug, name: row.service_name } : null,
  incidents: row.incidents,
  repeats: row.repeats,
  open_actions: row.open_actions,
  overdue_actions: row.overdue_actions,
  first_at: row.first_at?.toString() ?? null,
  last_at: row.last_at?.toString() ?? null,
  url: `${url}/problems/${row.number}`,
});

/** A problem with all its occurrences, postmortems and actions that the actor may see. */
export async function showProblem(
  db: DbOrTx,
  { key, actor, url, today }: { key: string; actor: Actor; url: string; today: string },
): Promise<Problem> {
  const found = await findProblem(db, actor, key);
  const { rows } = await sql<SummaryRow>`
    select * from (${selectSummaries(today)}) t where t.id = ${found.id}`.execute(db);
  const [row] = rows;
  if (!row) throw missing(`problem ${key}`);
  return {
    ...summaryJson(row, url),
    mechanism: row.mechanism,
    accepted_because: row.accepted_because,
    occurrences: await occurrencesOf(db, { id: row.id, actor, url }),
    postmortems: await postmortemsOf(db, { id: row.id, actor, url }),
    actions: await actionsOf(db, { id: row.id, actor, url }),
    can_edit: can(actor, "respond", resourceOf(row)),
  };
}

interface Asked {
  id: string;
  actor: Actor;
  url: string;
}

interface OccurrenceRow {
  id: string;
  number: number;
  title: string;
  severity: Problem["occurrences"][number]["incident"]["severity"];
  opened_at: Temporal.Instant;
  resolved_at: Temporal.Instant | null;
  repeat: boolean;
  why_again: Problem["occurrences"][number]["why_again"];
  why_again_text: string;
  open_actions: OpenAction[];
  confirmed_by: string;
  confirmed_at: Temporal.Instant;
}

async function occurrencesOf(db: DbOrTx, { id, actor, url }: Asked): Promise<Problem["occurrences"]> {
  const { rows } = await sql<OccurrenceRow>`
    select i.id, i.number, i.title, i.severity, i.opened_at, i.resolved_at, o.repeat, o.why_again, o.why_again_text,
      o.open_actions, o.confirmed_by, o.confirmed_at
    from problem_incidents o join incidents i on i.id = o.incident_id left join services s on s.id = i.service_id
    where o.problem_id = ${id}
      and ${allowedRows(actor, "read", { type: "incident", team: "s.team_id", visibility: "s.visibility" })}
    order by i.opened_at desc, i.number desc`.execute(db);
  return rows.map((row) => ({
    incident: {
      id: row.id,
      number: row.number,
      title: row.title,
      severity: row.severity,
      opened_at: row.opened_at.toString(),
      resolved_at: row.resolved_at?.toString() ?? null,
      url: `${url}/incidents/${row.number}`,
    },
    repeat: row.repeat,
    why_again: row.why_again,
    why_again_text: row.why_again_text,
    open_actions: row.open_actions.map(({ postmortem_id, ...action }) => ({
      ...action,
      url: actionItemUrl(url, { id: action.id, postmortemId: postmortem_id }),
    })),
    confirmed_by: row.confirmed_by,
    confirmed_at: row.confirmed_at.toString(),
  }));
}

async function postmortemsOf(db: DbOrTx, { id, actor, url }: Asked): Promise<Problem["postmortems"]> {
  const { rows } = await sql<{ id: string; title: string; state: string }>`
    select p.id, p.title, p.state from postmortems p left join services s on s.id = p.service_id
    where p.id in (${writtenOf(id)}) and ${visiblePostmortems(actor)}
    order by p.occurred_at desc`.execute(db);
  return rows.map((row) => ({ ...row, url: `${url}/postmortems/${row.id}` }));
}

async function actionsOf(db: DbOrTx, { id, actor, url }: Asked): Promise<Problem["actions"]> {
  const { rows } = await sql<Omit<Problem["actions"][number], "url"> & { postmortem_id: string }>`
    select a.id, a.title, a.state, a.reason, a.due::text as due, u.name as owner, p.id as postmortem_id
    from action_items a join postmortems p on p.id = a.postmortem_id
    left join services s on s.id = p.service_id left join users u on u.id = a.owner_id
    where p.id in (${writtenOf(id)}) and ${visiblePostmortems(actor)}
    order by a.state = 'open' desc, a.due nulls last, a.id`.execute(db);
  return rows.map(({ postmortem_id, ...row }) => ({
    ...row,
    url: actionItemUrl(url, { id: row.id, postmortemId: postmortem_id }),
  }));
}

/** Names a class of failure, with the incident that was its first. */
export async function createProblem(
  tx: Tx,
  by: By,
  input: z.infer<typeof problemCreate>,
): Promise<{ number: number }> {
  const incident = (await lockIncidents(tx, by.actor, [input.incident])).get(input.incident);
  if (!incident) throw missing(`incident ${input.incident}`);
  if (incident.problem_id)
    throw invalid("/incident", `Incident #${incident.number} is of a problem already.`);
  const made = await newProblem(tx, by, { ...input, incident });
  await join(tx, by, { problem: made, incident });
  return made;
}

/** Changes what is given. A risk is accepted with a reason; anything else clears it. */
export async function changeProblem(
  tx: Tx,
  by: By,
  { key, patch }: { key: string; patch: z.infer<typeof problemPatch> },
): Promise<void> {
  const row = await lockProblem(tx, by.actor, key);
  const state = patch.state ?? row.state;
  const because = patch.accepted_because === undefined ? row.accepted_because : patch.accepted_because;
  if (state === "accepted_risk" && !because)
    throw invalid("/accepted_because", "Say why this may stay as it is: whoever is paged for it will ask.");
  const before = describe(row);
  const next = {
    ...before,
    ...patch,
    state,
    accepted_because: state === "accepted_risk" ? because : null,
  };
  await tx
    .updateTable("problems")
    .set({ ...next, updated_at: by.at })
    .where("id", "=", row.id)
    .execute();
  const { rows } = await sql<{ incident_id: string }>`
    select incident_id from problem_incidents where problem_id = ${row.id}`.execute(tx);
  for (const { incident_id } of rows) await indexAgain(tx, by, incident_id);
  await audit(tx, by, {
    action: "updated",
    type: "problem",
    id: row.id,
    name: `${row.number} ${next.title}`,
    before,
    after: next,
  });
  await by.platform.live.publish(tx, {
    type: "problem",
    id: row.id,
    team: row.team,
    visibility: row.visibility,
  });
}

const describe = ({ title, mechanism, state, accepted_because, cause, trigger }: ProblemRow) => ({
  title,
  mechanism,
  state,
  accepted_because,
  cause,
  trigger,
});

/** Two problems turn out to be one; the one named `into` stays. */
export async function mergeProblems(
  tx: Tx,
  by: By,
  { key, into }: { key: string; into: number },
): Promise<{ number: number }> {
  const gone = await lockProblem(tx, by.actor, key);
  const stays = await lockProblem(tx, by.actor, into).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "missing")
      throw invalid("/into", `There is no problem ${into}.`);
    throw error;
  });
  if (gone.id === stays.id) throw invalid("/into", "A problem can't be merged into itself.");
  await mergeInto(tx, by, { from: gone.id, into: stays.id });
  return stays;
}
