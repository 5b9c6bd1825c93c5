import { bodyText, certificateFacts } from "../base/evidence.ts";
import { probe } from "../base/probe.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import type { HttpConfig } from "./config.ts";
import type { CookieJar } from "./cookies.ts";
import { exchange, type Request } from "./exchange.ts";
import { findings } from "./expect.ts";
import { type Hands, open } from "./open.ts";
import { type Plan, planOf } from "./plan.ts";
import { proxyFailure } from "./proxy.ts";
import { ledTo, nextRequest } from "./redirect.ts";
import { inRanges } from "./status-range.ts";
import { forgetToken, tokenFor } from "./token.ts";

/** One check over a connection of its own, redirects followed, done by `context.timeoutMs`. */
export const checkHttp = async (config: HttpConfig, context: CheckContext): Promise<CheckResult> =>
  (await runHttp(config, context)).result;

/** The same as one part of a longer conversation: what it remembers, and what it must not show beside its own secrets. */
export async function runHttp(
  config: HttpConfig,
  context: CheckContext,
  { jar, secrets: others = [] }: { jar?: CookieJar | undefined; secrets?: readonly string[] } = {},
): Promise<{ result: CheckResult; trace: Trace }> {
  const plan = planOf(config);
  const trace = new Trace(context.monotonicMs);
  // Tokens fetched on the way join them.
  const secrets = [...plan.secrets, ...others];
  let text: string | undefined;
  const result = await probe({
    context,
    trace,
    secrets,
    talk: () => converse(plan, { context, trace, jar }, secrets),
    findings: (timings) =>
      findings(plan, {
        status: trace.status ?? 0,
        httpVersion: trace.httpVersion,
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
  return { result, trace };
}

/** With a token where one is wanted; one that was kept may have been revoked, so a 401 fetches another, once. */
async function converse(plan: Plan, hands: Hands, secrets: string[]): Promise<void> {
  const { oauth2 } = plan;
  if (!oauth2) return follow(plan, plan, hands);
  const ask = async () => {
    const token = await tokenFor(oauth2, plan, hands);
    secrets.push(token.text);
    const { url, method, headers, body } = plan;
    const withToken = new Map(headers).set("authorization", `Bearer ${token.text}`);
    await follow({ url, method, headers: withToken, body }, plan, hands);
    return token;
  };
  const token = await ask();
  if (hands.trace.status !== 401 || token.fresh || inRanges(401, plan.statuses)) return;
  forgetToken(oauth2);
  await ask();
}

async function follow(first: Request, plan: Plan, hands: Hands): Promise<void> {
  let request: Request | null = first;
  while (request) {
    const { url }: Request = request;
    const way = await open(plan, url, hands);
    await exchange(hands.jar?.sentWith(request) ?? request, way, hands.trace);
    hands.jar?.keep(url, hands.trace.headers["set-cookie"] ?? [], hands.context.wallMs());
    if (way.forProxy && plan.proxy && hands.trace.status === 407) throw proxyFailure(plan.proxy, 407, "");
    request = nextRequest(request, plan, hands.trace);
  }
}
