/** One shift as calendar programs are told of it. */
export interface CalendarEvent {
  uid: string;
  from: Temporal.Instant;
  to: Temporal.Instant;
  summary: string;
  description: string;
  url: string;
}

export interface RevisedEvent extends CalendarEvent {
  /** When it last changed, and how often it did. */
  at: Temporal.Instant;
  sequence: number;
}

export interface Calendar {
  name: string;
  timeZone: string;
  events: readonly RevisedEvent[];
  /** Minutes before each shift at which the program is to remind. */
  remindMinutes: number | undefined;
}

/** How often programs are asked to look again; many keep their own pace (Google's is 8 to 24 hours). */
const REFRESH = "PT15M";
const FOLD_OCTETS = 75;

/**
 * A calendar as RFC 5545 writes it, to be subscribed to.
 *
 * A subscribed calendar is a whole that replaces the one read before (RFC 5546 §3.2.1 has PUBLISH for it, and Google,
 * Apple and Outlook treat what they fetch so with or without METHOD). Hence a shift that is gone is left out: sent as
 * STATUS:CANCELLED it would stay, struck through in Apple's, as "Canceled: …" in Outlook's, and in Google's until it
 * is past. A shift that moves or goes to another person has its UID (§3.8.4.7) and a higher SEQUENCE (§3.8.7.4), so
 * that no program shows it twice. Without METHOD, DTSTAMP is when the event was last revised (§3.8.7.2), the same as
 * LAST-MODIFIED, and does not differ from one reading to the next: a program sees nothing new where nothing is.
 *
 * Times are UTC (§3.3.5, form 2). A shift is an instant to an instant and never recurs, so a VTIMEZONE would say
 * nothing more and could only be read wrongly; programs show the reader's own zone either way. Shifts don't make
 * anybody busy (§3.8.2.7): people on call still have meetings.
 */
export function writeCalendar({ name, timeZone, events, remindMinutes }: Calendar): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Keepwatch//On call//EN",
    "CALSCALE:GREGORIAN",
    `NAME:${escapeText(name)}`,
    `X-WR-CALNAME:${escapeText(name)}`,
    `X-WR-TIMEZONE:${escapeText(timeZone)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
    `X-PUBLISHED-TTL:${REFRESH}`,
    ...events.flatMap((event) => eventLines(event, remindMinutes)),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join("");
}

function eventLines(event: RevisedEvent, remindMinutes: number | undefined): string[] {
  const revised = utc(event.at);
  return [
    "BEGIN:VEVENT",
    `UID:${escapeText(event.uid)}`,
    `DTSTAMP:${revised}`,
    `LAST-MODIFIED:${revised}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTART:${utc(event.from)}`,
    `DTEND:${utc(event.to)}`,
    `SUMMARY:${escapeText(event.summary)}`,
    `DESCRIPTION:${escapeText(event.description)}`,
    `URL:${event.url}`,
    "STATUS:CONFIRMED",
    "TRANSP:TRANSPARENT",
    "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ...(remindMinutes === undefined ? [] : alarmLines(event, remindMinutes)),
    "END:VEVENT",
  ];
}

const alarmLines = (event: CalendarEvent, minutes: number): string[] => [
  "BEGIN:VALARM",
  "ACTION:DISPLAY",
  `DESCRIPTION:${escapeText(event.summary)}`,
  `TRIGGER:-PT${minutes}M`,
  "END:VALARM",
];

const utc = (at: Temporal.Instant): string =>
  at.toString({ smallestUnit: "second", roundingMode: "floor" }).replaceAll(/[-:]/g, "");

/** TEXT (§3.3.11): backslash, semicolon, comma and line ends are escaped; other control characters may not stand there. */
export const escapeText = (text: string): string =>
  text
    .replaceAll(/[\\;,]/g, "\\$&")
    .replaceAll(/\r\n|\r|\n/g, "\\n")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");

/** Lines of at most 75 octets (§3.1), each but the first begun with a blank; never within a character of UTF-8. */
export function foldLine(line: string): string {
  let [folded, octets] = ["", 0];
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > FOLD_OCTETS) {
      folded += "\r\n ";
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return folded;
}
