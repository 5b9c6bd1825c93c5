/** Short ways to write schedules and to compare shifts, for tests. */
import { resolveOverride } from "./overrides.ts";
import { shifts } from "./shifts.ts";
import type { LayerDefinition, OverrideDefinition, Schedule } from "./types.ts";

export const instant = (text: string): Temporal.Instant => Temporal.Instant.from(text);

export const scheduleOf = (
  timeZone: string,
  layers: readonly LayerDefinition[],
  overrides: readonly OverrideDefinition[] = [],
): Schedule => ({
  versions: [{ from: null, definition: { time_zone: timeZone, layers } }],
  overrides: overrides.map((override) => resolveOverride(override, timeZone)),
});

/** Local time in the zone, to the minute. */
const shown = (at: Temporal.Instant, timeZone: string): string =>
  at.toZonedDateTimeISO(timeZone).toPlainDateTime().toString({ smallestUnit: "minute" });

/** Shifts as lines: "ada 2026-11-23T09:00 2026-11-30T09:00", gaps as "-". Local to `zone`. */
export function drawn(schedule: Schedule, from: string, to: string, zone = "UTC"): string[] {
  const at = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant();
  const { items, gaps } = shifts(schedule, at(from), at(to));
  return [...items, ...gaps.map((gap) => ({ ...gap, user: "-" }))]
    .sort((a, b) => Temporal.Instant.compare(a.from, b.from) || (a.user < b.user ? -1 : 1))
    .map((each) => `${each.user} ${shown(each.from, zone)} ${shown(each.to, zone)}`);
}

/** The instants at which somebody's shift begins strictly within the range. */
export const handOffs = (schedule: Schedule, from: string, to: string): string[] =>
  shifts(schedule, instant(from), instant(to))
    .items.map((item) => item.from.toString({ smallestUnit: "minute" }))
    .filter((at) => at !== instant(from).toString({ smallestUnit: "minute" }));
