import { allowedWithin, compileRestriction } from "../schedule/restrictions.ts";
import { type Restriction, WEEKDAYS, type Weekday } from "../schedule/types.ts";
import { WallClock } from "../schedule/wall-clock.ts";
import type { PolicyCopy } from "./policy.ts";

/** Hours of the week, or with `outside` all others. */
export interface PathHours extends Restriction {
  time_zone: string;
  outside?: true;
}

/** When a path is taken: all that is given must hold. */
export interface PathCondition {
  urgency?: "high" | "low";
  /** One of them. */
  severity?: readonly string[];
  /** All of them on one of the incident's alerts. */
  labels?: Readonly<Record<string, string>>;
  hours?: PathHours;
}

/** What paths ask about when a round starts. */
export interface Circumstances {
  urgency: "high" | "low";
  severity: string;
  /** Of each alert. */
  labels: readonly Readonly<Record<string, string>>[];
  at: Temporal.Instant;
}

/** The path that a round takes, and why; without a name the policy's own levels. */
export interface ChosenPath {
  name: string | null;
  because: string;
}

/** The policy with the levels of the first path that fits, or with its own; what it was chosen for stays with it. */
export function choosePath(policy: PolicyCopy, circumstances: Circumstances): PolicyCopy {
  const { paths = [], ...own } = policy;
  if (paths.length === 0) return own;
  const path = paths.find(({ when }) => fits(when, circumstances));
  if (!path) return { ...own, path: { name: null, because: "no path fits" } };
  const { name, when, repeat, levels, fallback } = path;
  return { ...own, repeat, levels, fallback, path: { name, because: conditionWords(when) } };
}

function fits(when: PathCondition, { urgency, severity, labels, at }: Circumstances): boolean {
  if (when.urgency !== undefined && when.urgency !== urgency) return false;
  if (when.severity !== undefined && !when.severity.includes(severity)) return false;
  const wanted = Object.entries(when.labels ?? {});
  if (wanted.length > 0 && !labels.some((each) => wanted.every(([key, value]) => each[key] === value)))
    return false;
  return when.hours === undefined || isWithin(when.hours, at) !== (when.hours.outside === true);
}

function isWithin({ time_zone, outside: _, ...hours }: PathHours, at: Temporal.Instant): boolean {
  const from = at.epochMilliseconds;
  const stretch = { from, to: from + 1 };
  return allowedWithin([compileRestriction(hours)], new WallClock(time_zone), stretch).length > 0;
}

/** `urgency high, outside mon to fri 09:00–18:00 Europe/Paris` */
export function conditionWords({ urgency, severity, labels = {}, hours }: PathCondition): string {
  return [
    urgency ? `urgency ${urgency}` : "",
    severity ? `severity ${severity.join(" or ")}` : "",
    ...Object.entries(labels).map(([key, value]) => `label ${key}=${value}`),
    hours ? hoursWords(hours) : "",
  ]
    .filter(Boolean)
    .join(", ");
}

function hoursWords({ days, from, to, time_zone, outside }: PathHours): string {
  const time = from === undefined || from === to ? "" : `${from}–${to ?? from}`;
  const words = [daysWords(days), time].filter(Boolean).join(" ") || "every day";
  return `${outside ? "outside" : "within"} ${words} ${time_zone}`;
}

function daysWords(days: readonly Weekday[] = []): string {
  const places = days.map((day) => WEEKDAYS.indexOf(day)).sort((a, b) => a - b);
  const isRun = places.length > 2 && places.every((place, i) => place === places[0]! + i);
  const names = places.map((place) => WEEKDAYS[place]!);
  return isRun ? `${names[0]} to ${names.at(-1)}` : names.join(", ");
}
