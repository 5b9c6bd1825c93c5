import { dayTime } from "../../platform/day-time.ts";
import { humanDuration } from "../../platform/duration.ts";
import type { Report } from "./schema.ts";

/** The Monday of the week that a date lies in. */
export const mondayOf = (date: Temporal.PlainDate): Temporal.PlainDate =>
  date.subtract({ days: date.dayOfWeek - 1 });

/** A week of a zone's calendar, from Monday to Monday; the clocks may change in it. */
export function weekOf(monday: Temporal.PlainDate, zone: string) {
  const at = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).toInstant();
  return { from: at(monday), to: at(monday.add({ days: 7 })) };
}

/** When a report goes out, and for how long it still makes sense when we were down then. */
const SENT_AT_HOUR = 9;
const LATEST_HOURS = 36;

/** The week (its Monday) whose report is due for somebody of this zone; null outside Monday nine to Tuesday evening. */
export function reportDue(now: Temporal.Instant, zone: string): Temporal.PlainDate | null {
  const local = now.toZonedDateTimeISO(zone);
  const monday = mondayOf(local.toPlainDate());
  const due = monday.toZonedDateTime({ timeZone: zone, plainTime: { hour: SENT_AT_HOUR } }).toInstant();
  const late = due.add({ hours: LATEST_HOURS });
  const isDue = Temporal.Instant.compare(due, now) <= 0 && Temporal.Instant.compare(now, late) < 0;
  return isDue ? monday.subtract({ days: 7 }) : null;
}

/** By linear interpolation between the two nearest, as PostgreSQL's percentile_cont; null of nothing. */
export function percentileOf(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (at - Math.floor(at));
}

/** A part of the report: a heading with sentences, or a table. */
export interface Section {
  title: string;
  lines: string[];
  table?: { head: string[]; rows: string[][] };
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

const local = (at: string, zone: string): string => dayTime(Temporal.Instant.from(at), zone);

const after = (ms: number | null): string => (ms === null ? "–" : humanDuration(ms));
const hours = (value: number): string => `${Math.round(value * 10) / 10} h`;
const names = (people: readonly { name: string }[]): string =>
  people.length === 0 ? "nobody" : people.map(({ name }) => name).join(", ");

export const titleOf = ({ team, week }: Report): string => `On call of ${team.name}, week of ${week}`;

/** The whole report in words and tables, to be put into a mail or a page. */
export function sectionsOf(report: Report): Section[] {
  const { rota, time_zone: zone } = report;
  return [
    { title: "In short", lines: inShort(report) },
    onCallSection(report),
    incidentSection(report),
    ...(report.noisiest.length > 0 ? [noiseSection(report)] : []),
    {
      title: "Hand-offs",
      lines: rota.hand_offs.map(
        ({ at, schedule, from, to }) => `${local(at, zone)}, ${schedule.name}: ${names(from)} → ${names(to)}`,
      ),
    },
    {
      title: "Gaps in the next 14 days",
      lines: rota.gaps_ahead.map(
        ({ schedule, from, to }) =>
          `${schedule.name}: nobody from ${local(from, zone)} to ${local(to, zone)}`,
      ),
    },
  ].map((section) =>
    section.lines.length === 0 && !("table" in section) ? { ...section, lines: ["None."] } : section,
  );
}

function inShort({ incidents, pages, night_pages, interruptions, acknowledge }: Report): string[] {
  const { median_ms: median, p90_ms: p90, never } = acknowledge;
  const answered =
    median === null ? [] : [`Acknowledged after ${after(median)} (median), ${after(p90)} (nine of ten).`];
  const missed = never === 0 ? [] : [`${plural(never, "incident")} nobody acknowledged.`];
  const woken =
    interruptions === 0 ? "nobody was woken" : `people were woken ${plural(interruptions, "time")}`;
  return [
    `${plural(incidents.length, "incident")}, ${plural(pages, "page")}, ${night_pages} of them at night; ${woken}.`,
    ...answered,
    ...missed,
  ];
}

const onCallSection = ({ rota }: Report): Section => ({
  title: "Who was on call",
  lines: rota.people.length === 0 ? ["Nobody."] : [],
  ...(rota.people.length > 0 && {
    table: {
      head: ["Person", "Hours", "Nights", "Weekend", "Pages", "At night", "Woken"],
      rows: rota.people.map((each) => [
        ...[each.person.name, hours(each.hours), String(each.nights), hours(each.weekend_hours)],
        ...[each.pages, each.night_pages, each.interruptions].map(String),
      ]),
    },
  }),
});

const incidentSection = ({ incidents, time_zone }: Report): Section => ({
  title: "Incidents",
  lines: incidents.length === 0 ? ["None. A quiet week."] : [],
  ...(incidents.length > 0 && {
    table: {
      head: ["Incident", "Severity", "Opened", "Acknowledged after", "Resolved after", "Pages"],
      rows: incidents.map((each) => [
        ...[
          `#${each.number} ${each.title} (${each.service.name})`,
          each.severity,
          local(each.opened_at, time_zone),
        ],
        ...[after(each.acknowledged_after_ms), after(each.resolved_after_ms), String(each.pages)],
      ]),
    },
  }),
});

const noiseSection = ({ noisiest }: Report): Section => ({
  title: "Noisiest",
  lines: [],
  table: {
    head: ["What alerted", "Alerts", "Nobody acted on"],
    rows: noisiest.map(({ source, alerts, unanswered }) => [source, String(alerts), String(unanswered)]),
  },
});
