import type { By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";

/** The kind of job by which those who learn from incidents hear that one is over; its key is the incident's id. */
export const INCIDENT_OVER = "incident_over";

/** Says, in the transaction that ends the incident, that it is over. */
export const tellOver = (tx: Tx, by: By, incidentId: string): Promise<void> =>
  by.platform.due.add(tx, { kind: INCIDENT_OVER, key: incidentId, at: by.at });
