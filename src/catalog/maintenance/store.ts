import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { DbOrTx } from "../../platform/database/database.ts";
import { joinSpans } from "../../platform/hours/spans.ts";
import {
  covers,
  currentOf,
  type Occurrence,
  type Scope,
  type Subject,
  type Timing,
  type Window,
} from "./model.ts";
import type { InMaintenance } from "./schema.ts";
import type { MaintenanceWindowTable } from "./table.ts";
import "./table.ts";

export type WindowRow = Selectable<MaintenanceWindowTable>;

/** A stored window as the rules read it. What is stored has been checked. */
export function windowOf(row: WindowRow): Window {
  const starts = Temporal.PlainDateTime.from(row.starts);
  const zone = row.time_zone;
  const timing: Timing =
    row.rrule !== null && row.duration_ms !== null
      ? { zone, starts, rule: row.rrule, durationMs: row.duration_ms }
      : { zone, starts, ends: Temporal.PlainDateTime.from(row.ends ?? row.starts) };
  return { timing, endedAt: row.ended_at };
}

export const scopeOf = ({ everything, services, monitors, labels }: WindowRow): Scope => ({
  everything,
  services,
  monitors,
  labels,
});

/** A window that is on. */
export interface WindowOn {
  id: string;
  slug: string;
  name: string;
  scope: Scope;
  until: Temporal.Instant;
}

/** Every window that is on at `now`, the one that ends last first. */
export async function windowsOn(db: DbOrTx, now: Temporal.Instant): Promise<WindowOn[]> {
  const rows = await db.selectFrom("maintenance_windows").selectAll().where("over", "=", false).execute();
  return rows
    .flatMap((row) => {
      const current = currentOf(windowOf(row), now);
      const { id, slug, name } = row;
      return current ? [{ id, slug, name, scope: scopeOf(row), until: current.to }] : [];
    })
    .sort((a, b) => Temporal.Instant.compare(b.until, a.until) || (a.slug < b.slug ? -1 : 1));
}

/** The window that the subject is in, of those that are on; the one that ends last. */
export function maintenanceOf(on: readonly WindowOn[], subject: Subject): InMaintenance | null {
  const found = on.find(({ scope }) => covers(scope, subject));
  return found ? { slug: found.slug, name: found.name, until: found.until.toString() } : null;
}

/** Time that doesn't count in uptime, and of what. */
export interface PlannedTime extends Occurrence {
  scope: Scope;
}

/** Planned work within [from, to) that is left out of uptime, as it was. */
export async function plannedTimes(
  db: DbOrTx,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<PlannedTime[]> {
  const rows = await db
    .selectFrom("maintenance_periods")
    .select(["scope", "from_at", "to_at"])
    .where("exclude_from_uptime", "=", true)
    .where("to_at", ">", from)
    .where("from_at", "<", to)
    .where(sql<boolean>`to_at > from_at`)
    .execute();
  return rows.map((row) => ({ scope: row.scope, from: row.from_at, to: row.to_at }));
}

/** When the subject was in planned work that is left out of uptime; in order, without overlaps. */
export const plannedTimesOf = (times: readonly PlannedTime[], subject: Subject): Occurrence[] =>
  times.length === 0
    ? []
    : joinSpans(times.filter(({ scope }) => covers(scope, subject)).map(({ from, to }) => ({ from, to })));
