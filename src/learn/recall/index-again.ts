import type { By } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { indexPostmortem } from "../search.ts";
import { incidentsOf } from "../tell.ts";

/** The kind of job that writes anew what an incident is found by; its key is the incident's id. */
export const RECALL_INDEX = "recall_index";

export const indexAgain = (tx: Tx, by: By, incidentId: string): Promise<void> =>
  by.platform.due.add(tx, { kind: RECALL_INDEX, key: incidentId, at: by.at });

/** After a postmortem was written: the library finds it, and its incidents are known again by what it says. */
export async function indexWritten(tx: Tx, by: By, postmortemId: string): Promise<void> {
  await indexPostmortem(tx, postmortemId);
  for (const { id } of await incidentsOf(tx, postmortemId)) await indexAgain(tx, by, id);
}
