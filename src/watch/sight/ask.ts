import dns from "node:dns";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Outcome, Question, Reference } from "./model.ts";

type Heard = Pick<Outcome, "answer" | "words">;

/** Asks one reference. Never rejects, and ends within `limitMs`. */
export async function askReference(reference: Reference, limitMs: number): Promise<Outcome> {
  const late = Promise.withResolvers<Heard>();
  const limit = new AbortController();
  const timer = setTimeout(() => {
    late.resolve({ answer: "silent", words: "did not answer" });
    limit.abort();
  }, limitMs);
  try {
    const heard = await Promise.race([late.promise, asked(reference.ask, limit.signal)]);
    return { reference, ...heard };
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

const asked = (question: Question, signal: AbortSignal): Promise<Heard> => {
  switch (question.by) {
    case "connection":
      return anyPort(question, signal);
    case "name server":
      return nameServer(question.server, signal);
    case "web":
      return web(question, signal);
  }
};

const OK: Heard = { answer: "ok", words: "answered" };
const silent = (error: unknown): Heard => ({
  answer: "silent",
  words: `did not answer (${codeOf(error)})`,
});
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
};

async function anyPort(
  { host, ports }: { host: string; ports: readonly number[] },
  signal: AbortSignal,
): Promise<Heard> {
  const tries = ports.map((port) => connection(host, port, { signal, refusedIsFine: ports.length > 1 }));
  try {
    return await Promise.any(tries);
  } catch (error) {
    return silent(error instanceof AggregateError ? error.errors[0] : error);
  }
}

interface Connecting {
  signal: AbortSignal;
  /** Of a machine of which no open port is known a refusal shows as much as a connection. */
  refusedIsFine: boolean;
}

function connection(host: string, port: number, { signal, refusedIsFine }: Connecting): Promise<Heard> {
  const { promise, resolve, reject } = Promise.withResolvers<Heard>();
  const socket = net.connect({ host, port });
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  socket.once("connect", () => {
    resolve(OK);
    socket.destroy();
  });
  socket.on("error", (error) =>
    refusedIsFine && codeOf(error) === "ECONNREFUSED" ? resolve(OK) : reject(error),
  );
  return promise;
}

/** Answers that say the server is there and works, if without an answer to the question. */
const WORKS = new Set(["ENODATA", "ENOTFOUND"]);
const TRY_MS = 700;

async function nameServer(server: string, signal: AbortSignal): Promise<Heard> {
  const resolver = new dns.promises.Resolver({ timeout: TRY_MS, tries: 2 });
  resolver.setServers([server]);
  signal.addEventListener("abort", () => resolver.cancel(), { once: true });
  try {
    await resolver.resolveNs(".");
    return OK;
  } catch (error) {
    return WORKS.has(codeOf(error)) ? OK : silent(error);
  }
}

const STRANGER = new Set([
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
const NETWORK_AUTHENTICATION_REQUIRED = 511;

function web({ url, status }: { url: string; status: number | null }, signal: AbortSignal): Promise<Heard> {
  const { promise, resolve } = Promise.withResolvers<Heard>();
  const target = new URL(url);
  const { get } = target.protocol === "https:" ? https : http;
  const request = get(target, { signal, agent: false }, (answer) => {
    const got = answer.statusCode ?? 0;
    resolve(judged({ url: target, wanted: status, got, location: answer.headers.location }));
    answer.destroy();
  });
  request.on("error", (error) =>
    resolve(
      STRANGER.has(codeOf(error))
        ? { answer: "odd", words: "showed a certificate that is not its own" }
        : silent(error),
    ),
  );
  return promise;
}

interface WebAnswer {
  url: URL;
  wanted: number | null;
  got: number;
  location: string | undefined;
}

function judged({ url, wanted, got, location }: WebAnswer): Heard {
  if (wanted !== null)
    return got === wanted ? OK : { answer: "odd", words: `answered ${got}, not ${wanted}` };
  if (got === NETWORK_AUTHENTICATION_REQUIRED) return { answer: "odd", words: "answered 511" };
  const to = location && URL.canParse(location, url.href) ? new URL(location, url) : null;
  const away = got >= 300 && got < 400 && to !== null && to.hostname !== url.hostname;
  return away ? { answer: "odd", words: `redirected to ${to.hostname}` } : OK;
}
