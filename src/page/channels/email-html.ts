import { escapeHtml } from "../../platform/html.ts";
import type { Item, Message, PageMessage } from "../message.ts";
import type { SubjectAlert } from "../model.ts";
import { dayOf, similarWords } from "../similar-words.ts";
import { sayTime, stateLine, whoElseLine } from "../words.ts";

const SANS = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const MONO = "ui-monospace,'JetBrains Mono',SFMono-Regular,Menlo,Consolas,monospace";

/** Everything is readable from the inline styles alone; these adapt what clients with a dark theme show. */
const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .ground { background:#0f1115 !important; } .card { background:#181b21 !important; border-color:#2d323b !important; }
  .ink { color:#f1f3f6 !important; } .soft { color:#a8b0bd !important; }
  .proof { background:#0f1115 !important; color:#e3e7ee !important; border-color:#2d323b !important; }
  .link { color:#a5b4fc !important; } .second { border-color:#4b5563 !important; color:#e3e7ee !important; }
}
@media (prefers-color-scheme: dark) { .is-page, .is-joined, .is-expiring { color:#ff8f85 !important; } .is-resolved { color:#47cd89 !important; } .is-answered { color:#a5b4fc !important; } }
`.trim();

const STATE_COLOUR = {
  page: "#b42318",
  joined: "#b42318",
  resolved: "#067647",
  answered: "#3730a3",
  expiring: "#b42318",
} as const;

const row = (inner: string, padding = "0 24px 16px"): string =>
  `<tr><td class="ink" style="padding:${padding};font:15px/1.5 ${SANS};color:#14171c">${inner}</td></tr>`;

const button = (url: string, label: string): string =>
  `<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" bgcolor="#3730a3" style="border-radius:8px;background:#3730a3"><a href="${escapeHtml(url)}" style="display:block;padding:18px 24px;font:600 18px/1.2 ${SANS};color:#ffffff;text-decoration:none;border-radius:8px">${escapeHtml(label)}</a></td></tr></table>`;

const second = (url: string, label: string): string =>
  `<a href="${escapeHtml(url)}" class="second" style="display:block;margin-top:10px;padding:12px 16px;border:1px solid #c4cad4;border-radius:8px;text-align:center;font:600 15px/1.2 ${SANS};color:#14171c;text-decoration:none">${escapeHtml(label)}</a>`;

const soft = (text: string): string =>
  `<div class="soft" style="font:14px/1.5 ${SANS};color:#5b6472">${escapeHtml(text)}</div>`;

function alertHtml(alert: SubjectAlert): string {
  const lines = [alert.reason, ...alert.evidence.filter((line) => line !== alert.reason)].filter(Boolean);
  const proof = lines.map(escapeHtml).join("<br>");
  return `<div style="font:600 15px/1.4 ${SANS};margin-bottom:6px">${escapeHtml(alert.title)}</div>
<div class="proof" style="padding:10px 12px;border:1px solid #dfe3e9;border-radius:6px;background:#f6f7f9;color:#14171c;font:13px/1.55 ${MONO};word-break:break-word">${proof}</div>`;
}

function actionsHtml(type: PageMessage["type"], { actions, subject }: Item): string {
  if (subject.status === "resolved") return "";
  const escalate = second(actions.escalate, "Can't take it: wake the next person");
  const resolve = second(actions.resolve, "Resolve");
  const first = type === "page" ? button(actions.acknowledge, "Acknowledge") : "";
  return row(`${first}${type === "answered" ? "" : escalate + resolve}`);
}

function runbookHtml({ subject: { runbook, url } }: Item): string {
  const link = (href: string, label: string) =>
    `<a href="${escapeHtml(href)}" class="link" style="color:#3730a3;font:600 15px/1.5 ${SANS}">${escapeHtml(label)}</a>`;
  const links = [link(url, "Open the incident")];
  if (runbook && "url" in runbook && /^https?:/i.test(runbook.url))
    links.unshift(link(runbook.url, "Runbook"));
  const text =
    runbook && "markdown" in runbook
      ? `<div style="margin-top:12px;font:14px/1.5 ${SANS};white-space:pre-wrap">${escapeHtml(runbook.markdown.slice(0, 4_000))}</div>`
      : "";
  return row(links.join(" &nbsp;·&nbsp; ") + text);
}

function similarHtml(message: PageMessage, { subject }: Item): string {
  if (subject.similar.length === 0) return "";
  const lines = subject.similar.slice(0, 3).map((similar) => {
    const { incident } = similar;
    const said = similarWords(similar, dayOf(message));
    return `<div style="margin-top:6px;font:14px/1.5 ${SANS}"><a href="${escapeHtml(incident.url)}" class="link" style="color:#3730a3">#${incident.number} ${escapeHtml(incident.title)}</a>${said ? `: ${escapeHtml(said)}` : ""}</div>`;
  });
  return row(`<div style="font:600 15px/1.4 ${SANS}">Seen before</div>${lines.join("")}`);
}

function itemHtml(message: PageMessage, item: Item): string {
  const { subject, page } = item;
  const where = subject.service ? `${subject.service.name} · ` : "";
  const colour = STATE_COLOUR[message.type];
  const label = [subject.severity, `${where}#${subject.number}`].filter(Boolean).join(" · ");
  return [
    row(
      `<div class="is-${message.type}" style="font:600 13px/1.4 ${SANS};color:${colour};letter-spacing:.02em">${escapeHtml(label)}</div>
<div style="margin-top:4px;font:700 22px/1.3 ${SANS}">${escapeHtml(subject.title)}</div>
<div style="margin-top:6px;font:600 15px/1.5 ${SANS}">${escapeHtml(stateLine(subject, message.person.timeZone))}</div>
${page ? soft(page.reason) : ""}`,
      "24px 24px 16px",
    ),
    actionsHtml(message.type, item),
    ...subject.alerts.map((alert) => row(alertHtml(alert))),
    runbookHtml(item),
    similarHtml(message, item),
    row(soft(whoElseLine(subject))),
  ].join("\n");
}

function bodyOf(message: Message): string {
  switch (message.type) {
    case "verification":
      return row(
        `<div style="font:16px/1.5 ${SANS}">Enter this code in Keepwatch to use this address for pages:</div>
<div style="margin:16px 0;font:700 36px/1.2 ${MONO};letter-spacing:.15em">${escapeHtml(message.code)}</div>
${soft(`It works for ${message.minutes} minutes. If you did not ask for it, ignore this mail.`)}`,
        "24px",
      );
    case "test":
      return row(
        `<div style="font:700 22px/1.3 ${SANS}">This works.</div>
<div style="margin-top:8px;font:16px/1.5 ${SANS}">Pages for ${escapeHtml(message.person.name)} will arrive here. Sent ${escapeHtml(sayTime(message.sentAt, message.person.timeZone))}.</div>`,
        "24px",
      );
    case "notice":
      return row(
        `<div style="font:700 22px/1.3 ${SANS}">${escapeHtml(message.title)}</div>
${message.lines.map((line) => `<div style="margin-top:8px;font:16px/1.5 ${SANS};white-space:pre-wrap">${escapeHtml(line)}</div>`).join("\n")}
${second(message.link, "Open in Keepwatch")}`,
        "24px",
      );
    default:
      return message.items
        .map((item, index) => (index < MOST_IN_FULL ? itemHtml(message, item) : itemLine(item)))
        .join(
          `<tr><td style="padding:0 24px"><div style="border-top:1px solid #dfe3e9;height:0"></div></td></tr>`,
        );
  }
}

/** Mail programs cut off what is longer than 100 kB: of a large bundle the rest is a line each, still with its answer. */
const MOST_IN_FULL = 5;

function itemLine({ subject, actions }: Item): string {
  const where = [subject.severity, subject.service?.name].filter(Boolean).join(" · ");
  const link = (url: string, label: string) =>
    `<a href="${escapeHtml(url)}" class="link" style="color:#3730a3">${escapeHtml(label)}</a>`;
  const answer = subject.status === "resolved" ? "" : ` · ${link(actions.acknowledge, "Acknowledge")}`;
  return row(`<b>${escapeHtml(where)}</b> ${link(subject.url, subject.title)}${answer}`, "10px 24px");
}

/** One mail: a 600 px table, no images, no script; `preheader` is what a list shows beside the subject. */
export function emailHtml(message: Message, { subject, preheader }: { subject: string; preheader: string }) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title><style>${STYLE}</style></head>
<body class="ground" style="margin:0;padding:0;background:#eef0f3">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preheader)}</div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" style="background:#eef0f3"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border:1px solid #dfe3e9;border-radius:12px">
${bodyOf(message)}
</table>
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px"><tr><td class="soft" style="padding:16px 24px;font:13px/1.5 ${SANS};color:#5b6472">Sent by <a href="${escapeHtml(message.url)}" class="soft" style="color:#5b6472">Keepwatch</a> to ${escapeHtml(message.person.name)}. Nobody reads replies to this mail.</td></tr></table>
</td></tr></table>
</body></html>
`;
}
