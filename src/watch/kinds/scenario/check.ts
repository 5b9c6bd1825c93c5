import { msOf } from "../base/fields.ts";
import { latencyFindings, spell } from "../base/finding.ts";
import { redactText } from "../base/redact.ts";
import { runHttp } from "../http/check.ts";
import { CookieJar } from "../http/cookies.ts";
import type { CheckContext, CheckResult, Evidence, Timings } from "../kind.ts";
import { NO_TIMINGS } from "../kind.ts";
import { readRequest, type ScenarioConfig, type ScenarioStep, stepName } from "./config.ts";
import { mapTexts } from "./placeholders.ts";
import { readSource, takeValue } from "./take.ts";

type StepShown = NonNullable<Evidence["steps"]>[number];

/** What one step came to, and whether the scenario goes on. */
interface Run {
  result: CheckResult;
  goesOn: boolean;
}

/** The steps one after the other until one is down, all of them done by `context.timeoutMs`. */
export async function checkScenario(config: ScenarioConfig, context: CheckContext): Promise<CheckResult> {
  const startedMs = context.monotonicMs();
  const left = () => context.timeoutMs - (context.monotonicMs() - startedMs);
  const values = new Map<string, string>();
  const jar = new CookieJar();
  const shown: StepShown[] = [];
  let timings = NO_TIMINGS;
  let worst: CheckResult | undefined;
  let last: CheckResult | undefined;
  for (const [at, step] of config.steps.entries()) {
    const name = stepName(step, at);
    const secrets = secretValues(values, jar);
    if (left() <= 0) {
      worst = outOfTime(name, context.timeoutMs);
      break;
    }
    const { result, goesOn } = await runStep(step, {
      context: { ...context, timeoutMs: left() },
      ...{ config, values, jar, secrets },
    });
    timings = added(timings, result.timings);
    shown.push({ name, status: result.status, ms: result.timings.total, reason: result.reason });
    last = result;
    if (result.status !== "up" && (worst === undefined || result.status !== "degraded"))
      worst = inStep(name, result);
    if (!goesOn) break;
  }
  return concluded({ config, timings, worst, last, shown, secrets: secretValues(values, jar) }, context);
}

async function runStep(
  step: ScenarioStep,
  given: {
    context: CheckContext;
    config: ScenarioConfig;
    values: Map<string, string>;
    jar: CookieJar;
    secrets: readonly string[];
  },
): Promise<Run> {
  const { context, config, values, jar, secrets } = given;
  const request = readRequest(step, (name) => values.get(name) ?? "");
  if ("misfit" in request) return { result: misfit(request.misfit), goesOn: false };
  const isKept = config.cookies !== false;
  const { result, trace } = await runHttp(request, context, { jar: isKept ? jar : undefined, secrets });
  if (result.status === "down" || result.status === "unknown") return { result, goesOn: false };
  if (!isKept) jar.keep(new URL(request.url), trace.headers["set-cookie"] ?? [], context.wallMs());
  for (const [name, text] of Object.entries(step.take ?? {})) {
    const source = readSource(text);
    const taken = source ? takeValue(source, { trace, jar }) : { why: "nothing says where it is" };
    if ("why" in taken) return { result: nothingTaken(result, name, taken.why), goesOn: false };
    // Half a surrogate pair can't be escaped in an address.
    values.set(name, taken.value.toWellFormed());
  }
  return { result, goesOn: true };
}

const nothingTaken = (result: CheckResult, name: string, why: string): CheckResult => ({
  ...result,
  status: "down",
  reason: `[take] found no ${name}: ${why}`,
  cause: `take:${name}`,
  hard: true,
});

/** Whoever answered gave something that can't be used: no line for a header, no web address. */
const misfit = (where: string): CheckResult => ({
  status: "down",
  reason: `[take] what was taken before doesn't fit in ${where}`,
  cause: `take:${where}`,
  timings: NO_TIMINGS,
  evidence: null,
  hard: true,
});

const outOfTime = (name: string, timeoutMs: number): CheckResult => ({
  status: "down",
  reason: `[timeout] no time was left for ${name}: the steps before it took ${spell(timeoutMs)}`,
  cause: "timeout:steps",
  timings: NO_TIMINGS,
  evidence: null,
  hard: false,
});

const inStep = (name: string, result: CheckResult): CheckResult => ({
  ...result,
  reason: `${name}: ${result.reason}`,
  cause: `${result.cause} in ${name}`,
});

/** Whatever was taken or set on the way lets somebody in, or may: as it is, in an address and in JSON, the longest first. */
const secretValues = (values: ReadonlyMap<string, string>, jar: CookieJar): string[] =>
  [...values.values(), ...jar.values()]
    .flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])
    .sort((a, b) => b.length - a.length);

interface Story {
  config: ScenarioConfig;
  timings: Timings;
  worst: CheckResult | undefined;
  last: CheckResult | undefined;
  shown: StepShown[];
  secrets: readonly string[];
}

function concluded(
  { config, timings, worst, last, shown, secrets }: Story,
  context: CheckContext,
): CheckResult {
  const limits = {
    latencyMs: msOf(config.expect?.latency),
    latencyDownMs: msOf(config.expect?.latency_down),
  };
  const slow = latencyFindings(limits, timings.total ?? 0);
  const late = slow.find(({ ok, status }) => !ok && status === "down") ?? slow.find(({ ok }) => !ok);
  const isWorse = late && (worst === undefined || (worst.status === "degraded" && late.status === "down"));
  const ok: CheckResult = {
    status: "up",
    reason: `[ok] ${shown.length} ${shown.length === 1 ? "step" : "steps"} in ${spell(timings.total ?? 0)}`,
    cause: "ok",
    timings,
    evidence: null,
    hard: false,
  };
  const result = isWorse
    ? { ...ok, status: late.status, reason: late.reason, cause: late.code }
    : { ...(worst ?? ok), timings };
  const wantsEvidence = result.status !== "up" || context.verbose;
  const own = (worst ?? last)?.evidence;
  const evidence = wantsEvidence
    ? { ...own, expectations: [...(own?.expectations ?? []), ...slow.map(wantedAndGot)], steps: shown }
    : null;
  return {
    ...result,
    reason: redactText(result.reason, secrets),
    evidence: evidence && (mapTexts(evidence, (text) => redactText(text, secrets)) as Evidence),
  };
}

const wantedAndGot = ({ what, ok, wanted, got }: ReturnType<typeof latencyFindings>[number]) => ({
  ...{ what, ok, wanted, got },
});

function added(a: Timings, b: Timings): Timings {
  const sum = (key: keyof Timings) =>
    a[key] === null && b[key] === null ? null : (a[key] ?? 0) + (b[key] ?? 0);
  return {
    dns: sum("dns"),
    connect: sum("connect"),
    tls: sum("tls"),
    first_byte: sum("first_byte"),
    transfer: sum("transfer"),
    total: sum("total"),
  };
}
