import type { CheckContext, CheckResult, Timings } from "../kind.ts";
import { evidenceOf } from "./evidence.ts";
import { type Failure, failureOf, timeoutFailure } from "./failure.ts";
import { type Finding, spell } from "./finding.ts";
import { redactText } from "./redact.ts";
import type { Trace } from "./trace.ts";

/**
 * After the deadline, the time an answer that already lies in the socket gets to be read: timers run before
 * sockets are looked at, so a loop that was busy at the deadline would call a healthy answer a time-out.
 */
const SECOND_CHANCE_MS = 25;

/** One conversation with a target, and what is expected of it. */
export interface Probing {
  context: CheckContext;
  trace: Trace;
  /** Values that must not appear in what is shown. */
  secrets?: readonly string[];
  /** Talks to the target, telling `trace`; whatever it throws is why the check failed. */
  talk(): Promise<void>;
  /** What was expected, met and unmet, once the target has answered. */
  findings(timings: Timings): Finding[];
  /** What came back, in two words for the line of a healthy check: `200`, `3 records`. */
  answer?(): string;
}

/** Runs it with a hard deadline of `context.timeoutMs`, which closes whatever the trace holds. Never rejects. */
export async function probe(probing: Probing): Promise<CheckResult> {
  const { context, trace } = probing;
  const deadline = startDeadline(context.timeoutMs, trace);
  try {
    await Promise.race([probing.talk(), deadline.passed]);
    return answered(probing);
  } catch (error) {
    return failed(probing, failureOf(error, trace.situation()));
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

function answered({ context, trace, secrets = [], findings, answer }: Probing): CheckResult {
  const timings = trace.timings();
  const wallMs = context.wallMs();
  const looked = findings(timings);
  const unmet = looked.filter(({ ok }) => !ok);
  const worst = unmet.find(({ status }) => status === "down") ?? unmet[0];
  const evidence = worst || context.verbose ? evidenceOf(trace, secrets, { findings: looked, wallMs }) : null;
  if (!worst) {
    const words = ["[ok]", answer?.(), "in", spell(timings.total ?? 0)].filter(Boolean).join(" ");
    return { status: "up", reason: redactText(words, secrets), cause: "ok", timings, evidence, hard: false };
  }
  return {
    status: worst.status,
    reason: redactText(reasonOf(worst, unmet), secrets),
    cause: worst.code,
    timings,
    evidence,
    hard: worst.status === "down" && worst.code !== "latency",
  };
}

const reasonOf = (worst: Finding, unmet: readonly Finding[]): string =>
  unmet.length === 1 ? worst.reason : `${worst.reason}, and ${unmet.length - 1} more`;

const failed = ({ context, trace, secrets = [] }: Probing, failure: Failure): CheckResult => ({
  status: failure.status,
  reason: redactText(failure.reason, secrets),
  cause: failure.code,
  timings: trace.timings(),
  evidence: evidenceOf(trace, secrets, { findings: [], wallMs: context.wallMs() }),
  hard: failure.hard,
});
