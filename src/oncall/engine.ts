import type { By } from "../org/actor.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import { publishSchedule } from "./publish.ts";
import { REMIND } from "./reminders/reminders.ts";
import { nextHandOff } from "./schedule/on-call.ts";
import { type StoredSchedule, scheduleRows, withRules } from "./stored.ts";
import { reviewOffers } from "./swaps/wake.ts";

const HAND_OFF = "handoff";

/** What runs later: at each schedule's hand-off, open browsers are told that somebody else is on call. */
export function oncallEngine(platform: Platform): void {
  const { db, clock, due } = platform;
  due.handle(HAND_OFF, async ({ key: id }) => {
    const now = clock.now();
    const stored = await readSchedule(db, id, now);
    if (!stored) return undefined;
    await publishSchedule(platform, db, stored);
    const next = nextHandOff(stored.rules, now);
    return next ? { again: next } : undefined;
  });
}

/** After any change to a schedule: tells open browsers, and moves its next hand-off. */
export async function scheduleChanged(tx: Tx, by: By, id: string): Promise<void> {
  const stored = await readSchedule(tx, id, by.at);
  if (!stored) return;
  await publishSchedule(by.platform, tx, stored);
  const next = nextHandOff(stored.rules, by.at);
  // An earlier one may be waiting that no longer is one; adding a job only ever moves it forward.
  await by.platform.due.cancel(tx, HAND_OFF, id);
  if (next) await by.platform.due.add(tx, { kind: HAND_OFF, key: id, at: next });
  await reviewOffers(tx, by, { schedule: id });
  await by.platform.due.add(tx, { kind: REMIND, key: id, at: by.at });
}

/** The schedule is being deleted. */
export async function scheduleGone(tx: Tx, by: By, stored: StoredSchedule): Promise<void> {
  await by.platform.due.cancel(tx, HAND_OFF, stored.id);
  await publishSchedule(by.platform, tx, stored);
}

async function readSchedule(
  db: DbOrTx,
  id: string,
  at: Temporal.Instant,
): Promise<StoredSchedule | undefined> {
  const rows = await scheduleRows(db).where("schedules.id", "=", id).execute();
  return (await withRules(db, rows, { at }))[0];
}
