import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type WebSocket from "ws";
import { type ConnectionWanted, connect } from "../base/connection.ts";
import { bodyText } from "../base/evidence.ts";
import { Failure } from "../base/failure.ts";
import { listOf } from "../base/fields.ts";
import { quote, visible } from "../base/finding.ts";
import { redactUrl } from "../base/redact.ts";
import type { Trace } from "../base/trace.ts";
import { bareHost } from "../http/config.ts";
import type { TlsConfig } from "../http/connection-config.ts";
import { type Identity, identityOf } from "../http/secure.ts";
import type { CheckContext } from "../kind.ts";
import type { WebsocketConfig } from "./config.ts";

/** The longest message that is read, and all messages of one check together. */
export const MOST_BYTES = 1_048_576;
/** Read of why an upgrade was refused, and for how long. */
const REFUSAL_BYTES = 4_096;
const REFUSAL_MS = 1_000;
/** What a server that has said good-bye gets to close the connection itself. */
const CLOSING_MS = 250;

/** Loaded by the first check that needs it. */
export const loadLibrary = () => import("ws");

export interface Line {
  socket: Socket;
  webSocket: WebSocket;
}

/** A guarded connection that has become a WebSocket; rejects with a `Failure` where the server won't have it. */
export async function openLine(
  config: WebsocketConfig,
  context: CheckContext,
  trace: Trace,
  hears: (webSocket: WebSocket) => void,
): Promise<Line> {
  const { WebSocket } = await loadLibrary();
  const url = new URL(config.url);
  const socket = await connect(wantedOf(config, url), context, trace);
  trace.enter("first_byte");
  const options = {
    createConnection: () => socket,
    headers: { "User-Agent": "Keepwatch", ...config.headers },
    maxPayload: MOST_BYTES,
    perMessageDeflate: false,
    // The check's own deadline comes first and has better words.
    handshakeTimeout: context.timeoutMs * 2,
    closeTimeout: CLOSING_MS,
    // Whoever listens answers pings, within bounds.
    autoPong: false,
  };
  const webSocket = new WebSocket(url, listOf(config.subprotocols), options);
  // A server may send in the same breath as it opens.
  hears(webSocket);
  await opened(webSocket, trace);
  return { socket, webSocket };
}

function wantedOf({ tls }: WebsocketConfig, url: URL): ConnectionWanted {
  const host = bareHost(url);
  if (url.protocol !== "wss:") return { host, port: Number(url.port) || 80 };
  const secure = {
    verify: tls?.verify ?? true,
    alpn: ["http/1.1"],
    serverName: tls?.server_name,
    secureContext: tls && identityFor(tls)?.own(),
  };
  return { host, port: Number(url.port) || 443, tls: secure };
}

const identities = new WeakMap<TlsConfig, Identity | undefined>();

/** The same object gets the same identity, so that a check reads no certificates. */
function identityFor(tls: TlsConfig): Identity | undefined {
  if (!identities.has(tls)) identities.set(tls, identityOf(tls));
  return identities.get(tls);
}

function opened(webSocket: WebSocket, trace: Trace): Promise<void> {
  return new Promise((resolve, reject) => {
    webSocket.on("error", (error) => reject(upgradeFailure(error, trace)));
    webSocket.once("upgrade", (answer) => trace.answered(answer));
    webSocket.once("open", resolve);
    webSocket.once("unexpected-response", (_request, answer) => {
      trace.answered(answer);
      readRefusal(answer, trace).then(() => reject(refusalOf(answer, trace)), reject);
    });
  });
}

/** A little of it, and not for long: the status says it already. */
function readRefusal(answer: IncomingMessage, trace: Trace): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, REFUSAL_MS);
  answer.on("data", (chunk: Buffer) => {
    trace.body.push(chunk.subarray(0, REFUSAL_BYTES - trace.bodyBytes));
    trace.bodyBytes = Math.min(REFUSAL_BYTES, trace.bodyBytes + chunk.length);
    if (trace.bodyBytes === REFUSAL_BYTES) resolve();
  });
  answer.on("end", resolve).on("error", resolve).on("close", resolve);
  return promise.finally(() => {
    clearTimeout(timer);
    answer.pause();
  });
}

function refusalOf({ statusCode, headers }: IncomingMessage, trace: Trace): Failure {
  const [line = ""] = bodyText(trace).trim().split(/\r?\n/, 1);
  const said = line === "" ? "" : `: ${quote(visible(line))}`;
  const leads = headers.location === undefined ? "" : `, leading to ${redactUrl(headers.location)}`;
  const reason = `[upgrade] answered ${statusCode} instead of switching protocols${leads}${said}`;
  return new Failure({ reason, code: `status:${statusCode}` });
}

/** The library's own complaints have no code before the connection is open. */
function upgradeFailure(error: Error, trace: Trace): unknown {
  if (trace.status !== 101 || "code" in error) return error;
  if (!/subprotocol/.test(error.message))
    return new Failure({
      reason: `[protocol] switches protocols, but not as WebSocket does: ${error.message}`,
      code: "protocol",
    });
  const chosen = trace.headers["sec-websocket-protocol"];
  const reason =
    chosen === undefined
      ? "[subprotocol] the server agreed to none of those offered"
      : `[subprotocol] the server chose ${quote(chosen)}, which was not offered`;
  return new Failure({ reason, code: "subprotocol" });
}
