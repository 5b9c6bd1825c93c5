import type { By } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";

export const REVIEW = "shift-offers";

/** Has offers looked at again soon, since a schedule or somebody's time away changed. */
export const reviewOffers = (tx: Tx, by: By, of: { schedule: string } | { user: string }): Promise<void> =>
  by.platform.due.add(tx, {
    kind: REVIEW,
    key: "schedule" in of ? `schedule:${of.schedule}` : `user:${of.user}`,
    at: by.at,
  });
