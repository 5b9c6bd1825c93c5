import http, { type IncomingMessage } from "node:http";
import type { Trace } from "../base/trace.ts";
import { readBody } from "./body.ts";
import { exchangeHttp2 } from "./http2.ts";
import type { Way } from "./open.ts";

export interface Request {
  url: URL;
  method: string;
  headers: ReadonlyMap<string, string>;
  body: string | undefined;
}

/** One request on a connection of its own; the answer is left in `trace`. */
export const exchange = (request: Request, way: Way, trace: Trace): Promise<void> =>
  way.http2 ? exchangeHttp2(request, way.socket, trace) : exchangeHttp1(request, way, trace);

function exchangeHttp1(request: Request, { socket, forProxy }: Way, trace: Trace): Promise<void> {
  const { origin, pathname, search } = request.url;
  trace.enter("first_byte");
  return new Promise((resolve, reject) => {
    const outgoing = http.request({
      createConnection: () => socket,
      method: request.method,
      path: (forProxy ? origin : "") + pathname + search,
      headers: headerList(request, forProxy?.authorization),
    });
    const begins = (answer: IncomingMessage) => {
      trace.enter("transfer");
      trace.answered(answer);
    };
    outgoing.on("error", reject);
    outgoing.on("response", (answer) => {
      begins(answer);
      readBody(answer, request.method, trace).then(resolve, reject);
    });
    // Whoever asks to upgrade wants to see 101; nothing more is said on that connection.
    outgoing.on("upgrade", (answer) => {
      begins(answer);
      resolve();
    });
    outgoing.end(request.body);
  });
}

/** As a flat list, which Node sends as it is. */
function headerList({ url, headers, body }: Request, proxyAuthorization: string | undefined): string[] {
  const list = headers.has("host") ? [] : ["host", url.host];
  if (proxyAuthorization !== undefined) list.push("proxy-authorization", proxyAuthorization);
  for (const [name, value] of headers) list.push(name, value);
  if (body !== undefined && !headers.has("content-length")) {
    list.push("content-length", String(Buffer.byteLength(body)));
  }
  if (!headers.has("connection")) list.push("connection", "close");
  return list;
}
