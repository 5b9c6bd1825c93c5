import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { Clock } from "../platform/clock.ts";

export interface CaughtMail {
  id: number;
  at: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** An SMTP server that delivers nothing: the demo shows here what would have been sent. Keeps the last 200 in memory. */
export interface MailCatcher extends AsyncDisposable {
  readonly url: string;
  list(): CaughtMail[];
}

const MOST_KEPT = 200;

export async function startMailCatcher(
  clock: Clock,
  caught: (mail: CaughtMail) => void = () => {},
): Promise<MailCatcher> {
  const kept: CaughtMail[] = [];
  let count = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      simpleParser(stream).then(
        (mail) => {
          count += 1;
          const to = [mail.to ?? []]
            .flat()
            .map((each) => each.text)
            .join(", ");
          const html = typeof mail.html === "string" ? mail.html : "";
          const item = {
            id: count,
            at: clock.now().toString(),
            to,
            subject: mail.subject ?? "",
            text: mail.text ?? "",
            html,
          };
          kept.unshift(item);
          kept.length = Math.min(kept.length, MOST_KEPT);
          caught(item);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  server.on("error", () => {});
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    list: () => [...kept],
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
