import { z } from "zod";
import type { MailMessage } from "../../platform/mail.ts";
import { isAboutSubject, type Message } from "../message.ts";
import type { SendResult } from "../model.ts";
import { headline, oneLine, stateLine } from "../words.ts";
import { defineChannel } from "./channel.ts";
import { emailHtml } from "./email-html.ts";
import { emailText } from "./email-text.ts";

const address = z
  .object({ email: z.email("give an e-mail address, e.g. ada@example.com").max(254) })
  .strict();

const docs = `
Sends each page as a mail: what failed, since when in your own time zone, the failing check's own words, who else was
paged, the runbook, and buttons to acknowledge, hand on or resolve with one tap, without signing in.

All mails about one incident form one thread. Needs a mail server: set \`KEEPWATCH_SMTP_URL\` and, for the sender,
\`KEEPWATCH_MAIL_FROM\`. A server that refuses the address for good (5xx) makes Keepwatch use the person's next
contact method at once; any other failure is tried again. Mail wakes nobody: have a second method for the night.
`.trim();

/** The message as nodemailer takes it, but for the recipient. */
export type RenderedMail = Omit<MailMessage, "to">;

/** What a mail list shows beside the subject. */
function preheader(message: Message): string {
  switch (message.type) {
    case "verification":
      return `It works for ${message.minutes} minutes.`;
    case "test":
      return "Pages will arrive here.";
    case "notice":
      return oneLine(message.lines[0] ?? "");
    default: {
      const { subject } = message.items[0];
      const reason = subject.alerts[0]?.reason;
      return oneLine([reason, stateLine(subject, message.person.timeZone)].filter(Boolean).join(" · "));
    }
  }
}

/**
 * All mails about one incident to one person refer to one thread id that no mail has itself, so that the thread holds
 * together whichever of them arrive. A try's repetition carries the same Message-ID: servers drop the second.
 */
function threading(message: Message): Pick<RenderedMail, "messageId" | "inReplyTo" | "references"> {
  const host = new URL(message.url).hostname;
  const messageId = `<delivery-${message.deliveryId}@${host}>`;
  if (!isAboutSubject(message)) return { messageId };
  const person = message.person.email.toLowerCase().replace(/[^a-z0-9.]+/g, ".");
  const roots = message.items
    .slice(0, 20)
    .map(({ subject }) => `<${subject.kind}-${subject.id}.${person}@${host}>`);
  return { messageId, inReplyTo: roots[0], references: roots };
}

function urgencyHeaders(message: Message): Record<string, string> {
  const urgent = message.type === "page" && message.items.some(({ subject }) => subject.urgency === "high");
  return urgent ? { Importance: "high", "X-Priority": "1" } : {};
}

export function renderMail(message: Message): RenderedMail {
  const subject = headline(message);
  return {
    subject,
    text: emailText(message),
    html: emailHtml(message, { subject, preheader: preheader(message) }),
    // Automatic mail: no out-of-office answers, please.
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      ...urgencyHeaders(message),
    },
    ...threading(message),
  };
}

/** A server's 5xx is for good; 4xx, time-outs and lost connections are for now. */
export function judgeMailError(error: unknown): SendResult {
  const why = error instanceof Error ? oneLine(error.message) : String(error);
  const code =
    typeof error === "object" && error !== null && "responseCode" in error ? error.responseCode : 0;
  return typeof code === "number" && code >= 500 ? { kind: "refused", why } : { kind: "retry", why };
}

const NO_SERVER = "No mail server is configured. Set KEEPWATCH_SMTP_URL.";

export const email = defineChannel({
  id: "email",
  label: "E-mail",
  address,
  secrets: [],
  form: [
    {
      name: "email",
      label: "E-mail address",
      type: "email",
      help: "Pages are sent here, with one-tap answers",
      required: true,
    },
  ],
  docs,
  receipt: "none",
  wakes: false,
  providers: [],
  destination: (to) => to.email,
  unavailable: ({ mail }) => (mail.available ? null : NO_SERVER),
  render: renderMail,
  async send(to, message, { mail, signal }) {
    if (!mail.available) return { kind: "refused", why: NO_SERVER };
    try {
      const { id, response } = await mail.send({ to: to.email, ...renderMail(message) });
      return { kind: "accepted", providerId: id, detail: response };
    } catch (error) {
      if (signal.aborted) throw error;
      return judgeMailError(error);
    }
  },
});
