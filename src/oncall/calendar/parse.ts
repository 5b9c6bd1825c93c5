import ICAL from "ical.js";
import { faultInRule, recurrence } from "../../catalog/maintenance/recurrence.ts";
import type { Span } from "../schedule/types.ts";

/** One event, or one time of an event that recurs. */
export interface ImportedSpan extends Span {
  uid: string;
  summary: string;
  /** Their e-mail addresses, in lower case. */
  attendees: string[];
}

/** More is not what people write, and would hold everybody up. */
const MOST_RULES = 200;
const MOST_SPANS = 1_000;

/**
 * The events of an iCalendar file that lie in a range, in order, recurrences worked out (RRULE, RDATE, EXDATE, and times
 * moved or cancelled by RECURRENCE-ID). Cancelled ones are left out. Times are read by the file's own VTIMEZONE, or else
 * by the IANA zone that TZID names; whole days and times without a zone in `timeZone`.
 * Throws a RangeError, in words, on what isn't a calendar or has too many events.
 */
export function readCalendar(
  text: string,
  { timeZone, range }: { timeZone: string; range: Span },
): ImportedSpan[] {
  const events = parseEvents(text);
  const masters = new Set(events.filter((event) => !event.isRecurrenceException()).map(({ uid }) => uid));
  if (events.filter((event) => event.isRecurring()).length > MOST_RULES)
    throw new RangeError(`The calendar has more than ${MOST_RULES} events that recur.`);
  const spans = events
    .filter((event) => !event.isRecurrenceException() || !masters.has(event.uid))
    .flatMap((event) => timesOf(event, { timeZone, range }));
  if (spans.length > MOST_SPANS)
    throw new RangeError(`The calendar has more than ${MOST_SPANS} events in a year.`);
  return spans.sort((a, b) => Temporal.Instant.compare(a.from, b.from));
}

function parseEvents(text: string): ICAL.Event[] {
  let root: ICAL.Component;
  try {
    root = new ICAL.Component(ICAL.parse(text));
  } catch {
    throw new RangeError("That is not an iCalendar file; it begins with BEGIN:VCALENDAR.");
  }
  if (root.name !== "vcalendar")
    throw new RangeError("That is not one iCalendar file; it begins with BEGIN:VCALENDAR.");
  return root.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component));
}

interface Within {
  timeZone: string;
  range: Span;
}

function timesOf(event: ICAL.Event, within: Within): ImportedSpan[] {
  if (!event.component.getFirstPropertyValue("dtstart")) return [];
  const from = momentOf(event.component.getFirstProperty("dtstart"), within.timeZone)[0]!;
  if (!event.isRecurring()) return spanOf(event, from, within);
  const moved = new Map(
    Object.values(event.exceptions).map((item) => [
      `${momentOf(item.component.getFirstProperty("recurrence-id"), within.timeZone)[0]}`,
      item,
    ]),
  );
  const regular = turnsOf(event, within).filter((turn) => !moved.has(`${turn}`));
  return [
    ...regular.flatMap((turn) => spanOf(event, turn, within)),
    ...[...moved.values()].flatMap((item) => {
      const start = momentOf(item.component.getFirstProperty("dtstart"), within.timeZone)[0];
      return start ? spanOf(item, start, within) : [];
    }),
  ];
}

/** The event's time that begins at an instant: as long as it says, in days if it is of days. */
function spanOf(event: ICAL.Event, from: Temporal.Instant, { timeZone, range }: Within): ImportedSpan[] {
  if (event.component.getFirstPropertyValue("status") === "CANCELLED") return [];
  const seconds = event.duration.toSeconds();
  const to = event.startDate.isDate
    ? from
        .toZonedDateTimeISO(timeZone)
        .add({ days: Math.round(seconds / 86_400) })
        .toInstant()
    : lengthened(event, from, timeZone);
  const isIn = Temporal.Instant.compare(from, range.to) < 0 && Temporal.Instant.compare(range.from, to) < 0;
  if (!isIn || Temporal.Instant.compare(from, to) >= 0) return [];
  const attendees = event.attendees.flatMap((property) => {
    const address = /^mailto:(.+)$/i.exec(String(property.getFirstValue()))?.[1];
    return address === undefined ? [] : [address.toLowerCase()];
  });
  return [{ uid: event.uid, from, to, summary: event.summary ?? "", attendees }];
}

/** Exact time, between a beginning and an end that may be in different zones. */
function lengthened(event: ICAL.Event, from: Temporal.Instant, timeZone: string): Temporal.Instant {
  const [start] = momentOf(event.component.getFirstProperty("dtstart"), timeZone);
  const [end] = momentOf(event.component.getFirstProperty("dtend"), timeZone);
  return start && end ? from.add(start.until(end)) : from.add({ seconds: event.duration.toSeconds() });
}

/** When a recurring event begins, as far as it may matter to the range. */
function turnsOf(event: ICAL.Event, { timeZone, range }: Within): Temporal.Instant[] {
  const { component, startDate } = event;
  const dtstart = component.getFirstProperty("dtstart")!;
  const tzid = dtstart.getFirstParameter("tzid");
  const zone = isUtc(startDate) ? "UTC" : (knownZone(tzid) ?? timeZone);
  const wallIn = (at: Temporal.Instant, days: number) =>
    at.toZonedDateTimeISO(zone).toPlainDateTime().add({ days });
  const longest = Math.ceil(event.duration.toSeconds() / 86_400) + 1;
  const walls = component.getAllProperties("rrule").flatMap((property) => {
    const rule = String(property.getFirstValue());
    const fault = faultInRule(rule);
    if (fault) throw new RangeError(`"${event.summary}" recurs in a way that can't be read. ${fault}`);
    return recurrence(rule, { starts: wallOf(startDate), zone }).between(
      wallIn(range.from, -longest),
      wallIn(range.to, 1),
    );
  });
  const turns = [
    ...momentOf(dtstart, timeZone),
    ...walls.map((wall) => instantOf(timeAt(startDate, wall), { tzid, timeZone })),
    ...component.getAllProperties("rdate").flatMap((property) => momentOf(property, timeZone)),
  ];
  const without = new Set(
    component.getAllProperties("exdate").flatMap((property) => momentOf(property, timeZone).map(String)),
  );
  return [...new Map(turns.map((turn) => [`${turn}`, turn])).values()].filter(
    (turn) => !without.has(`${turn}`),
  );
}

const isUtc = (time: ICAL.Time): boolean => time.zone === ICAL.Timezone.utcTimezone;

const wallOf = ({ year, month, day, hour, minute, second }: ICAL.Time): Temporal.PlainDateTime =>
  Temporal.PlainDateTime.from({ year, month, day, hour, minute, second });

function timeAt(
  like: ICAL.Time,
  { year, month, day, hour, minute, second }: Temporal.PlainDateTime,
): ICAL.Time {
  return new ICAL.Time({ year, month, day, hour, minute, second, isDate: like.isDate }, like.zone);
}

/** The instants that a property names, by its own TZID. */
function momentOf(property: ICAL.Property | null, timeZone: string): Temporal.Instant[] {
  const tzid = property?.getFirstParameter("tzid");
  return (property?.getValues() ?? []).flatMap((value: unknown) =>
    value instanceof ICAL.Time ? [instantOf(value, { tzid, timeZone })] : [],
  );
}

/** The IANA zone of that name; undefined for any other name. */
function knownZone(name: string | undefined): string | undefined {
  try {
    return name && new Intl.DateTimeFormat("en", { timeZone: name }) ? name : undefined;
  } catch {
    return undefined;
  }
}

function instantOf(
  time: ICAL.Time,
  { tzid, timeZone }: { tzid: string | undefined; timeZone: string },
): Temporal.Instant {
  const wall = wallOf(time);
  if (time.isDate) return wall.toPlainDate().toZonedDateTime(timeZone).toInstant();
  if (time.zone && time.zone !== ICAL.Timezone.localTimezone)
    return Temporal.Instant.fromEpochMilliseconds(time.toUnixTime() * 1_000);
  return wall.toZonedDateTime(knownZone(tzid) ?? timeZone).toInstant();
}
