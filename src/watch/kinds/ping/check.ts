import { resolveGuarded } from "../../../platform/net/guarded-lookup.ts";
import { DnsError } from "../../../platform/net/resolver.ts";
import { Failure } from "../base/failure.ts";
import { msOf } from "../base/fields.ts";
import { type Finding, latencyFindings, quote, spell, visible } from "../base/finding.ts";
import { familyOf } from "../base/ip.ts";
import { probe } from "../base/probe.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult, Timings } from "../kind.ts";
import { NO_TIMINGS } from "../kind.ts";
import { countOf, intervalMsOf, type PingConfig } from "./config.ts";
import { averageMs, jitterMs, type Printed, readOutput } from "./output.ts";
import { type Ran, runPing } from "./program.ts";

/** Longest that the last answer is waited for. */
const LONGEST_WAIT_S = 4;
/** Before the check's own end, so that what came by then is judged. */
const SPARE_MS = 50;

/** The time of a check is the average round trip, not how long it took to send everything. */
class PingTrace extends Trace {
  roundTripsMs: readonly number[] = [];

  override timings(): Timings {
    super.timings();
    const ms = averageMs(this.roundTripsMs);
    const average = ms === null ? null : Math.round(ms * 1_000) / 1_000;
    return { ...NO_TIMINGS, first_byte: average, total: average };
  }
}

/**
 * Has the system's program ping one address of the host, guarded after resolution.
 * @param file in place of the system's program
 */
export function checkPing(config: PingConfig, context: CheckContext, file?: string): Promise<CheckResult> {
  const trace = new PingTrace(context.monotonicMs);
  const deadlineMs = context.monotonicMs() + context.timeoutMs;
  const count = countOf(config);
  return probe({
    context,
    trace,
    async talk() {
      const address = await addressOf(config, context, trace);
      trace.enter("first_byte");
      const leftMs = deadlineMs - context.monotonicMs() - SPARE_MS;
      const ran = await runPing(errandOf(config, address, leftMs), leftMs, file);
      trace.body.push(Buffer.from(ran.printed));
      const read = readOutput(ran.printed);
      if (read.roundTripsMs.length === 0) throw silence(config, read, ran);
      trace.roundTripsMs = read.roundTripsMs.slice(0, count);
    },
    findings: () => findings(config, trace.roundTripsMs),
    answer: () => `${trace.roundTripsMs.length} of ${count}`,
  });
}

async function addressOf({ host, ip }: PingConfig, context: CheckContext, trace: Trace): Promise<string> {
  const family = familyOf(ip);
  trace.target = host;
  trace.addresses = await resolveGuarded({ ...context, host, port: 0, family }).catch((error: unknown) => {
    if (!family || !(error instanceof DnsError) || error.code !== "ENODATA") throw error;
    throw new Failure({ reason: `[dns] ${host} has no IPv${family} address`, code: "dns:ENODATA" });
  });
  const [address = ""] = trace.addresses;
  trace.remote = address;
  return address;
}

function errandOf(config: PingConfig, address: string, leftMs: number) {
  const count = countOf(config);
  const sendingMs = (count - 1) * intervalMsOf(config);
  const waitSeconds = Math.min(LONGEST_WAIT_S, Math.floor((leftMs - sendingMs) / 1_000));
  if (waitSeconds < 1) {
    const reason = `[unknown] ${count} pings take ${spell(sendingMs)} to send, which the timeout leaves no time for: raise it by a few seconds, or send fewer`;
    throw new Failure({ reason, code: "own:ping:timeout", status: "unknown", hard: false });
  }
  return {
    ...{ address, count, waitSeconds },
    intervalMs: config.interval === undefined ? undefined : intervalMsOf(config),
    size: config.size,
  };
}

const NO_ROUTE = /network is unreachable/i;
const FORBIDDEN = /not permitted|permission denied/i;
const NO_WAY = /no route to host|host is unreachable/i;

/** Why not a single answer came. */
function silence(config: PingConfig, { complaint, isWhole }: Printed, { printed, isCut }: Ran): Failure {
  const own = (words: string, code: string) =>
    new Failure({ reason: `[unknown] ${words}`, code: `own:${code}`, status: "unknown", hard: false });
  if (NO_ROUTE.test(printed) && !complaint)
    return own(`this machine has no route (ENETUNREACH); ${config.host} was not reached`, "ENETUNREACH");
  if (FORBIDDEN.test(printed) && !complaint)
    return own("this machine's ping program may not ping: give it the capability NET_RAW", "ping:EPERM");
  const count = countOf(config);
  const none = count === 1 ? "the ping was not answered" : `none of ${count} pings was answered`;
  if (complaint) return new Failure({ reason: `[unreachable] ${none}; ${complaint}`, code: "unreachable" });
  if (NO_WAY.test(printed))
    return new Failure({ reason: `[unreachable] no way to ${config.host}`, code: "unreachable" });
  const said = quote(visible(printed.trim().split("\n").at(-1) ?? ""));
  // One that was stopped while it waited has said whom it pings, and nothing else.
  if (isWhole || (isCut && printed !== ""))
    return new Failure({ reason: `[loss] ${none}`, code: "loss:all", hard: false });
  return own(`this machine's ping program failed: ${said}`, "ping");
}

function findings(config: PingConfig, roundTripsMs: readonly number[]): Finding[] {
  const { expect = {} } = config;
  const average = averageMs(roundTripsMs) ?? 0;
  const limits = { latencyMs: msOf(expect.latency), latencyDownMs: msOf(expect.latency_down) };
  return [
    ...lossFindings(config, roundTripsMs.length),
    ...latencyFindings(limits, average),
    ...jitterFindings(msOf(expect.jitter), jitterMs(roundTripsMs)),
  ];
}

function lossFindings(config: PingConfig, answers: number): Finding[] {
  const count = countOf(config);
  const percent = Math.round(((count - answers) / count) * 1_000) / 10;
  const got = `${count - answers} of ${count} lost (${percent} %)`;
  const finding = (limit: number, status: Finding["status"]): Finding => ({
    what: "loss",
    ok: percent <= limit,
    wanted: `no more than ${limit} %`,
    got,
    status,
    reason: `[loss] ${got}, wanted no more than ${limit} %`,
    code: "loss",
  });
  const { loss, loss_down } = config.expect ?? {};
  return [
    ...(loss_down === undefined ? [] : [finding(loss_down, "down")]),
    ...(loss === undefined ? [] : [finding(loss, "degraded")]),
  ];
}

/** Of fewer than two answers there is none to judge; that they are so few is for `loss` to say. */
function jitterFindings(limitMs: number | undefined, gotMs: number | null): Finding[] {
  if (limitMs === undefined || gotMs === null) return [];
  const wanted = `under ${spell(limitMs)}`;
  const got = spell(gotMs);
  const reason = `[jitter] ${got}, wanted ${wanted}`;
  return [{ what: "jitter", ok: gotMs < limitMs, wanted, got, status: "degraded", reason, code: "jitter" }];
}
