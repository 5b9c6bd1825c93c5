import nodemailer from "nodemailer";
import type { Attachment } from "nodemailer/lib/mailer/index.js";

export interface MailMessage {
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** Headers beside the usual ones, e.g. `In-Reply-To`. */
  headers?: Record<string, string>;
  messageId?: string;
  inReplyTo?: string;
  references?: string[];
  attachments?: Attachment[];
}

/** Outgoing mail. `available` is false when no server is configured; sending then throws. */
export interface Mail {
  readonly available: boolean;
  /** Resolves with the server's own words once it has accepted the message. Throws nodemailer's error otherwise. */
  send(message: MailMessage): Promise<{ id: string; response: string }>;
  close(): void;
}

export interface MailOptions {
  /** e.g. `smtps://user:password@mail.example.com` or `smtp://127.0.0.1:2525`; undefined: no mail. */
  url: string | undefined;
  from: string;
}

/** Any SMTP server: TLS with `smtps:`, STARTTLS when the server offers it with `smtp:`. */
export function createMail(options: MailOptions): Mail {
  if (!options.url) {
    return {
      available: false,
      send: () => Promise.reject(new Error("No mail server is configured. Set KEEPWATCH_SMTP_URL.")),
      close: () => {},
    };
  }
  const url = new URL(options.url);
  const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };
  const transport = nodemailer.createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || (url.protocol === "smtps:" ? 465 : 587)),
    secure: url.protocol === "smtps:",
    requireTLS: url.searchParams.get("starttls") === "required",
    tls: { rejectUnauthorized: url.searchParams.get("verify") !== "false" },
    auth: url.username
      ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
      : undefined,
    pool: true,
    maxConnections: 3,
    ...timeouts,
  });
  return {
    available: true,
    async send(message) {
      const info = await transport.sendMail({ from: options.from, ...message });
      return { id: info.messageId, response: info.response };
    },
    close: () => transport.close(),
  };
}
