import { resolveGuarded } from "../../../platform/net/guarded-lookup.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { redactText } from "../redact.ts";
import { bareHost, type HttpConfig, portOf } from "./config.ts";
import { connect } from "./connection.ts";
import { bodyText, certificateFacts, evidenceOf } from "./evidence.ts";
import { exchange, type Request } from "./exchange.ts";
import { type Finding, findings, spell } from "./expect.ts";
import { type Failure, failureOf, timeoutFailure } from "./failure.ts";
import { type Plan, planOf } from "./plan.ts";
import { nextRequest } from "./redirect.ts";
import { Trace } from "./trace.ts";

/**
 * After the deadline, the time an answer that already lies in the socket gets to be read: timers run before
 * sockets are looked at, so a loop that was busy at the deadline would call a healthy answer a time-out.
 */
const SECOND_CHANCE_MS = 25;

/** One check over a connection of its own, redirects followed, done by `context.timeoutMs`. */
export async function checkHttp(config: HttpConfig, context: CheckContext): Promise<CheckResult> {
  const plan = planOf(config);
  const trace = new Trace(context.monotonicMs);
  const deadline = startDeadline(context.timeoutMs, trace);
  try {
    await Promise.race([follow(plan, context, trace), deadline.passed]);
    return answeredResult(plan, context, trace);
  } catch (error) {
    return failedResult(failureOf(error, trace.situation()), { plan, context, trace });
  } finally {
    deadline.cancel();
    trace.letGo();
  }
}

function startDeadline(timeoutMs: number, trace: Trace): { passed: Promise<never>; cancel(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  let timer = setTimeout(() => {
    timer = setTimeout(() => reject(timeoutFailure(timeoutMs, trace.situation())), SECOND_CHANCE_MS);
  }, timeoutMs);
  return { passed: promise, cancel: () => clearTimeout(timer) };
}

async function follow(plan: Plan, context: CheckContext, trace: Trace): Promise<void> {
  let request: Request | null = plan;
  while (request) {
    const { url }: Request = request;
    const port = portOf(url);
    trace.target = `${url.hostname}:${port}`;
    trace.enter("dns");
    trace.addresses = await resolveGuarded({ ...context, host: bareHost(url), port });
    const socket = await connect({ url, addresses: trace.addresses, verify: plan.verify }, context, trace);
    await exchange(request, socket, trace);
    request = nextRequest(request, plan, trace);
  }
}

function answeredResult(plan: Plan, context: CheckContext, trace: Trace): CheckResult {
  const timings = trace.timings();
  const wallMs = context.wallMs();
  let text: string | undefined;
  const looked = findings(plan, {
    status: trace.status ?? 0,
    totalMs: timings.total ?? 0,
    text: () => (text ??= bodyText(trace)),
    certificate:
      plan.verify || plan.expiresWithinMs !== undefined ? certificateFacts(trace.certificate, wallMs) : null,
  });
  const unmet = looked.filter(({ ok }) => !ok);
  const worst = unmet.find(({ status }) => status === "down") ?? unmet[0];
  const evidence = worst || context.verbose ? evidenceOf(trace, plan, { findings: looked, wallMs }) : null;
  if (!worst) {
    const reason = `[ok] ${trace.status} in ${spell(timings.total ?? 0)}`;
    return { status: "up", reason, cause: "ok", timings, evidence, hard: false };
  }
  return {
    status: worst.status,
    reason: redactText(reasonOf(worst, unmet), plan.secrets),
    cause: worst.code,
    timings,
    evidence,
    hard: worst.status === "down" && worst.code !== "latency",
  };
}

const reasonOf = (worst: Finding, unmet: readonly Finding[]): string =>
  unmet.length === 1 ? worst.reason : `${worst.reason}, and ${unmet.length - 1} more`;

function failedResult(
  failure: Failure,
  at: { plan: Plan; context: CheckContext; trace: Trace },
): CheckResult {
  const { plan, context, trace } = at;
  return {
    status: failure.status,
    reason: redactText(failure.reason, plan.secrets),
    cause: failure.code,
    timings: trace.timings(),
    evidence: evidenceOf(trace, plan, { findings: [], wallMs: context.wallMs() }),
    hard: failure.hard,
  };
}
