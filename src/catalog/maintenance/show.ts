import type { Actor } from "../../org/actor.ts";
import { can } from "../../org/can.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { formatDuration } from "../../platform/duration.ts";
import { type NamedThing, type NamedThings, namedThings, resourceOf } from "./access.ts";
import { timingInWords } from "./definition.ts";
import { currentOf, nextOf } from "./model.ts";
import type { MaintenancePorts } from "./ports.ts";
import type { MaintenanceWindow } from "./schema.ts";
import { type WindowRow, windowOf } from "./store.ts";

export interface Viewing {
  viewer: Actor;
  now: Temporal.Instant;
  ports: Pick<MaintenancePorts, "monitorsNamed">;
}

/** Windows as the API shows them to this viewer: what they may not see is left out, and a window of only that. */
export async function windowsJson(
  db: DbOrTx,
  rows: readonly WindowRow[],
  { viewer, now, ports }: Viewing,
): Promise<MaintenanceWindow[]> {
  const names = {
    services: [...new Set(rows.flatMap((row) => row.services))],
    monitors: [...new Set(rows.flatMap((row) => row.monitors))],
  };
  const things = await namedThings(db, names, ports);
  return rows.flatMap((row) => windowJson(row, { viewer, now, things }) ?? []);
}

function windowJson(
  row: WindowRow,
  { viewer, now, things }: { viewer: Actor; now: Temporal.Instant; things: NamedThings },
): MaintenanceWindow | undefined {
  const seen = (noun: string, thing: NamedThing | undefined): boolean =>
    thing === undefined || can(viewer, "read", resourceOf(noun, thing));
  const shown = (list: "services" | "monitors") =>
    row[list]
      .filter((slug) => seen(list, things[list].get(slug)))
      .map((slug) => ({ slug, name: things[list].get(slug)?.name ?? slug }));
  const [services, monitors] = [shown("services"), shown("monitors")];
  const named = row.services.length + row.monitors.length;
  const wide = row.everything || Object.keys(row.labels).length > 0;
  if (!wide && named > 0 && services.length + monitors.length === 0) return undefined;
  const window = windowOf(row);
  const current = currentOf(window, now);
  const next = nextOf(window, now);
  return {
    ...{ id: row.id, slug: row.slug, name: row.name, description: row.description },
    ...{ everything: row.everything, services, monitors, labels: row.labels },
    ...{ time_zone: row.time_zone, starts: row.starts, ends: row.ends, rrule: row.rrule },
    duration: row.duration_ms === null ? null : formatDuration(row.duration_ms),
    exclude_from_uptime: row.exclude_from_uptime,
    state: current ? "on" : next ? "planned" : "over",
    since: current?.from.toString() ?? null,
    until: current?.to.toString() ?? null,
    next: next ? { from: next.from.toString(), to: next.to.toString() } : null,
    sentence: timingInWords(window.timing),
    managed_by: row.managed_by,
    created_by: row.created_by,
    created_at: row.created_at.toString(),
  };
}
