import type { By } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { newId } from "../../platform/ids.ts";
import { type Occurrence, occurrences } from "./model.ts";
import { scopeOf, type WindowRow, windowOf } from "./store.ts";

const SHORTEST = { milliseconds: 1 };

/** From when on a new window's occurrences are recorded: one that happens once wholly, others with what goes on now. */
export function recordedFrom(row: WindowRow, now: Temporal.Instant): Temporal.Instant {
  const window = windowOf(row);
  const { timing } = window;
  const begun =
    "rule" in timing ? occurrences(window, { from: now, to: now.add(SHORTEST) })[0]?.from : undefined;
  const first = "rule" in timing ? begun : timing.starts.toZonedDateTime(timing.zone).toInstant();
  return first && Temporal.Instant.compare(first, now) <= 0 ? first.subtract(SHORTEST) : now;
}

/** Writes down what has begun since the last time, up to `by.at`, with the ends that are planned. */
export async function recordPeriods(tx: Tx, by: By, row: WindowRow): Promise<void> {
  const begun = occurrences(windowOf(row), { from: row.recorded_until, to: by.at.add(SHORTEST) }).filter(
    ({ from }) => Temporal.Instant.compare(from, row.recorded_until) > 0,
  );
  await insertPeriods(tx, by, { row, periods: begun });
  await tx
    .updateTable("maintenance_windows")
    .set({ recorded_until: by.at })
    .where("id", "=", row.id)
    .where("recorded_until", "<", by.at)
    .execute();
}

/** The window is otherwise from now on: what goes on is as long as it was until now. */
export async function cutPeriods(tx: Tx, by: By, windowId: string): Promise<void> {
  await tx
    .updateTable("maintenance_periods")
    .set({ to_at: by.at })
    .where("window_id", "=", windowId)
    .where("to_at", ">", by.at)
    .execute();
}

/** What goes on by the changed window begins now, as far as the record is concerned. */
export async function recordFromNow(tx: Tx, by: By, row: WindowRow): Promise<void> {
  const going = occurrences(windowOf(row), { from: by.at, to: by.at.add(SHORTEST) });
  await insertPeriods(tx, by, { row, periods: going.map(({ to }) => ({ from: by.at, to })) });
}

async function insertPeriods(
  tx: Tx,
  by: By,
  { row, periods }: { row: WindowRow; periods: readonly Occurrence[] },
): Promise<void> {
  if (periods.length === 0) return;
  await tx
    .insertInto("maintenance_periods")
    .values(
      periods.map(({ from, to }) => ({
        id: newId(by.platform.clock),
        window_id: row.id,
        name: row.name,
        scope: json(scopeOf(row)),
        exclude_from_uptime: row.exclude_from_uptime,
        from_at: from,
        to_at: to,
      })),
    )
    .execute();
}
