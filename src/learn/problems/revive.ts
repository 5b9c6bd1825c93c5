import { sql } from "kysely";
import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import type { Tx } from "../../platform/database/database.ts";
import { type IncidentRef, writtenOf } from "./find.ts";
import type { OpenAction } from "./table.ts";

/**
 * A failure that came back makes its open promises urgent, and opens those again that were called done and whose guard is
 * one of the monitors that fail now. A problem that was called fixed isn't.
 */
export async function reviveActions(
  tx: Tx,
  by: By,
  {
    problem,
    incident,
    promised,
  }: { problem: { id: string }; incident: IncidentRef; promised: readonly OpenAction[] },
): Promise<void> {
  const urgent = promised.map(({ id }) => id);
  await sql`
    update action_items set priority = 'high', updated_at = ${by.at}
    where id = any(${urgent}::uuid[]) and priority <> 'high'`.execute(tx);
  const { rows: reopened } = await sql<{ id: string; title: string; postmortem_id: string }>`
    update action_items a set state = 'open', reason = null, closed_at = null, priority = 'high', updated_at = ${by.at}
    where a.state = 'done'
      and a.guard_monitor_id in (select source_id from alerts where incident_id = ${incident.id} and source_type = 'monitor')
      and a.postmortem_id in (${writtenOf(problem.id)})
    returning a.id, a.title, a.postmortem_id`.execute(tx);
  for (const { id, title } of reopened)
    await audit(tx, by, {
      action: "reopened",
      type: "action_item",
      id,
      name: title,
      after: { because: `incident #${incident.number} is the same failure, and its guard fails` },
    });
  const postmortems = new Set([...promised, ...reopened].map(({ postmortem_id }) => postmortem_id));
  for (const id of postmortems)
    await by.platform.live.publish(tx, {
      type: "postmortem",
      id,
      team: incident.team,
      visibility: incident.visibility,
    });
  await sql`
    update problems set state = case when ${urgent.length + reopened.length}::integer > 0 then 'fix_promised' else 'open' end,
      updated_at = ${by.at}
    where id = ${problem.id} and state <> 'accepted_risk'`.execute(tx);
}
