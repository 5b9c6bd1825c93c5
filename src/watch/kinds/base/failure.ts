import { AddressRefused } from "../../../platform/net/guarded-lookup.ts";
import { DnsError } from "../../../platform/net/resolver.ts";
import type { Status } from "../kind.ts";

/** What the check is doing; a time-out is named after it. */
export type Phase = "dns" | "connect" | "tls" | "first_byte" | "transfer";

/** Why a check ended early, in the terms of a result. */
export class Failure extends Error {
  override readonly name = "Failure" as const;
  readonly status: Status;
  readonly reason: string;
  readonly code: string;
  readonly hard: boolean;

  constructor(failure: { reason: string; code: string; status?: Status; hard?: boolean }) {
    super(failure.reason);
    this.reason = failure.reason;
    this.code = failure.code;
    this.status = failure.status ?? "down";
    this.hard = failure.hard ?? true;
  }
}

/** Where the check stood when the error came. */
export interface Situation {
  phase: Phase;
  /** `shop.test:443`. */
  target: string;
  redirected: boolean;
  bodyBytes: number;
  /** The word of a conversation that has no answer yet: `EHLO`. */
  asked?: string | null;
}

/** The machine that checks has run out of something: no verdict on the target. */
const OUR_OWN: Record<string, string> = {
  EMFILE: "has too many files open",
  ENFILE: "has too many files open",
  ENOBUFS: "has no buffer space left",
  ENOMEM: "has no memory left",
  EADDRNOTAVAIL: "has no free address or port to connect from",
  ENETDOWN: "has no network",
  ENETUNREACH: "has no route",
};

const CERTIFICATE: Record<string, string> = {
  CERT_HAS_EXPIRED: "the certificate has expired",
  CERT_NOT_YET_VALID: "the certificate is not valid yet",
  CERT_REVOKED: "the certificate has been revoked",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the chain ends in an authority this machine does not trust",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate is from an authority this machine does not trust",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the server does not send its intermediate certificate, or its authority is not trusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another name",
};

const CLIENT_CERTIFICATE: Record<string, string> = {
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "the server wants a client certificate",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "the server does not trust the authority of the client certificate",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "the server refused the client certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: "the server refused the client certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "the server refused the client certificate: it has expired",
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: "the server does not let this client certificate in",
};

const codeOf = (error: Error): string => {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof AggregateError && error.errors[0] instanceof Error ? codeOf(error.errors[0]) : "";
};

/** Any error of any phase as a failure with its cause. */
export function failureOf(error: unknown, at: Situation): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof DnsError) return dnsFailure(error);
  if (error instanceof AddressRefused) return guardFailure(error, at);
  if (!(error instanceof Error)) return new Failure({ reason: `[error] ${String(error)}`, code: "error" });
  const code = codeOf(error);
  if (OUR_OWN[code]) {
    const reason = `[unknown] this machine ${OUR_OWN[code]} (${code}); ${at.target} was not reached`;
    return new Failure({ reason, code: `own:${code}`, status: "unknown", hard: false });
  }
  if (code.startsWith("HPE_")) {
    return new Failure({
      reason: `[protocol] the answer is not HTTP/1: ${error.message}`,
      code: `protocol:${code}`,
    });
  }
  return connectionFailure(error, code, at);
}

function connectionFailure(error: Error, code: string, at: Situation): Failure {
  switch (code) {
    case "ECONNREFUSED":
      return new Failure({
        reason: `[refused] nothing accepts connections on ${at.target}`,
        code: "refused",
      });
    case "ECONNRESET":
    case "ECONNABORTED":
    case "EPIPE":
      return new Failure({ reason: `[reset] ${resetWhile(at)}`, code: "reset" });
    case "ETIMEDOUT":
    case "ERR_SOCKET_CONNECTION_TIMEOUT":
      return new Failure({
        reason: `[timeout] ${at.target} did not accept a connection`,
        code: "timeout:connect",
        hard: false,
      });
    case "EHOSTUNREACH":
    case "EHOSTDOWN":
      return new Failure({ reason: `[unreachable] no way to ${at.target} (${code})`, code: "unreachable" });
  }
  // A server that refuses a client's certificate says so only when the handshake is over for the client.
  if (at.phase === "tls" || CLIENT_CERTIFICATE[code]) return tlsFailure(code, error.message);
  return new Failure({ reason: `[error] ${error.message}`, code: code ? `error:${code}` : "error" });
}

function resetWhile({ phase, target, bodyBytes, asked }: Situation): string {
  switch (phase) {
    case "tls":
      return `${target} closed the connection during the TLS handshake`;
    case "transfer":
      return `${target} closed the connection after ${bodyBytes} bytes of the body`;
    default:
      return `${target} closed the connection without an answer${asked ? ` to ${asked}` : ""}`;
  }
}

function dnsFailure({ code, host }: DnsError): Failure {
  switch (code) {
    case "ENOTFOUND":
      return new Failure({ reason: `[dns] there is no name ${host}`, code: "dns:ENOTFOUND" });
    case "ENODATA":
      return new Failure({ reason: `[dns] ${host} has no address`, code: "dns:ENODATA" });
    case "ESERVFAIL":
      return new Failure({
        reason: `[dns] the name server answered SERVFAIL for ${host}`,
        code: "dns:ESERVFAIL",
      });
    case "ETIMEOUT":
      return new Failure({
        reason: `[dns] no name server answered for ${host}`,
        code: "dns:ETIMEOUT",
        hard: false,
      });
    case "ECONNREFUSED": {
      const reason = `[unknown] this machine's name server is not running; ${host} was not reached`;
      return new Failure({ reason, code: "dns:ECONNREFUSED", status: "unknown", hard: false });
    }
    default:
      return new Failure({ reason: `[dns] ${host}: ${code}`, code: `dns:${code}` });
  }
}

/** Refusing the monitor's own address says nothing of the service; a redirect to such an address does. */
function guardFailure({ why }: AddressRefused, { redirected }: Situation): Failure {
  if (redirected)
    return new Failure({ reason: `[redirect] leads to a forbidden address: ${why}`, code: "guard" });
  return new Failure({
    reason: `[unknown] not checked: ${why}`,
    code: "guard",
    status: "unknown",
    hard: false,
  });
}

/** `code` is OpenSSL's or Node's. */
export function tlsFailure(code: string, detail: string): Failure {
  const words =
    CERTIFICATE[code] ??
    CLIENT_CERTIFICATE[code] ??
    (code === "EPROTO" || code.startsWith("ERR_SSL") ? handshake(code, detail) : detail);
  return new Failure({ reason: `[tls] ${words}`, code: `tls:${code || "error"}` });
}

const HANDSHAKE: readonly (readonly [RegExp, string])[] = [
  [/WRONG_VERSION_NUMBER|wrong version number|packet length too long/, "the port does not speak TLS"],
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/, "the server speaks no TLS that is at least 1.2"],
  [/UNRECOGNIZED_NAME/, "the server knows no such name"],
  [
    /HANDSHAKE_FAILURE/,
    "the server broke the handshake off: no cipher in common, or it wants a client's certificate",
  ],
];

const handshake = (code: string, detail: string): string =>
  HANDSHAKE.find(([sign]) => sign.test(code) || sign.test(detail))?.[1] ?? `the handshake failed (${code})`;

/** The hard deadline has passed. */
export function timeoutFailure(timeoutMs: number, { phase, target, bodyBytes, asked }: Situation): Failure {
  const within = `within ${timeoutMs < 1_000 ? `${timeoutMs} ms` : `${timeoutMs / 1_000} s`}`;
  const words: Record<Phase, string> = {
    dns: `the name did not resolve ${within}`,
    connect: asked
      ? `${target} did not answer ${asked} ${within}`
      : `${target} did not accept a connection ${within}`,
    tls: `${target} accepted the connection, but TLS was not ready ${within}`,
    first_byte: `${target} accepted the connection, but did not answer ${asked ? `${asked} ` : ""}${within}`,
    transfer: `${target} answered, but the body (${bodyBytes} bytes so far) did not end ${within}`,
  };
  return new Failure({ reason: `[timeout] ${words[phase]}`, code: `timeout:${phase}`, hard: false });
}
