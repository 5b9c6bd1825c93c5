import { escapeHtml } from "../platform/html.ts";
import type { MailMessage } from "../platform/mail.ts";

interface Letter {
  subject: string;
  /** Paragraphs of plain text. */
  before: readonly string[];
  button: { label: string; url: string };
  after: readonly string[];
}

const FONT = "font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** One letter, as plain text and as HTML that needs no images and no styles of its own to be read. */
function compose(to: string, letter: Letter): MailMessage {
  const { before, button, after } = letter;
  const paragraph = (text: string) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(letter.subject)}</title></head>
<body style="margin:0;padding:32px 16px;${FONT}">
<div style="max-width:520px;margin:0 auto">
${before.map(paragraph).join("\n")}
<p style="margin:24px 0"><a href="${escapeHtml(button.url)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#3730a3;color:#ffffff;text-decoration:none;font-weight:600">${escapeHtml(button.label)}</a></p>
${after.map(paragraph).join("\n")}
<p style="margin:24px 0 0;font-size:13px;color:#6b7280">If the button does nothing, open this address:<br><a href="${escapeHtml(button.url)}" style="color:#6b7280;word-break:break-all">${escapeHtml(button.url)}</a></p>
</div></body></html>`;
  const text = [...before, `${button.label}:\n${button.url}`, ...after].join("\n\n");
  return { to, subject: letter.subject, text: `${text}\n`, html };
}

export const resetMail = (to: { name: string; email: string }, url: string): MailMessage =>
  compose(to.email, {
    subject: "Choose a new password for Keepwatch",
    before: [`Hello ${to.name},`, "Somebody, hopefully you, asked for a new password to Keepwatch."],
    button: { label: "Choose a new password", url },
    after: ["The link works once and for one hour. If it wasn't you, ignore this mail: nothing has changed."],
  });

export interface InvitationLetter {
  to: { name: string; email: string };
  from: string;
  /** The installation's name. */
  installation: string;
  url: string;
}

export const invitationMail = ({ to, from, installation, url }: InvitationLetter): MailMessage =>
  compose(to.email, {
    subject: `${from} invites you to ${installation}`,
    before: [
      `Hello ${to.name},`,
      `${from} invites you to ${installation}, where incidents are noticed, answered and learnt from.`,
    ],
    button: { label: "Choose a password", url },
    after: ["The link works once and for seven days. Ask for another when it has run out."],
  });
