import type { Message, PageMessage } from "./message.ts";
import type { Subject } from "./model.ts";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const clockTime = (at: Temporal.ZonedDateTime): string =>
  at.toPlainTime().toString({ smallestUnit: "second" });
const dayOf = (at: Temporal.ZonedDateTime): string =>
  `${DAYS[at.dayOfWeek - 1]} ${at.day} ${MONTHS[at.month - 1]}`;

/** A person's own clock, with UTC beside it: "Mon 23 Nov, 10:02:11 Europe/Paris (09:02:11 UTC)". */
export function sayTime(at: Temporal.Instant, timeZone: string): string {
  const utc = at.toZonedDateTimeISO("UTC");
  if (timeZone === "UTC") return `${dayOf(utc)}, ${clockTime(utc)} UTC`;
  const local = at.toZonedDateTimeISO(timeZone);
  const utcDay = local.day === utc.day ? "" : `${dayOf(utc)}, `;
  return `${dayOf(local)}, ${clockTime(local)} ${timeZone} (${utcDay}${clockTime(utc)} UTC)`;
}

const severityTag = (subject: Subject): string => (subject.severity ? `[${subject.severity}] ` : "");

/** What and where: "Shop: Shop home is down". A title that begins with its service is not said twice. */
function what(subject: Subject): string {
  const { service, title } = subject;
  if (!service || title.toLowerCase().startsWith(`${service.name.toLowerCase()}:`)) return title;
  return `${service.name}: ${title}`;
}

const TELLS: Record<PageMessage["type"], string> = {
  page: "",
  resolved: "Resolved: ",
  joined: "More failing: ",
  answered: "Answered: ",
  expiring: "Still on it? Your acknowledgement runs out: ",
};

/** The one line that is read on a lock screen; its first 40 characters say how bad, what and where. */
export function headline(message: Message): string {
  switch (message.type) {
    case "verification":
      return `${message.code} is your Keepwatch code`;
    case "test":
      return "Test from Keepwatch: this works";
    case "notice":
      return oneLine(message.title);
    default:
      return oneLine(pageHeadline(message));
  }
}

function pageHeadline({ type, items }: PageMessage): string {
  const [first] = items;
  const tag = `${TELLS[type]}${severityTag(first.subject)}`;
  if (items.length === 1) return tag + what(first.subject);
  const places = [...new Set(items.map(({ subject }) => subject.service?.name ?? subject.title))];
  return `${tag}${items.length} incidents: ${places.join(", ")}`;
}

/** Outside text in one line: no control characters, so that it can't add headers or lines of its own. */
export const oneLine = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ")
    .replace(/ {2,}/g, " ")
    .trim();

/** What is to be known first: since when, or that it is over. */
export function stateLine(subject: Subject, timeZone: string): string {
  if (subject.resolved) return `Resolved ${sayTime(subject.resolved.at, timeZone)}: ${subject.resolved.how}`;
  if (subject.acknowledged)
    return `Acknowledged by ${subject.acknowledged.by}, ${sayTime(subject.acknowledged.at, timeZone)}`;
  return `Failing since ${sayTime(subject.since, timeZone)}`;
}

export const whoElseLine = (subject: Subject): string =>
  subject.whoElse.length === 0
    ? "Nobody else has been paged."
    : `Also paged: ${subject.whoElse.map(({ name, level }) => `${name} (level ${level})`).join(", ")}`;
