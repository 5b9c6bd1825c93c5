import { sql } from "kysely";
import { addEntry } from "../../incident/timeline.ts";
import type { By } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { indexAgain } from "../recall/index-again.ts";
import { type IncidentRef, writtenOf } from "./find.ts";
import { reviveActions } from "./revive.ts";
import type { OpenAction } from "./table.ts";
import "./table.ts";

/** What was promised for a problem in its postmortems and is still open. */
export async function openActionsOf(tx: Tx, problemId: string): Promise<OpenAction[]> {
  const { rows } = await sql<OpenAction>`
    select a.id, a.title, u.name as owner, a.due::text as due, a.postmortem_id
    from action_items a left join users u on u.id = a.owner_id
    where a.state = 'open' and a.postmortem_id in (${writtenOf(problemId)})
    order by a.due nulls last, a.id`.execute(tx);
  return rows;
}

/**
 * The incident is of this problem. If it wasn't the first, it is a repeat: what was promised then is remembered with it,
 * made urgent, and what was called done is open again where its guard fails.
 */
export async function join(
  tx: Tx,
  by: By,
  { problem, incident }: { problem: { id: string; number: number; title: string }; incident: IncidentRef },
): Promise<void> {
  const promised = await openActionsOf(tx, problem.id);
  await tx
    .insertInto("problem_incidents")
    .values({
      incident_id: incident.id,
      problem_id: problem.id,
      repeat: false,
      why_again: null,
      open_actions: json(promised),
      confirmed_by: by.actor.name,
      confirmed_at: by.at,
    })
    .onConflict((conflict) =>
      conflict.column("incident_id").doUpdateSet({
        problem_id: problem.id,
        confirmed_by: by.actor.name,
        confirmed_at: by.at,
      }),
    )
    .execute();
  await countRepeats(tx, problem.id);
  const { rows } = await sql<{ repeat: boolean }>`
    select repeat from problem_incidents where incident_id = ${incident.id}`.execute(tx);
  const repeat = rows[0]?.repeat ?? false;
  await addEntry(tx, by, incident, {
    kind: "problem",
    text: repeat
      ? `A repeat of problem ${problem.number}, ${problem.title}`
      : `The first of problem ${problem.number}, ${problem.title}`,
    data: {
      problem: problem.id,
      number: problem.number,
      repeat,
      url: `${by.platform.url}/problems/${problem.number}`,
    },
  });
  if (repeat) await reviveActions(tx, by, { problem, incident, promised });
  await indexAgain(tx, by, incident.id);
}

/** The earliest of a problem's incidents is its first; all others are repeats, whatever order they were named in. */
export async function countRepeats(tx: Tx, problemId: string): Promise<void> {
  await sql`
    update problem_incidents o set repeat = o.incident_id <> first.id
    from (select i.id from problem_incidents m join incidents i on i.id = m.incident_id
      where m.problem_id = ${problemId} order by i.opened_at, i.number limit 1) first
    where o.problem_id = ${problemId}`.execute(tx);
}

export async function leave(tx: Tx, by: By, { id, problem_id }: IncidentRef): Promise<void> {
  if (!problem_id) return;
  await tx.deleteFrom("problem_incidents").where("incident_id", "=", id).execute();
  await countRepeats(tx, problem_id);
  await addEntry(tx, by, { id }, { kind: "problem", text: "Not of that problem after all" });
  await indexAgain(tx, by, id);
}
