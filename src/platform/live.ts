import type { DbOrTx } from "./database/database.ts";
import type { Listener } from "./database/listen.ts";
import { notify } from "./database/notify.ts";
import type { Log } from "./log.ts";

export const LIVE_TYPES = [
  "incident",
  "alert",
  "monitor",
  "check",
  "page",
  "timeline",
  "postmortem",
  "problem",
  "oncall",
  "maintenance",
  "silence",
  "integration",
  "installation",
] as const;

/** Something changed. `team` and `visibility` decide who is told; `of` is the object it belongs to (a timeline entry's incident). */
export interface LiveEvent {
  type: (typeof LIVE_TYPES)[number];
  id: string;
  of?: string;
  team?: string | null;
  visibility?: "company" | "team";
}

/** Tells every process's open browsers what changed, after commit. */
export interface Live {
  publish(tx: DbOrTx, event: LiveEvent): Promise<void>;
  /** Calls `hear` for each event until the returned function is called. */
  subscribe(hear: (event: LiveEvent) => void): () => void;
}

const CHANNEL = "keepwatch_live";

export function createLive(listener: Listener, log: Log): Live {
  const subscribers = new Set<(event: LiveEvent) => void>();
  listener.on(CHANNEL, (payload) => {
    const event = JSON.parse(payload) as LiveEvent;
    for (const hear of subscribers) {
      try {
        hear(event);
      } catch (error) {
        log.warn({ error }, "a live subscriber failed");
      }
    }
  });
  return {
    publish: (tx, event) => notify(tx, CHANNEL, JSON.stringify(event)),
    subscribe(hear) {
      subscribers.add(hear);
      return () => subscribers.delete(hear);
    },
  };
}
