import net from "node:net";
import tls from "node:tls";
import { pinnedLookup } from "../../../platform/net/guarded-lookup.ts";
import type { CheckContext } from "../kind.ts";
import { bareHost, portOf, serverName } from "./config.ts";
import { tlsFailure } from "./failure.ts";
import type { Trace } from "./trace.ts";

/** How long one address may take before the next is tried as well (RFC 8305), in ms. */
const LONGEST_ATTEMPT_MS = 2_000;
const SHORTEST_ATTEMPT_MS = 250;

export interface ConnectionWanted {
  url: URL;
  addresses: readonly string[];
  verify: boolean;
}

/**
 * A new connection to one of `addresses`, and only to these; for https with the handshake done and, if wanted,
 * the certificate verified, before a byte of the request is written. Keeps the phases in `trace`.
 */
export function connect(wanted: ConnectionWanted, context: CheckContext, trace: Trace): Promise<net.Socket> {
  trace.enter("connect");
  return wanted.url.protocol === "https:"
    ? connectTls(wanted, context, trace)
    : connectTcp(wanted, context, trace);
}

function tcpOptions({ url, addresses }: ConnectionWanted, { timeoutMs }: CheckContext) {
  const share = timeoutMs / (addresses.length + 1);
  return {
    host: bareHost(url),
    port: portOf(url),
    lookup: pinnedLookup(addresses),
    autoSelectFamily: addresses.length > 1,
    autoSelectFamilyAttemptTimeout: Math.round(
      Math.min(LONGEST_ATTEMPT_MS, Math.max(SHORTEST_ATTEMPT_MS, share)),
    ),
  };
}

function connectTcp(wanted: ConnectionWanted, context: CheckContext, trace: Trace): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(tcpOptions(wanted, context));
    trace.holds(socket);
    socket.once("error", reject);
    socket.once("connect", () => {
      trace.remote = socket.remoteAddress ?? null;
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

function connectTls(wanted: ConnectionWanted, context: CheckContext, trace: Trace): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      ...tcpOptions(wanted, context),
      servername: serverName(wanted.url),
      secureContext: context.secureContext,
      ALPNProtocols: ["http/1.1"],
      // Judged below, so that a refused certificate is evidence rather than lost with its socket.
      rejectUnauthorized: false,
    });
    trace.holds(socket);
    socket.once("error", reject);
    socket.once("connect", () => {
      trace.remote = socket.remoteAddress ?? null;
      trace.enter("tls");
    });
    socket.once("secureConnect", () => {
      trace.certificate = socket;
      // Node's type says Error; it is the code as text.
      const refused = String(socket.authorizationError ?? "");
      if (wanted.verify && !socket.authorized) return reject(tlsFailure(refused, refused));
      socket.off("error", reject);
      resolve(socket);
    });
  });
}
