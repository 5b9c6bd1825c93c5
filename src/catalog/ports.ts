import type { By } from "../org/actor.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { Muted } from "./maintenance/schema.ts";

export interface Named {
  slug: string;
  name: string;
}

export interface ServiceStatus {
  /** The worst of its monitors. */
  status: "up" | "degraded" | "down" | "unknown";
  monitors: number;
  open_incidents: number;
}

/** What the folders above know of services; `main` hands it in. Maps are by service id; absent means none. */
export interface ServicePorts {
  policiesOf(db: DbOrTx, serviceIds: readonly string[]): Promise<Map<string, Named>>;
  setPolicy(tx: Tx, by: By, serviceId: string, policySlug: string | null): Promise<void>;
  statusOf(db: DbOrTx, serviceIds: readonly string[]): Promise<Map<string, ServiceStatus>>;
  /** By slug: what mutes a whole service at `now`. */
  mutedOf(db: DbOrTx, slugs: readonly string[], now: Temporal.Instant): Promise<Map<string, Muted>>;
  monitorsOf(db: DbOrTx, serviceId: string): Promise<Named[]>;
  /** What holds alerts may be otherwise now: they are judged again, in this transaction. */
  judgeHolds(tx: Tx, by: By): Promise<void>;
  /** Deletes a monitor with everything that hangs on it. */
  removeMonitor(tx: Tx, by: By, slug: string): Promise<void>;
}
