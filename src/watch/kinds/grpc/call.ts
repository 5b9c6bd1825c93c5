import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import { addressOf, connect } from "../base/connection.ts";
import { http2Failure } from "../base/http2-failure.ts";
import { tlsWishOf } from "../base/tls-wish.ts";
import type { Trace } from "../base/trace.ts";
import type { CheckContext } from "../kind.ts";
import { GRPC_PORT, type GrpcConfig } from "./config.ts";
import { callFailure, connectFailure, noHttp2, notGrpc, notHealth } from "./failure.ts";
import { requestFor, statusIn } from "./message.ts";

const PATH = "/grpc.health.v1.Health/Check";
/** Read of an answer of seven bytes. */
const MOST_BYTES = 65_536;

interface Hands {
  context: CheckContext;
  trace: Trace;
}

/** Asks over a connection of its own; the number that stands for the health. Rejects with a `Failure`. */
export async function askHealth(config: GrpcConfig, { context, trace }: Hands): Promise<number> {
  const deadlineMs = context.monotonicMs() + context.timeoutMs;
  const { host, port = GRPC_PORT } = config;
  const wish = tlsWishOf(config.tls);
  const tls = wish ? { ...wish, alpn: ["h2"] } : undefined;
  const socket = await connect({ host, port, tls }, context, trace).catch((error: unknown) => {
    throw connectFailure(error);
  });
  if (trace.certificate && trace.certificate.alpnProtocol !== "h2") throw noHttp2();
  trace.enter("first_byte");
  // A little less than the check has, so that the server's own words arrive.
  const leftMs = Math.max(1, Math.floor((deadlineMs - context.monotonicMs()) * 0.9));
  return call(socket, headersFor(config, leftMs), { trace, service: config.grpc_service });
}

function headersFor(
  { host, port = GRPC_PORT, tls, metadata }: GrpcConfig,
  leftMs: number,
): http2.OutgoingHttpHeaders {
  const name = tlsWishOf(tls)?.serverName ?? host;
  return {
    ":method": "POST",
    ":scheme": tls === undefined ? "http" : "https",
    ":authority": addressOf(name, port),
    ":path": PATH,
    "content-type": "application/grpc",
    te: "trailers",
    "user-agent": "Keepwatch",
    "grpc-timeout": `${leftMs}m`,
    ...metadata,
  };
}

interface Asking {
  trace: Trace;
  service: string | undefined;
}

async function call(socket: Socket, headers: http2.OutgoingHttpHeaders, asking: Asking): Promise<number> {
  const session = http2.connect(`http://${headers[":authority"]}`, {
    createConnection: () => socket,
    settings: { enablePush: false },
  });
  try {
    const stream = session.request(headers);
    stream.end(requestFor(asking.service ?? ""));
    return await answerOf(session, stream, asking);
  } finally {
    session.destroy();
  }
}

function answerOf(session: ClientHttp2Session, stream: ClientHttp2Stream, asking: Asking): Promise<number> {
  const { trace, service } = asking;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const fails = (error: unknown) => reject(http2Failure(error, "call"));
  let trailers: IncomingHttpHeaders = {};
  session.on("error", fails);
  stream.on("error", fails);
  stream.on("response", (answer) => {
    headIn(answer, trace);
    // A call that fails at once has but one block of headers, with what else stands in the trailers.
    trailers = answer;
  });
  stream.on("trailers", (block) => {
    trailers = block;
  });
  stream.on("data", (chunk: Buffer) => {
    trace.body.push(chunk);
    trace.bodyBytes += chunk.length;
    if (trace.bodyBytes > MOST_BYTES) reject(notHealth("it is longer than 64 KB"));
  });
  stream.on("end", () => {
    try {
      resolve(judged(trailers, { trace, service }));
    } catch (error) {
      reject(error);
    }
  });
  // Last of all, also where nothing came: whatever is settled by now stays so.
  stream.on("close", () => reject(hungUp()));
  session.on("close", () => reject(hungUp()));
  return promise;
}

const hungUp = (): Error => Object.assign(new Error("closed"), { code: "ECONNRESET" });

/** Keeps the head of the answer as evidence. */
function headIn(answer: IncomingHttpHeaders & { ":status"?: number }, trace: Trace): void {
  trace.enter("transfer");
  trace.httpVersion = "2.0";
  trace.status = answer[":status"] ?? null;
  trace.headers = Object.fromEntries(Object.entries(answer).filter(([name]) => !name.startsWith(":")));
}

function judged(trailers: IncomingHttpHeaders, { trace, service }: Asking): number {
  const code = numberIn(trailers["grpc-status"]);
  if (code === null) {
    if (trace.status === null) throw hungUp();
    const type = trace.headers["content-type"];
    if (trace.status !== 200 || !type?.startsWith("application/grpc")) throw notGrpc(trace.status, type);
    throw notHealth("it ended without grpc-status");
  }
  trace.headers["grpc-status"] = String(code);
  const message = [trailers["grpc-message"]].flat()[0];
  if (message) trace.headers["grpc-message"] = message;
  if (code !== 0) throw callFailure(code, message, service);
  const health = statusIn(Buffer.concat(trace.body));
  if (health === null) throw notHealth("its message cannot be read");
  return health;
}

function numberIn(header: string | string[] | undefined): number | null {
  const text = [header].flat()[0] ?? "";
  return /^\d{1,3}$/.test(text) ? Number(text) : null;
}
