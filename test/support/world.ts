import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const listen = async (server: Server, port = 0): Promise<number> => {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
};

const close = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
};

/** An HTTP target to watch, whose answer the test changes. */
export interface Target extends AsyncDisposable {
  url: string;
  answer: { status: number; body: string; delayMs: number };
  hits(): number;
  /** When the last failing answer went out, by performance.now(). */
  lastFailureAt(): number;
}

export async function startTarget(): Promise<Target> {
  let hits = 0;
  let lastFailureAt = 0;
  const answer = { status: 200, body: "Add to basket", delayMs: 0 };
  const server = createServer((_request, response) => {
    hits += 1;
    setTimeout(() => {
      response.writeHead(answer.status, { "content-type": "text/html" });
      response.end(answer.body);
      if (answer.status >= 400) lastFailureAt = performance.now();
    }, answer.delayMs);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    answer,
    hits: () => hits,
    lastFailureAt: () => lastFailureAt,
    [Symbol.asyncDispose]: () => close(server),
  };
}

export interface Received {
  at: number;
  type: string;
  delivery_id: string;
  incident: { id: string; number: number; title: string; status: string };
  person: { email: string; name: string };
  actions: Record<"acknowledge" | "resolve" | "escalate", { url: string }>;
  page: { id: string; reason: string };
}

/** Receives webhooks, checks each signature by its own computation, and can be told to refuse. */
export interface Receiver extends AsyncDisposable {
  url: string;
  received: Received[];
  badSignatures: number;
  /** Answers with this status from now on. */
  status: number;
}

export async function startReceiver(secret: string): Promise<Receiver> {
  const state = { received: [] as Received[], badSignatures: 0, status: 200 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const at = performance.now();
      const body = Buffer.concat(chunks).toString("utf8");
      if (!signatureHolds(String(request.headers["keepwatch-signature"]), body, secret))
        state.badSignatures += 1;
      if (state.status < 300) state.received.push({ ...(JSON.parse(body) as Received), at });
      response.writeHead(state.status).end();
    });
  });
  const port = await listen(server);
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/hook`,
    [Symbol.asyncDispose]: () => close(server),
  });
}

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.rawbody">` */
function signatureHolds(header: string, body: string, secret: string): boolean {
  const [, time, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  return given === createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
}

/** A real SMTP server that keeps what it is sent. */
export interface MailBox extends AsyncDisposable {
  url: string;
  mails: ParsedMail[];
}

export async function startMailBox(): Promise<MailBox> {
  const mails: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      simpleParser(stream).then(
        (mail) => {
          mails.push(mail);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())),
  };
}
