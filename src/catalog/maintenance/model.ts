import { recurrence } from "./recurrence.ts";

/** When planned work happens. Local times are read in `zone`; a skipped one moves forward by the gap. */
export type Timing = Once | Recurring;

export interface Once {
  zone: string;
  starts: Temporal.PlainDateTime;
  ends: Temporal.PlainDateTime;
}

export interface Recurring {
  zone: string;
  /** DTSTART: nothing happens before it, and its time of day is that of every occurrence. */
  starts: Temporal.PlainDateTime;
  rule: string;
  /** Time that passes: two hours are two hours, also in the night in which the clocks change. */
  durationMs: number;
}

export interface Window {
  timing: Timing;
  /** What was going on then was ended by hand, and so is over from then on. */
  endedAt: Temporal.Instant | null;
}

/** [from, to) */
export interface Occurrence {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

const { compare } = Temporal.Instant;
const isAfter = (a: Temporal.Instant, b: Temporal.Instant): boolean => compare(a, b) > 0;

/** No two wall clocks of one zone are further apart than this around one instant. */
const MARGIN = { hours: 30 };

/** Every occurrence that overlaps [from, to), in order. One that was ended by hand is as short as it was. */
export function occurrences(
  window: Window,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Occurrence[] {
  return planned(window.timing, { from, to })
    .map((each) => endedEarly(each, window.endedAt))
    .filter((each) => isAfter(each.to, each.from) && isAfter(each.to, from) && isAfter(to, each.from));
}

function planned(
  timing: Timing,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Occurrence[] {
  const { zone } = timing;
  if (!("rule" in timing))
    return [{ from: instantOf(timing.starts, zone), to: instantOf(timing.ends, zone) }];
  const rule = recurrence(timing.rule, { starts: timing.starts, zone });
  const earliest = from.subtract({ milliseconds: timing.durationMs }).toZonedDateTimeISO(zone);
  const walls = rule.between(
    earliest.toPlainDateTime().subtract(MARGIN),
    to.toZonedDateTimeISO(zone).toPlainDateTime().add(MARGIN),
  );
  return walls.map((wall) => at(wall, timing)).toSorted((a, b) => compare(a.from, b.from));
}

const instantOf = (wall: Temporal.PlainDateTime, zone: string): Temporal.Instant =>
  wall.toZonedDateTime(zone, { disambiguation: "compatible" }).toInstant();

const at = (wall: Temporal.PlainDateTime, { zone, durationMs }: Recurring): Occurrence => {
  const from = instantOf(wall, zone);
  return { from, to: from.add({ milliseconds: durationMs }) };
};

const endedEarly = (each: Occurrence, endedAt: Temporal.Instant | null): Occurrence =>
  endedAt && !isAfter(each.from, endedAt) && isAfter(each.to, endedAt)
    ? { from: each.from, to: endedAt }
    : each;

/** The occurrence that goes on at `now`, joined with those that follow without a break; undefined when none does. */
export function currentOf(window: Window, now: Temporal.Instant): Occurrence | undefined {
  const soon = now.add({ hours: 24 });
  const found = occurrences(window, { from: now, to: soon });
  const going = found.filter((each) => !isAfter(each.from, now));
  if (going.length === 0) return undefined;
  const from = going[0]!.from;
  let to = latest(going);
  // Those that begin before the last one ends, looked for as far as a day ahead: a window that is never over says so daily.
  for (const each of found) if (!isAfter(each.from, to) && isAfter(each.to, to)) to = each.to;
  return { from, to };
}

const latest = (list: readonly Occurrence[]): Temporal.Instant =>
  list.map((each) => each.to).reduce((a, b) => (isAfter(b, a) ? b : a));

export const isOn = (window: Window, now: Temporal.Instant): boolean => currentOf(window, now) !== undefined;

/** The first occurrence that begins after `now`; undefined when there is none. */
export function nextOf(window: Window, now: Temporal.Instant): Occurrence | undefined {
  const { timing } = window;
  if (!("rule" in timing)) {
    const [only] = planned(timing, { from: now, to: now });
    return only && isAfter(only.from, now) && isAfter(only.to, only.from) ? only : undefined;
  }
  const rule = recurrence(timing.rule, { starts: timing.starts, zone: timing.zone });
  let wall = now.toZonedDateTimeISO(timing.zone).toPlainDateTime().subtract(MARGIN);
  for (;;) {
    const next = rule.next(wall);
    if (!next) return undefined;
    const found = at(next, timing);
    if (isAfter(found.from, now)) return found;
    wall = next.add({ seconds: 1 });
  }
}

/** When `isOn` will next be otherwise; undefined when it stays as it is for ever. */
export function nextChange(window: Window, now: Temporal.Instant): Temporal.Instant | undefined {
  return currentOf(window, now)?.to ?? nextOf(window, now)?.from;
}

/** The next `count` occurrences: the one that goes on, and those to come. */
export function upcoming(window: Window, now: Temporal.Instant, count: number): Occurrence[] {
  const current = occurrences(window, { from: now, to: now.add({ milliseconds: 1 }) });
  const list = current.slice(0, count);
  let after = now;
  while (list.length < count) {
    const next = nextOf(window, after);
    if (!next) break;
    list.push(next);
    after = next.from;
  }
  return list;
}

/** What planned work touches. Anything that is named, or has all the labels, or everything. */
export interface Scope {
  everything: boolean;
  services: readonly string[];
  monitors: readonly string[];
  labels: Readonly<Record<string, string>>;
}

/** Something that may be in maintenance: a monitor, or an alert of whatever source. */
export interface Subject {
  monitor: string | null;
  service: string | null;
  labels: Readonly<Record<string, string>>;
}

export function covers(scope: Scope, subject: Subject): boolean {
  if (scope.everything) return true;
  if (subject.monitor !== null && scope.monitors.includes(subject.monitor)) return true;
  if (subject.service !== null && scope.services.includes(subject.service)) return true;
  const labels = Object.entries(scope.labels);
  return labels.length > 0 && labels.every(([key, value]) => subject.labels[key] === value);
}
