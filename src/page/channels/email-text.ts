import type { Item, Message, PageMessage } from "../message.ts";
import { dayOf, similarWords } from "../similar-words.ts";
import { sayTime, stateLine, whoElseLine } from "../words.ts";

/** The same mail as plain text: what watches, terminals and screen readers get. */
export function emailText(message: Message): string {
  const end = `-- \nKeepwatch, ${message.url}\nNobody reads replies to this mail.\n`;
  switch (message.type) {
    case "verification":
      return `${message.code}\n\nEnter this code in Keepwatch to use this address for pages. It works for ${message.minutes} minutes.\nIf you did not ask for it, ignore this mail.\n\n${end}`;
    case "test":
      return `This works: pages for ${message.person.name} will arrive here.\nSent ${sayTime(message.sentAt, message.person.timeZone)}.\n\n${end}`;
    case "notice":
      return `${[message.title, ...message.lines, "", message.link].join("\n")}\n\n${end}`;
    default:
      return `${message.items.map((item) => itemText(message, item)).join(`\n${"=".repeat(60)}\n\n`)}\n${end}`;
  }
}

function itemText(message: PageMessage, item: Item): string {
  const { subject, page } = item;
  const head = [
    subject.severity,
    subject.service?.name,
    `incident #${subject.number}, ${subject.urgency} urgency`,
  ];
  const blocks = [
    [
      subject.title,
      head.filter(Boolean).join(" · "),
      stateLine(subject, message.person.timeZone),
      ...(page ? [page.reason] : []),
    ],
    actionLines(message.type, item),
    ...subject.alerts.map((alert) => [
      alert.title,
      ...[alert.reason, ...alert.evidence.filter((line) => line !== alert.reason)]
        .filter(Boolean)
        .map((line) => `  ${line}`),
    ]),
    runbookLines(item),
    similarLines(message, item),
    [whoElseLine(subject)],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function actionLines(type: PageMessage["type"], { actions, subject }: Item): string[] {
  if (subject.status === "resolved" || type === "answered") return [];
  const acknowledge = type === "page" ? [`Acknowledge: ${actions.acknowledge}`] : [];
  return [
    ...acknowledge,
    `Can't take it, wake the next person: ${actions.escalate}`,
    `Resolve: ${actions.resolve}`,
  ];
}

function runbookLines({ subject: { runbook, url } }: Item): string[] {
  const open = `Incident: ${url}`;
  if (!runbook) return [open];
  return "url" in runbook
    ? [`Runbook: ${runbook.url}`, open]
    : [open, "", "Runbook:", runbook.markdown.slice(0, 4_000)];
}

const similarLines = (message: PageMessage, { subject }: Item): string[] =>
  subject.similar.length === 0
    ? []
    : [
        "Seen before:",
        ...subject.similar
          .slice(0, 3)
          .map(
            (similar) =>
              `  #${similar.incident.number} ${similar.incident.title}: ${similarWords(similar, dayOf(message))}\n  ${similar.incident.url}`,
          ),
      ];
