import type { DbOrTx } from "../platform/database/database.ts";
import type { LiveEvent } from "../platform/live.ts";
import "../catalog/table.ts";
import "./table.ts";

type Audience = Pick<LiveEvent, "team" | "visibility">;

/** Who may be told live of an incident: whoever may see its service. */
export async function audienceOf(db: DbOrTx, incidentId: string): Promise<Audience> {
  const row = await db
    .selectFrom("incidents")
    .leftJoin("services", "services.id", "incidents.service_id")
    .select(["services.team_id as team", "services.visibility"])
    .where("incidents.id", "=", incidentId)
    .executeTakeFirst();
  return { team: row?.team ?? null, visibility: row?.visibility ?? "company" };
}
