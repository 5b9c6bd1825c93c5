import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { must } from "../../org/can.ts";
import { findTeam } from "../../org/teams.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import "./table.ts";

/** Whether the leads of a team get the report of the week; its members may say so. Audited when it changes. */
export async function switchReport(
  tx: Tx,
  by: By,
  { team: slug, on }: { team: string; on: boolean },
): Promise<void> {
  const { id, name } = await findTeam(tx, slug);
  must(by.actor, "edit", { type: "team", team: id });
  if (!(await isChanged(tx, by, { id, on }))) return;
  const [before, after] = [{ weekly_report: !on }, { weekly_report: on }];
  await audit(tx, by, { action: "updated", type: "team", id, name, before, after });
}

async function isChanged(tx: Tx, by: By, { id, on }: { id: string; on: boolean }): Promise<boolean> {
  if (on) {
    const gone = await tx.deleteFrom("oncall_reports_off").where("team_id", "=", id).executeTakeFirst();
    return gone.numDeletedRows > 0n;
  }
  const made = await tx
    .insertInto("oncall_reports_off")
    .values({ team_id: id, since: by.at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (made.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** The ids of teams whose leads don't get it. */
export async function teamsWithoutReport(db: DbOrTx): Promise<Set<string>> {
  const rows = await db.selectFrom("oncall_reports_off").select("team_id").execute();
  return new Set(rows.map((row) => row.team_id));
}
