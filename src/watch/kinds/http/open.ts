import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { connect } from "../base/connection.ts";
import { Failure } from "../base/failure.ts";
import { refusesProtocols } from "../base/http2-failure.ts";
import type { Trace } from "../base/trace.ts";
import type { CheckContext } from "../kind.ts";
import { bareHost, portOf } from "./config.ts";
import type { CookieJar } from "./cookies.ts";
import type { Plan } from "./plan.ts";
import { openThrough } from "./proxy.ts";
import { secureFor } from "./secure.ts";

export interface Hands {
  context: CheckContext;
  trace: Trace;
  /** Absent: cookies are not kept. */
  jar?: CookieJar | undefined;
}

/** A connection that is ready for a request. */
export interface Way {
  socket: Socket;
  /** Set where an http proxy takes the request itself and has to be told where to. */
  forProxy?: { authorization: string | undefined };
  /** Absent: HTTP/1.1. */
  http2?: boolean;
}

/** A new connection to where `url` is, in the way that the plan wants it. `role` names what isn't the target. */
export async function open(plan: Plan, url: URL, hands: Hands, role?: string): Promise<Way> {
  try {
    const way = await opened(plan, url, { hands, role });
    return plan.httpVersion === "1.1" ? way : { ...way, http2: agreedOnHttp2(plan, way) };
  } catch (error) {
    throw refusesProtocols(error) ? noHttp2() : error;
  }
}

async function opened(
  plan: Plan,
  url: URL,
  { hands, role }: { hands: Hands; role: string | undefined },
): Promise<Way> {
  const { family, proxy } = plan;
  if (proxy) return openThrough(proxy, { plan, url, role }, hands);
  const wanted = { host: bareHost(url), port: portOf(url), role, family, tls: secureFor(plan, url) };
  return { socket: await connect(wanted, hands.context, hands.trace) };
}

/** Over TLS both sides agree on a protocol (RFC 7301); in clear HTTP/2 is spoken only where it is known to be (RFC 9113 §3.3). */
function agreedOnHttp2({ httpVersion }: Plan, { socket, forProxy }: Way): boolean {
  if (!(socket instanceof TLSSocket)) return httpVersion === "2" && !forProxy;
  if (socket.alpnProtocol === "h2") return true;
  if (httpVersion === "2") throw noHttp2();
  return false;
}

const noHttp2 = (): Failure =>
  new Failure({ reason: "[protocol] the server does not offer HTTP/2", code: "protocol" });
