import { formatDuration } from "../../platform/duration.ts";
import { kindById } from "../kinds/index.ts";
import { type CheckContext, type CheckResult, NO_TIMINGS } from "../kinds/kind.ts";
import type { LoopLag } from "./loop-lag.ts";
import type { Occasion, ProbeTarget, Report } from "./protocol.ts";
import type { Timeline } from "./timeline.ts";

/** What checks share; the rest of their context is made for each. */
export type SharedContext = Omit<CheckContext, "timeoutMs" | "verbose">;

export interface RunnerOptions {
  shared: SharedContext;
  lag: LoopLag;
  timeline: Pick<Timeline, "jumpedSince">;
  location: string;
}

/** A loop held up for longer than this may have held up the answer. */
const LAG_LIMIT_MS = 100;
/** A kind that hasn't ended this long after its time-out has forgotten its own deadline. */
const OVERRUN_MS = 2_000;

/** Runs one check with a deadline, a catch and a watch over our own loop. Never rejects. */
export async function runCheck(
  target: ProbeTarget,
  occasion: Occasion,
  options: RunnerOptions,
): Promise<Report> {
  const { shared, location } = options;
  const startedMs = shared.monotonicMs();
  const lagMs = options.lag.watch();
  const context = { ...shared, timeoutMs: target.timeoutMs, verbose: occasion === "asked" };
  const result = await within(target.timeoutMs + OVERRUN_MS, checked(target, context));
  const lag = lagMs();
  const evidence = result.evidence && { ...result.evidence, location, loop_lag_ms: Math.round(lag) };
  return {
    id: target.id,
    occasion,
    startedMs,
    endedMs: shared.monotonicMs(),
    suspect: doubt(lag, startedMs, options.timeline),
    result: { ...result, evidence },
  };
}

async function checked(target: ProbeTarget, context: CheckContext): Promise<CheckResult> {
  const kind = kindById(target.kind);
  if (!kind) return ours("kind", `this version does not know the kind “${target.kind}”`);
  try {
    return await kind.check(target.config, context);
  } catch (error) {
    return ours("bug", `the check itself failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function within(limitMs: number, check: Promise<CheckResult>): Promise<CheckResult> {
  const { promise, resolve } = Promise.withResolvers<CheckResult>();
  const timer = setTimeout(() => {
    resolve(
      ours("overrun", `the check did not end within ${formatDuration(limitMs)}, beyond its own time-out`),
    );
  }, limitMs);
  try {
    return await Promise.race([check, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** A failure of the prober's: no verdict on the target. */
export const ours = (code: string, words: string): CheckResult => ({
  status: "unknown",
  reason: `[unknown] ${words}`,
  cause: `own:${code}`,
  timings: NO_TIMINGS,
  evidence: null,
  hard: false,
});

function doubt(lagMs: number, startedMs: number, timeline: RunnerOptions["timeline"]): string | null {
  if (lagMs > LAG_LIMIT_MS) return `the prober's own loop was held up for ${Math.round(lagMs)} ms`;
  return timeline.jumpedSince(startedMs) ? "the clock jumped or the machine slept during the check" : null;
}
