import { connect } from "../base/connection.ts";
import { bodyText, certificateFacts } from "../base/evidence.ts";
import { probe } from "../base/probe.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { bareHost, type HttpConfig, portOf } from "./config.ts";
import { exchange, type Request } from "./exchange.ts";
import { findings } from "./expect.ts";
import { type Plan, planOf } from "./plan.ts";
import { ledTo, nextRequest } from "./redirect.ts";
import { secureFor } from "./secure.ts";

/** One check over a connection of its own, redirects followed, done by `context.timeoutMs`. */
export function checkHttp(config: HttpConfig, context: CheckContext): Promise<CheckResult> {
  const plan = planOf(config);
  const trace = new Trace(context.monotonicMs);
  let text: string | undefined;
  return probe({
    context,
    trace,
    secrets: plan.secrets,
    talk: () => follow(plan, context, trace),
    findings: (timings) =>
      findings(plan, {
        status: trace.status ?? 0,
        headers: trace.headers,
        ledTo: ledTo(plan, trace),
        totalMs: timings.total ?? 0,
        text: () => (text ??= bodyText(trace)),
        bytes: () => trace.body.reduce((sum, { length }) => sum + length, 0),
        certificate:
          plan.verify || plan.expiresWithinMs !== undefined
            ? certificateFacts(trace.certificate, context.wallMs())
            : null,
      }),
    answer: () => String(trace.status),
  });
}

async function follow(plan: Plan, context: CheckContext, trace: Trace): Promise<void> {
  let request: Request | null = plan;
  while (request) {
    const { url }: Request = request;
    const wanted = { host: bareHost(url), port: portOf(url), family: plan.family, tls: secureFor(plan, url) };
    const socket = await connect(wanted, context, trace);
    await exchange(request, socket, trace);
    request = nextRequest(request, plan, trace);
  }
}
