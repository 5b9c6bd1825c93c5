import { inOrder } from "../oncall/on-call.ts";
import { peopleById } from "../oncall/people.ts";
import { changedShifts } from "../oncall/schedule/changes.ts";
import { type StoredSchedule, scheduleRows, withRules } from "../oncall/stored.ts";
import type { Tx } from "../platform/database/database.ts";

const DAYS_AHEAD = 30;

/** A stretch in which other people are on call than before; people by e-mail address. */
export interface ShiftChange {
  schedule: string;
  time_zone: string;
  from: string;
  to: string;
  before: string[];
  after: string[];
}

/** Every schedule with its rules, by slug. */
export async function readSchedules(tx: Tx, at: Temporal.Instant): Promise<Map<string, StoredSchedule>> {
  const rows = await scheduleRows(tx).orderBy("schedules.slug").execute();
  return new Map((await withRules(tx, rows, { at })).map((stored) => [stored.slug, stored]));
}

/** Whose shifts of the next 30 days are others than they were before. A new schedule takes nobody's. */
export async function shiftChanges(
  tx: Tx,
  before: ReadonlyMap<string, StoredSchedule>,
  at: Temporal.Instant,
): Promise<ShiftChange[]> {
  const span = { from: at, to: at.add({ hours: 24 * DAYS_AHEAD }) };
  const changed = [...(await readSchedules(tx, at)).values()].flatMap((after) => {
    const was = before.get(after.slug);
    if (!was || JSON.stringify(was.rules) === JSON.stringify(after.rules)) return [];
    return changedShifts(was.rules, after.rules, span).map((change) => ({ schedule: after, change }));
  });
  const people = await peopleById(
    tx,
    changed.flatMap(({ change }) => [...change.before, ...change.after]),
  );
  const emails = (ids: readonly string[]) => inOrder(ids, people).map((person) => person.email);
  return changed.map(({ schedule, change }) => ({
    schedule: schedule.slug,
    time_zone: schedule.timeZone,
    from: change.from.toString(),
    to: change.to.toString(),
    before: emails(change.before),
    after: emails(change.after),
  }));
}
