import { Failure } from "./failure.ts";

/** Node's errors of an HTTP/2 session or stream; those of the connection are passed through. `what` is what was asked for. */
export function http2Failure(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const broken = /NGHTTP2_(\w+)/.exec(error.message)?.[1];
  switch (error.code) {
    case "ERR_HTTP2_ERROR":
      return new Failure({
        reason: "[protocol] the answer is not HTTP/2: the port speaks something else, perhaps HTTP/1",
        code: "protocol",
      });
    case "ERR_HTTP2_STREAM_ERROR":
    case "ERR_HTTP2_SESSION_ERROR":
      return new Failure({
        reason: `[reset] the server broke the ${what} off${broken ? ` (${broken})` : `: ${error.message}`}`,
        code: "reset",
      });
  }
  return error;
}

/** Some servers break the handshake off where none of the protocols offered suits them. */
export const refusesProtocols = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL";
