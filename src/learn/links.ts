import { sql } from "kysely";
import type { Learned } from "../incident/json.ts";
import type { DbOrTx } from "../platform/database/database.ts";

interface Row {
  id: string;
  postmortem: { id: string; title: string; state: string } | null;
  problem: { number: number; title: string; state: string; repeat: boolean; why_again: string | null } | null;
}

/** The postmortem and the problem of each of these incidents. @param url how people reach Keepwatch. */
export async function learnedOf(
  db: DbOrTx,
  incidentIds: readonly string[],
  url: string,
): Promise<Map<string, Learned>> {
  if (incidentIds.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select i.id,
      (select jsonb_build_object('id', p.id, 'title', p.title, 'state', p.state)
        from postmortem_incidents pi join postmortems p on p.id = pi.postmortem_id
        where pi.incident_id = i.id order by p.created_at desc limit 1) as postmortem,
      (select jsonb_build_object('number', p.number, 'title', p.title, 'state', p.state, 'repeat', o.repeat,
          'why_again', o.why_again)
        from problem_incidents o join problems p on p.id = o.problem_id where o.incident_id = i.id) as problem
    from unnest(${incidentIds}::uuid[]) i(id)`.execute(db);
  return new Map(
    rows.map(({ id, postmortem, problem }) => [
      id,
      {
        postmortem: postmortem && { ...postmortem, url: `${url}/postmortems/${postmortem.id}` },
        problem: problem && { ...problem, url: `${url}/problems/${problem.number}` },
      },
    ]),
  );
}
