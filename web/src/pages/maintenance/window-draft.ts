import { nowMs } from "../../lib/clock.ts";
import { browserZone } from "../../lib/time.ts";
import type { MaintenanceWindow } from "../../lib/types.ts";
import { instantOf, parseWall, wallOf, wallText } from "../../lib/zone.ts";
import { type Repeat, repeatOf, ruleOf } from "./repeat.ts";

/** A window as the form holds it. */
export interface WindowDraft {
  name: string;
  description: string;
  zone: string;
  starts: string;
  ends: string;
  repeat: Repeat;
  rrule: string;
  duration: string;
  everything: boolean;
  services: string[];
  monitors: string[];
  labels: Record<string, string>;
  exclude: boolean;
}

const HOUR = 3_600_000;

/** A new one starts at the next full hour and lasts one. */
export function draftOf(
  window: MaintenanceWindow | undefined,
  about: Partial<WindowDraft> = {},
): WindowDraft {
  const zone = window?.time_zone ?? browserZone();
  const next = Math.ceil(nowMs() / HOUR) * HOUR;
  const starts = window?.starts ?? wallText(wallOf(next, zone));
  return {
    name: window?.name ?? "",
    description: window?.description ?? "",
    zone,
    starts,
    ends: window?.ends ?? hourAfter(starts, zone),
    repeat: repeatOf(window?.rrule ?? null, starts),
    rrule: window?.rrule ?? "FREQ=WEEKLY;BYDAY=SU",
    duration: window?.duration ?? "1h",
    everything: window?.everything ?? false,
    services: window?.services.map(({ slug }) => slug) ?? [],
    monitors: window?.monitors.map(({ slug }) => slug) ?? [],
    labels: window?.labels ?? {},
    exclude: window?.exclude_from_uptime ?? true,
    ...about,
  };
}

function hourAfter(starts: string, zone: string): string {
  const wall = parseWall(starts);
  return wall === null ? starts : wallText(wallOf(instantOf(wall, zone) + HOUR, zone));
}

/** When it happens, as the API takes it. */
export function timingOf({ zone, starts, ends, repeat, rrule, duration }: WindowDraft) {
  const when = { time_zone: zone, starts };
  if (repeat === "once") return { ...when, ends, rrule: null, duration: null };
  const rule = repeat === "custom" ? rrule.trim() : ruleOf(repeat, starts);
  return { ...when, ends: null, rrule: rule, duration: duration.trim() };
}

export const bodyOf = (draft: WindowDraft) => ({
  ...timingOf(draft),
  name: draft.name,
  description: draft.description,
  everything: draft.everything,
  services: draft.everything ? [] : draft.services,
  monitors: draft.everything ? [] : draft.monitors,
  labels: draft.everything ? {} : draft.labels,
  exclude_from_uptime: draft.exclude,
});
