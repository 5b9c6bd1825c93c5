import type { Socket } from "node:net";
import { connect } from "../base/connection.ts";
import type { Trace } from "../base/trace.ts";
import type { CheckContext } from "../kind.ts";
import { bareHost, portOf } from "./config.ts";
import type { Plan } from "./plan.ts";
import { openThrough } from "./proxy.ts";
import { secureFor } from "./secure.ts";

export interface Hands {
  context: CheckContext;
  trace: Trace;
}

/** A connection that is ready for a request. */
export interface Way {
  socket: Socket;
  /** Set where an http proxy takes the request itself and has to be told where to. */
  forProxy?: { authorization: string | undefined };
}

/** A new connection to where `url` is, in the way that the plan wants it. `role` names what isn't the target. */
export async function open(plan: Plan, url: URL, hands: Hands, role?: string): Promise<Way> {
  const { family, proxy } = plan;
  if (proxy) return openThrough(proxy, { plan, url, role }, hands);
  const wanted = { host: bareHost(url), port: portOf(url), role, family, tls: secureFor(plan, url) };
  return { socket: await connect(wanted, hands.context, hands.trace) };
}
