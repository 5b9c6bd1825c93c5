import http2, { type IncomingHttpHeaders, type IncomingHttpStatusHeader } from "node:http2";
import type { Socket } from "node:net";
import { http2Failure } from "../base/http2-failure.ts";
import type { Trace } from "../base/trace.ts";
import { readBody } from "./body.ts";
import type { Request } from "./exchange.ts";

/** Of a connection rather than of a request, so not for HTTP/2 (RFC 9113 §8.2.2); `host` has another name there. */
const OF_THE_CONNECTION = new Set([
  "host",
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  "te",
]);

/** One request over HTTP/2, on a connection of its own; the answer is left in `trace`, which closes the connection. */
export function exchangeHttp2(request: Request, socket: Socket, trace: Trace): Promise<void> {
  trace.enter("first_byte");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fails = (error: unknown) => reject(http2Failure(error, "answer"));
  const session = http2.connect(request.url.origin, {
    createConnection: () => socket,
    settings: { enablePush: false },
  });
  session.on("error", fails);
  const stream = session.request(headersOf(request), { endStream: request.body === undefined });
  const hungUp = () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
  stream.on("error", fails);
  // Node ends a stream as well when its connection breaks, and only the code tells the difference.
  stream.on("end", () => stream.rstCode !== http2.constants.NGHTTP2_NO_ERROR && hungUp());
  // A body that has ended may still have to be unpacked.
  stream.on("close", () => stream.readableEnded || hungUp());
  session.on("close", () => stream.readableEnded || hungUp());
  stream.on("response", (head) => {
    trace.enter("transfer");
    trace.answered(answerOf(head));
    readBody(stream, request.method, trace).then(resolve, fails);
  });
  if (request.body !== undefined) stream.end(request.body);
  return promise;
}

function headersOf({ url, method, headers, body }: Request): http2.OutgoingHttpHeaders {
  const plain = [...headers].filter(([name]) => !OF_THE_CONNECTION.has(name));
  return {
    ":method": method,
    ":scheme": url.protocol.slice(0, -1),
    ":authority": headers.get("host") ?? url.host,
    ":path": url.pathname + url.search,
    ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
    ...Object.fromEntries(plain),
  };
}

function answerOf(head: IncomingHttpHeaders & IncomingHttpStatusHeader) {
  const headers = Object.fromEntries(Object.entries(head).filter(([name]) => !name.startsWith(":")));
  return { httpVersion: "2", statusCode: head[":status"] ?? 0, headers };
}
