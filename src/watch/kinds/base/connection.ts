import net, { isIP } from "node:net";
import tls from "node:tls";
import { pinnedLookup, resolveGuarded } from "../../../platform/net/guarded-lookup.ts";
import { DnsError } from "../../../platform/net/resolver.ts";
import type { CheckContext } from "../kind.ts";
import { Failure, tlsFailure } from "./failure.ts";
import type { Trace } from "./trace.ts";

/** How long one address may take before the next is tried as well (RFC 8305), in ms. */
const LONGEST_ATTEMPT_MS = 2_000;
const SHORTEST_ATTEMPT_MS = 250;

export interface ConnectionWanted {
  /** A name or an address, without brackets. */
  host: string;
  port: number;
  /** What it is, where it isn't the target itself: `the proxy`. */
  role?: string;
  /** Only over this version of IP; absent: whichever answers. */
  family?: 4 | 6;
  /** Absent: plain TCP. */
  tls?: TlsWanted;
}

export interface TlsWanted {
  /** Refuse a certificate that this machine doesn't trust or that is for another name. */
  verify: boolean;
  /** Protocols to offer, the preferred first (RFC 7301). */
  alpn?: readonly string[];
  /** Name to ask for and to verify, where it isn't the host. */
  serverName?: string;
  /** A client's certificate, or an authority of the monitor's own, instead of the shared context. */
  secureContext?: tls.SecureContext;
}

type Pinned = ConnectionWanted & { addresses: readonly string[] };

/**
 * A new connection to the host, guarded after resolution, and only to the addresses that were looked at; with `tls`
 * the handshake done and, if wanted, the certificate verified, before a byte of the request is written.
 * Keeps target, addresses and phases in `trace`.
 */
export async function connect(
  wanted: ConnectionWanted,
  context: CheckContext,
  trace: Trace,
): Promise<net.Socket> {
  const { host, port, role, family } = wanted;
  trace.target = [role, addressOf(host, port)].filter(Boolean).join(" ");
  trace.enter("dns");
  trace.addresses = await resolveGuarded({ ...context, host, port, family }).catch((error: unknown) => {
    throw family && error instanceof DnsError && error.code === "ENODATA" ? noAddressOf(host, family) : error;
  });
  trace.enter("connect");
  const pinned = { ...wanted, addresses: trace.addresses };
  return wanted.tls
    ? connectTls(pinned, wanted.tls, { context, trace })
    : connectTcp(pinned, { context, trace });
}

export const addressOf = (host: string, port: number): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;

const noAddressOf = (host: string, family: 4 | 6): Failure =>
  new Failure({ reason: `[dns] ${host} has no IPv${family} address`, code: "dns:ENODATA" });

function tcpOptions({ host, port, addresses }: Pinned, { timeoutMs }: CheckContext) {
  const share = timeoutMs / (addresses.length + 1);
  return {
    host,
    port,
    lookup: pinnedLookup(addresses),
    autoSelectFamily: addresses.length > 1,
    autoSelectFamilyAttemptTimeout: Math.round(
      Math.min(LONGEST_ATTEMPT_MS, Math.max(SHORTEST_ATTEMPT_MS, share)),
    ),
  };
}

interface Hands {
  context: CheckContext;
  trace: Trace;
}

function connectTcp(wanted: Pinned, { context, trace }: Hands): Promise<net.Socket> {
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

function connectTls(wanted: Pinned, secure: TlsWanted, { context, trace }: Hands): Promise<net.Socket> {
  const socket = tls.connect({
    ...tcpOptions(wanted, context),
    ...tlsOptions(wanted.host, secure, context),
  });
  trace.holds(socket);
  socket.once("connect", () => {
    trace.remote = socket.remoteAddress ?? null;
    trace.enter("tls");
  });
  return handshaken(socket, secure, trace);
}

/** Begins TLS on a connection that has been plain so far (STARTTLS). */
export function upgrade(
  plain: net.Socket,
  { host, secure }: { host: string; secure: TlsWanted },
  { context, trace }: Hands,
): Promise<net.Socket> {
  trace.enter("tls");
  // With the host, since Node would verify the certificate of an address for "localhost".
  const socket = tls.connect({ socket: plain, host, ...tlsOptions(host, secure, context) });
  trace.wraps(socket);
  return handshaken(socket, secure, trace);
}

const tlsOptions = (host: string, secure: TlsWanted, context: CheckContext): tls.ConnectionOptions => ({
  // TLS takes no address as a server name (RFC 6066 §3).
  servername: secure.serverName ?? (isIP(host) === 0 ? host : undefined),
  secureContext: secure.secureContext ?? context.secureContext,
  ALPNProtocols: secure.alpn ? [...secure.alpn] : undefined,
  // Judged when the handshake is done, so that a refused certificate is evidence rather than lost with its socket.
  rejectUnauthorized: false,
});

function handshaken(socket: tls.TLSSocket, secure: TlsWanted, trace: Trace): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      trace.certificate = socket;
      // Node's type says Error; it is the code as text.
      const refused = String(socket.authorizationError ?? "");
      if (secure.verify && !socket.authorized) return reject(tlsFailure(refused, refused));
      socket.off("error", reject);
      resolve(socket);
    });
  });
}
