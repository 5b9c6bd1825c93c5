import { formatDuration, parseDuration } from "../platform/duration.ts";
import { invalid } from "../platform/refusal.ts";
import { spell } from "./kinds/base/finding.ts";
import type { CheckResult } from "./kinds/kind.ts";
import type { SlowInput } from "./schema.ts";
import type { SlowLimit } from "./table.ts";

/** One response time: when it was measured, epoch ms, and how long it took. */
export interface Response {
  at: number;
  ms: number;
}

const SHORTEST_WINDOW_MS = 60_000;
const LONGEST_WINDOW_MS = 86_400_000;
/** A percentile of fewer says nothing. */
const FEWEST_RESPONSES = 5;
/** However many there are, one slow check alone is no slowness. */
const FEWEST_SLOW = 2;

/** The window as it slides: what is too old leaves, `next` joins. In order of time. */
export const slide = (
  window: readonly Response[],
  next: readonly Response[],
  { overMs, now }: { overMs: number; now: number },
): readonly Response[] => [...window, ...next].filter(({ at }) => at > now - overMs);

/** The smallest of the values that so many percent of them don't exceed. Of nothing: 0. */
export function nearestRank(values: readonly number[], percentile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? 0;
}

/** The percentile over the window if it exceeds the limit, in ms; null when it doesn't or too little is known. */
export function tooSlow({ percentile, limitMs }: SlowLimit, window: readonly Response[]): number | null {
  const slow = window.filter(({ ms }) => ms > limitMs).length;
  if (window.length < FEWEST_RESPONSES || slow < FEWEST_SLOW) return null;
  const reached = nearestRank(
    window.map(({ ms }) => ms),
    percentile,
  );
  return reached > limitMs ? reached : null;
}

/** A good result as it counts with the window behind it: degraded while the percentile exceeds the limit. */
export function withSlowness<Result extends CheckResult>(
  result: Result,
  limit: SlowLimit,
  window: readonly Response[],
): Result & { sure?: boolean } {
  const reached = result.status === "up" ? tooSlow(limit, window) : null;
  if (reached === null) return result;
  const what = `p${limit.percentile} over ${formatDuration(limit.overMs)}`;
  const [wanted, got] = [`at most ${spell(limit.limitMs)}`, spell(reached)];
  return {
    ...result,
    ...{ status: "degraded", cause: `slow:p${limit.percentile}`, sure: true },
    reason: `[slow] ${what} is ${got} (${window.length} checks), wanted ${wanted}`,
    evidence: {
      ...result.evidence,
      expectations: [...(result.evidence?.expectations ?? []), { what, ok: false, wanted, got }],
    },
  };
}

const at = (key: string, text: string): number => {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 1)
    throw invalid(`/slow/${key}`, `"${text}" is not a duration such as 800ms or 10m.`);
  return ms;
};

/** The limit as it is stored. Durations must make sense beside the monitor's interval. */
export function slowOf(input: SlowInput | null, everyMs: number): SlowLimit | null {
  if (input === null) return null;
  const { over, ...limits } = input;
  const [[key, text] = ["p95", ""]] = Object.entries(limits);
  const overMs = at("over", over);
  if (overMs < SHORTEST_WINDOW_MS || overMs > LONGEST_WINDOW_MS)
    throw invalid("/slow/over", "The window is from 1m to 1d long.");
  if (overMs < FEWEST_RESPONSES * everyMs) {
    const least = formatDuration(FEWEST_RESPONSES * everyMs);
    throw invalid(
      "/slow/over",
      `The window must hold ${FEWEST_RESPONSES} checks: make it ${least} at least.`,
    );
  }
  return { percentile: Number(key.slice(1)), limitMs: at(key, text), overMs };
}

/** The limit as it is written. */
export const slowJson = (limit: SlowLimit | null): SlowInput | null =>
  limit && {
    [`p${limit.percentile}`]: formatDuration(limit.limitMs),
    over: formatDuration(limit.overMs),
  };
