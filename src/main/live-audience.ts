import type { Resource } from "../org/can.ts";
import type { Answer } from "../page/answer.ts";
import type { Db } from "../platform/database/database.ts";
import type { LiveEvent } from "../platform/live.ts";

/**
 * What decides who is told live of an event. Most say it themselves; a page knows only its subject, which is asked
 * once per event however many browsers are open. Null when the subject is gone: nobody is told.
 */
export function liveAudience(db: Db, answer: Answer): (event: LiveEvent) => Promise<Resource | null> {
  const asked = new WeakMap<LiveEvent, Promise<Resource | null>>();
  return async (event) => {
    if (event.type !== "page" || event.of === undefined)
      return { type: event.type, team: event.team, visibility: event.visibility };
    const known = asked.get(event) ?? answer.resource(db, event.of);
    asked.set(event, known);
    return known;
  };
}
