import { INCIDENT_OVER } from "../incident/events.ts";
import { later } from "../platform/clock.ts";
import type { Platform } from "../platform/platform.ts";
import { countTerms, indexIncident } from "./recall/documents.ts";
import { RECALL_INDEX } from "./recall/index-again.ts";

const RECALL_COUNT = "recall_count";
/** What is written in ten minutes is counted at once: how telling a word is changes slowly. */
const COUNT_AFTER_MS = 600_000;

/** What learning does later: words are indexed once they are said, and counted now and then. */
export function learnEngine(platform: Platform): void {
  const { db, due, clock } = platform;
  const index = async (incidentId: string) => {
    await indexIncident(db, { incidentId, at: clock.now() });
    await due.add(db, { kind: RECALL_COUNT, key: "all", at: later(clock.now(), COUNT_AFTER_MS) });
    return undefined;
  };
  due.handle(INCIDENT_OVER, ({ key }) => index(key));
  due.handle(RECALL_INDEX, ({ key }) => index(key), { concurrency: 2 });
  due.handle(RECALL_COUNT, async () => {
    await countTerms(db, clock.now());
    return undefined;
  });
}
