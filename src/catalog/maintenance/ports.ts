import type { By } from "../../org/actor.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";

/** A monitor as a window or a silence names it, with its service's team. */
export interface NamedMonitor {
  slug: string;
  name: string;
  service: string;
  labels: Readonly<Record<string, string>>;
  team_id: string | null;
  visibility: "company" | "team";
}

/** What the folders above do for planned work; `main` hands it in. */
export interface MaintenancePorts {
  /** By slug; a slug that nothing has is absent. */
  monitorsNamed(db: DbOrTx, slugs: readonly string[]): Promise<Map<string, NamedMonitor>>;
  /** What holds alerts may be otherwise now: they are judged again, in this transaction. */
  judgeHolds(tx: Tx, by: By): Promise<void>;
}
