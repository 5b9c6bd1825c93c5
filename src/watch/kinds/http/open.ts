import type { Socket } from "node:net";
import { connect } from "../base/connection.ts";
import type { Trace } from "../base/trace.ts";
import type { CheckContext } from "../kind.ts";
import { bareHost, portOf } from "./config.ts";
import type { Plan } from "./plan.ts";
import { secureFor } from "./secure.ts";

export interface Hands {
  context: CheckContext;
  trace: Trace;
}

/** A new connection to where `url` is, in the way that the plan wants it. `role` names what isn't the target. */
export function open(plan: Plan, url: URL, { context, trace }: Hands, role?: string): Promise<Socket> {
  const { family } = plan;
  const wanted = { host: bareHost(url), port: portOf(url), role, family, tls: secureFor(plan, url) };
  return connect(wanted, context, trace);
}
