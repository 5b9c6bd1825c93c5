import { sql } from "kysely";
import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import type { Tx } from "../../platform/database/database.ts";
import { indexAgain } from "../recall/index-again.ts";
import { countRepeats } from "./members.ts";

/** Two problems turn out to be one: the occurrences of `from` become those of `into`, and `from` is no more. */
export async function mergeInto(
  tx: Tx,
  by: By,
  { from, into }: { from: string; into: string },
): Promise<void> {
  if (from === into) return;
  const { rows } = await sql<{ id: string; number: number; title: string }>`
    select id, number, title from problems where id in (${from}, ${into}) order by id for update`.execute(tx);
  const gone = rows.find(({ id }) => id === from);
  const stays = rows.find(({ id }) => id === into);
  if (!gone || !stays) return;
  const moved = await sql<{ incident_id: string }>`
    update problem_incidents set problem_id = ${into} where problem_id = ${from} returning incident_id`.execute(
    tx,
  );
  await countRepeats(tx, into);
  await sql`
    update problems a set mechanism = concat_ws(E'\\n\\n', nullif(a.mechanism, ''), nullif(b.mechanism, '')), updated_at = ${by.at}
    from problems b where a.id = ${into} and b.id = ${from}`.execute(tx);
  await tx.deleteFrom("problems").where("id", "=", from).execute();
  for (const { incident_id } of moved.rows) await indexAgain(tx, by, incident_id);
  await audit(tx, by, {
    action: "merged",
    type: "problem",
    id: into,
    name: `${stays.number} ${stays.title}`,
    after: { merged: `${gone.number} ${gone.title}` },
  });
}
