import type { DbOrTx } from "../platform/database/database.ts";
import type { LiveEvent } from "../platform/live.ts";
import "../catalog/table.ts";
import "./table.ts";

type Audience = Pick<LiveEvent, "team" | "visibility">;

/** One transaction tells of the same incident several times. */
const known = new WeakMap<DbOrTx, Map<string, Promise<Audience>>>();

/** Who may be told live of an incident: whoever may see its service. Within a transaction it is read once. */
export function audienceOf(tx: DbOrTx, incidentId: string): Promise<Audience> {
  if (!tx.isTransaction) return readAudience(tx, incidentId);
  const ofThis = known.get(tx) ?? new Map<string, Promise<Audience>>();
  known.set(tx, ofThis);
  const audience = ofThis.get(incidentId) ?? readAudience(tx, incidentId);
  ofThis.set(incidentId, audience);
  return audience;
}

async function readAudience(db: DbOrTx, incidentId: string): Promise<Audience> {
  const row = await db
    .selectFrom("incidents")
    .leftJoin("services", "services.id", "incidents.service_id")
    .select(["services.team_id as team", "services.visibility"])
    .where("incidents.id", "=", incidentId)
    .executeTakeFirst();
  return { team: row?.team ?? null, visibility: row?.visibility ?? "company" };
}
