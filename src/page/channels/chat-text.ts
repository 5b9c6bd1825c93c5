import type { Item, Message, PageMessage } from "../message.ts";
import { dayOf, similarWords } from "../similar-words.ts";
import { headline, oneLine, sayTime, stateLine, whoElseLine } from "../words.ts";

/** Alerts of one incident that a chat message shows before it says how many more there are. */
const MOST_ALERTS = 5;
const MOST_LINE = 300;

export interface ChatText {
  /** The line for the lock screen: how bad, what, where. */
  head: string;
  /** What follows it, line by line; outside text is in one line each. */
  lines: string[];
  /** Where the incident is, when the message is about a single one. */
  url: string | null;
}

/** A message as a chat shows it: plain text, no markup. What a channel can't show as a button it adds as a link. */
export function chatText(message: Message): ChatText {
  switch (message.type) {
    case "verification":
      return {
        head: headline(message),
        lines: [
          `Enter it in Keepwatch within ${message.minutes} minutes. If you did not ask for it, ignore this.`,
        ],
        url: null,
      };
    case "test":
      return {
        head: headline(message),
        lines: [
          `Pages for ${oneLine(message.person.name)} will arrive here.`,
          `Sent ${sayTime(message.sentAt, message.person.timeZone)}.`,
        ],
        url: message.url,
      };
    case "notice":
      return {
        head: headline(message),
        lines: message.lines.map((line) => cut(oneLine(line))),
        url: message.link,
      };
    default:
      return message.items.length === 1
        ? {
            head: headline(message),
            lines: itemLines(message, message.items[0]),
            url: message.items[0].subject.url,
          }
        : { head: headline(message), lines: message.items.map(bundleLine), url: `${message.url}/incidents` };
  }
}

const bundleLine = ({ subject }: Item): string =>
  cut([`#${subject.number}`, subject.severity, oneLine(subject.title)].filter(Boolean).join(" "));

function itemLines(message: PageMessage, { subject, page }: Item): string[] {
  const alerts = subject.alerts
    .slice(0, MOST_ALERTS)
    .map(({ title, reason }) => cut(oneLine(`${title}: ${reason}`)));
  const more = subject.alerts.length - alerts.length;
  const [known] = subject.similar;
  const place = [`#${subject.number}`, subject.service?.name, `${subject.urgency} urgency`];
  return [
    oneLine(place.filter(Boolean).join(" · ")),
    stateLine(subject, message.person.timeZone),
    ...alerts,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(page && message.type === "page" ? [oneLine(page.reason)] : []),
    ...(message.type === "page" ? [whoElseLine(subject)] : []),
    ...(known
      ? [cut(oneLine(`Seen before: #${known.incident.number}. ${similarWords(known, dayOf(message))}`))]
      : []),
    ...(subject.runbook && "url" in subject.runbook ? [`Runbook: ${subject.runbook.url}`] : []),
  ];
}

const cut = (line: string): string => (line.length > MOST_LINE ? `${line.slice(0, MOST_LINE - 1)}…` : line);

/** At most `limit` UTF-16 units, the last ones being "…" when something was left out; never half a character. */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const short = text.slice(0, limit - 1);
  return `${/[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short}…`;
}
