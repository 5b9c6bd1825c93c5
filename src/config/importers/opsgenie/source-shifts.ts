import type { OnCallStretch } from "../report.ts";
import type { Rotation, TimeRestriction } from "./shape.ts";

/**
 * Who Opsgenie has on call in one rotation, from its own fields alone. Deliberately shares nothing with Keepwatch's
 * schedules, so that a mistake in translating shows as a difference.
 */
export interface SourceRotation {
  rotation: Rotation;
  timeZone: string;
  /** The addresses of each participant, in the rotation's order; empty where nobody is reached. */
  ring: readonly (readonly string[])[];
  overrides: readonly { from: Temporal.Instant; to: Temporal.Instant; user: string }[];
}

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
interface Span {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

const notAfter = (a: Temporal.Instant, b: Temporal.Instant): boolean => Temporal.Instant.compare(a, b) <= 0;
const holds = ({ from, to }: Span, at: Temporal.Instant): boolean => notAfter(from, at) && !notAfter(to, at);

/** A wall time that is skipped is the first instant after the gap; of one that comes twice, the first. */
function resolve(wall: Temporal.PlainDateTime, timeZone: string): Temporal.Instant {
  const zoned = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  if (zoned.toPlainDateTime().equals(wall)) return zoned.toInstant();
  return (zoned.getTimeZoneTransition("next") ?? zoned).toInstant();
}

function turnStart({ rotation, timeZone }: SourceRotation, turn: number): Temporal.Instant {
  const first = Temporal.Instant.from(rotation.startDate).toZonedDateTimeISO(timeZone).toPlainDateTime();
  const n = turn * rotation.length;
  const unit = { hourly: { hours: n }, daily: { days: n }, weekly: { days: 7 * n } }[rotation.type];
  return resolve(first.add(unit), timeZone);
}

function turnAt(source: SourceRotation, at: Temporal.Instant): number {
  const { rotation } = source;
  const hours = { hourly: 1, daily: 24, weekly: 168 }[rotation.type] * rotation.length;
  const passedMs = at.epochMilliseconds - Temporal.Instant.from(rotation.startDate).epochMilliseconds;
  let turn = Math.floor(passedMs / (hours * 3_600_000)) + 2;
  while (!notAfter(turnStart(source, turn), at)) turn--;
  while (notAfter(turnStart(source, turn + 1), at)) turn++;
  return turn;
}

const clock = (date: Temporal.PlainDate, hour: number, minute: number) =>
  date.toPlainDateTime({ minute }).add({ hours: hour });

/** The windows that begin on a date. */
function windowsOf(restriction: TimeRestriction, date: Temporal.PlainDate, timeZone: string): Span[] {
  const window = (
    hours: { startHour: number; startMin: number; endHour: number; endMin: number },
    days: number,
  ): Span => ({
    from: resolve(clock(date, hours.startHour, hours.startMin), timeZone),
    to: resolve(clock(date.add({ days }), hours.endHour, hours.endMin), timeZone),
  });
  const forward = (h: { startHour: number; startMin: number; endHour: number; endMin: number }) =>
    h.endHour * 60 + h.endMin > h.startHour * 60 + h.startMin;
  if (restriction.type === "time-of-day")
    return [window(restriction.restriction, forward(restriction.restriction) ? 0 : 1)];
  return restriction.restrictions
    .filter((each) => DAYS.indexOf(each.startDay) === date.dayOfWeek - 1)
    .map((each) => {
      const days = (DAYS.indexOf(each.endDay) - DAYS.indexOf(each.startDay) + 7) % 7;
      return window(each, days === 0 && !forward(each) ? 7 : days);
    });
}

function windowsWithin({ rotation, timeZone }: SourceRotation, { from, to }: Span): Span[] | undefined {
  if (!rotation.timeRestriction) return undefined;
  const windows: Span[] = [];
  const last = to.toZonedDateTimeISO(timeZone).toPlainDate();
  let date = from.toZonedDateTimeISO(timeZone).toPlainDate().subtract({ days: 8 });
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 }))
    windows.push(...windowsOf(rotation.timeRestriction, date, timeZone));
  return windows;
}

/** Stretches that tile the span, neighbours with the same people joined. */
export function sourceShifts(source: SourceRotation, span: Span): OnCallStretch[] {
  const { rotation, ring, overrides } = source;
  const starts = Temporal.Instant.from(rotation.startDate);
  const ends = rotation.endDate ? Temporal.Instant.from(rotation.endDate) : undefined;
  const windows = windowsWithin(source, span);
  const cuts = [span.from, span.to, starts, ...(ends ? [ends] : [])];
  for (const each of [...(windows ?? []), ...overrides]) cuts.push(each.from, each.to);
  for (let turn = turnAt(source, span.from); notAfter(turnStart(source, turn), span.to); turn++)
    cuts.push(turnStart(source, turn));
  const usersAt = (at: Temporal.Instant): readonly string[] => {
    const override = overrides.findLast((each) => holds(each, at));
    if (override) return [override.user];
    if (!notAfter(starts, at) || (ends && notAfter(ends, at)) || ring.length === 0) return [];
    if (windows && !windows.some((each) => holds(each, at))) return [];
    return ring[turnAt(source, at) % ring.length] ?? [];
  };
  const within = cuts.filter((cut) => notAfter(span.from, cut) && notAfter(cut, span.to));
  return joined(
    within.toSorted(Temporal.Instant.compare).map((at) => ({ at, users: [...usersAt(at)].sort() })),
    span.to,
  );
}

function joined(
  points: readonly { at: Temporal.Instant; users: string[] }[],
  end: Temporal.Instant,
): OnCallStretch[] {
  const stretches: OnCallStretch[] = [];
  points.forEach(({ at, users }, i) => {
    const to = (points[i + 1]?.at ?? end).toString();
    if (at.toString() === to) return;
    const last = stretches.at(-1);
    if (last && last.users.join() === users.join()) last.to = to;
    else stretches.push({ from: at.toString(), to, users });
  });
  return stretches;
}
