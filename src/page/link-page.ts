import { createHash } from "node:crypto";
import { escapeHtml } from "../platform/html.ts";
import type { Verb } from "./answer.ts";
import type { Subject } from "./model.ts";
import { sayTime, stateLine } from "./words.ts";

/** On the button, and while it is being asked. */
export const VERB_WORDS: Record<Verb, { button: string; title: string }> = {
  acknowledge: { button: "Acknowledge", title: "Acknowledge" },
  resolve: { button: "Resolve", title: "Resolve" },
  escalate: { button: "Wake the next person", title: "Can't take it?" },
};

const STYLE = `
:root { color-scheme: light dark; --ground:#eef0f3; --card:#fff; --line:#dfe3e9; --ink:#14171c; --soft:#5b6472; --act:#3730a3; }
@media (prefers-color-scheme: dark) { :root { --ground:#0f1115; --card:#181b21; --line:#2d323b; --ink:#f1f3f6; --soft:#a8b0bd; --act:#4f46e5; } }
* { box-sizing:border-box; }
body { margin:0; min-height:100vh; display:grid; place-items:center; padding:16px; background:var(--ground); color:var(--ink); font:16px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Helvetica,Arial,sans-serif; }
main { width:100%; max-width:480px; padding:24px; background:var(--card); border:1px solid var(--line); border-radius:12px; overflow-wrap:anywhere; }
h1 { margin:4px 0 8px; font-size:22px; line-height:1.3; }
p { margin:0 0 12px; } .soft { color:var(--soft); font-size:14px; } .says { font-weight:600; }
button { width:100%; min-height:64px; margin:12px 0; border:0; border-radius:10px; background:var(--act); color:#fff; font-family:inherit; font-size:20px; font-weight:600; cursor:pointer; }
button:focus-visible, a:focus-visible { outline:3px solid var(--ink); outline-offset:3px; }
a { color:inherit; }
`.trim();

/** Nothing may load or run but this very style and the page's own form. */
export const LINK_PAGE_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeHtml(title)} · Keepwatch</title><style>${STYLE}</style></head>
<body><main>
${body}
</main></body></html>
`;
}

/** A page that only says something. `url`: where to read on. */
export function sayingPage(title: string, text: string, url?: string): string {
  const more = url ? `<p><a href="${escapeHtml(url)}">Open the incident</a></p>` : "";
  return document(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${more}`);
}

function about(subject: Subject, timeZone: string): string {
  const head = [subject.severity, subject.service?.name, `incident #${subject.number}`].filter(Boolean);
  const firing = subject.alerts.find((alert) => alert.status === "firing") ?? subject.alerts[0];
  const reason = firing && subject.status !== "resolved" ? `<p>${escapeHtml(firing.reason)}</p>` : "";
  return `<p class="soft">${escapeHtml(head.join(" · "))}</p><h1>${escapeHtml(subject.title)}</h1>
<p class="says">${escapeHtml(stateLine(subject, timeZone))}</p>${reason}`;
}

const readOn = (subject: Subject): string =>
  `<p><a href="${escapeHtml(subject.url)}">Open the incident</a></p>`;

/** What a link does now: false when it is too late, with the reason in words. */
export function stillAsks(
  subject: Subject,
  verb: Verb,
  timeZone: string,
): { yes: true } | { yes: false; why: string } {
  if (subject.resolved || subject.status === "resolved") {
    const when = subject.resolved ? `, ${sayTime(subject.resolved.at, timeZone)}` : "";
    return { yes: false, why: `It is resolved${when}. There is nothing left to do.` };
  }
  if (verb === "acknowledge" && subject.status === "acknowledged")
    return { yes: false, why: "Somebody has it already." };
  return { yes: true };
}

/** One question, one button. Works without scripts and without signing in. */
export function askingPage({
  subject,
  verb,
  timeZone,
}: {
  subject: Subject;
  verb: Verb;
  timeZone: string;
}): string {
  const asks = stillAsks(subject, verb, timeZone);
  const words = VERB_WORDS[verb];
  const action = asks.yes
    ? `<form method="post"><button type="submit">${words.button}</button></form>`
    : `<p class="says">${escapeHtml(asks.why)}</p>`;
  return document(`${words.title}: ${subject.title}`, about(subject, timeZone) + action + readOn(subject));
}

/** What came of pressing the button. */
export function answeredPage({
  subject,
  text,
  timeZone,
}: {
  subject: Subject;
  text: string;
  timeZone: string;
}): string {
  return document(text, `<h1>${escapeHtml(text)}</h1>${about(subject, timeZone)}${readOn(subject)}`);
}
