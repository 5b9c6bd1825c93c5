import type { Monitor } from "../../lib/types.ts";

export const PERCENTILES = ["p50", "p75", "p90", "p95", "p99"] as const;

/** The limit as the form shows it; an empty percentile is no limit. */
export interface WrittenSlow {
  percentile: string;
  limit: string;
  over: string;
}

const USUAL = { limit: "800ms", over: "10m" };

export function writtenSlow(slow: Monitor["slow"]): WrittenSlow {
  const percentile = PERCENTILES.find((each) => slow?.[each] !== undefined);
  if (slow === null || percentile === undefined) return { percentile: "", ...USUAL };
  return { percentile, limit: slow[percentile] ?? USUAL.limit, over: slow.over };
}

export const slowWith = ({ percentile, limit, over }: WrittenSlow): Monitor["slow"] =>
  percentile === "" ? null : { [percentile]: limit, over };

/** `p95 above 800ms over 10m`. */
export function slowWords(slow: Monitor["slow"]): string {
  const { percentile, limit, over } = writtenSlow(slow);
  return percentile === "" ? "however slow it is" : `${percentile} above ${limit} over ${over}`;
}
