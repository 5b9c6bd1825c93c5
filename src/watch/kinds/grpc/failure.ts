import { Failure } from "../base/failure.ts";
import { quote, visible } from "../base/finding.ts";
import { refusesProtocols } from "../base/http2-failure.ts";
import { subjectOf } from "./config.ts";

/** The codes a call ends with, by number. */
const CODES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

const WORDS: Record<string, (service: string | undefined) => string> = {
  CANCELLED: () => "the server cancelled the call",
  UNKNOWN: () => "the server failed and does not say how",
  DEADLINE_EXCEEDED: () => "the server did not answer in time",
  NOT_FOUND: (service) => `the server does not know ${subjectOf(service)}`,
  PERMISSION_DENIED: () => "the server does not let this monitor ask",
  RESOURCE_EXHAUSTED: () => "the server has no room for another call",
  UNIMPLEMENTED: () => "the server does not implement the health protocol",
  INTERNAL: () => "the server failed inside",
  UNAVAILABLE: () => "the server says it is unavailable, or a proxy does for it",
  UNAUTHENTICATED: () =>
    "the server wants to know who asks, or does not accept the credentials in the metadata",
};

/** A call that ended with another code than OK, in words. `message` is the server's own, as it was sent. */
export function callFailure(code: number, message: string | undefined, service: string | undefined): Failure {
  const name = CODES[code] ?? `code ${code}`;
  const words = WORDS[name]?.(service) ?? "the call failed";
  const said = message ? `: ${quote(visible(decoded(message)))}` : "";
  return new Failure({
    reason: `[grpc] ${words} (${name})${said}`,
    code: `grpc:${name}`,
    hard: name !== "DEADLINE_EXCEEDED",
  });
}

/** Sent percent-encoded; what isn't is taken as it is. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

/** HTTP/2 answered, yet not by gRPC. */
export const notGrpc = (status: number, type: string | undefined): Failure =>
  new Failure({
    reason: `[protocol] HTTP/2 answered ${status}${type ? ` with ${quote(type)}` : ""}; that is not gRPC`,
    code: status === 200 ? "protocol" : `status:${status}`,
  });

export const noHttp2 = (): Failure =>
  new Failure({
    reason: "[protocol] the server does not offer HTTP/2 over TLS, which gRPC needs",
    code: "protocol",
  });

export const connectFailure = (error: unknown): unknown => (refusesProtocols(error) ? noHttp2() : error);

export const notHealth = (why: string): Failure =>
  new Failure({
    reason: `[protocol] the answer is not one of the health protocol: ${why}`,
    code: "protocol",
  });
