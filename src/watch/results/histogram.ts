/**
 * Latencies as a mergeable histogram with logarithmic buckets: bucket n holds [1.04^n, 1.04^(n+1)) ms and stands for
 * its geometric middle, so that any percentile is within 2 % of the exact (nearest-rank) one. The idea is DDSketch's
 * (Masson, Rim, Lee, 2019), without its collapsing of buckets.
 */
export type Histogram = ReadonlyMap<number, number>;

const BASE = 1.04;
const LOG_BASE = Math.log(BASE);
/** Faster than this is not told apart, in ms. */
const SMALLEST_MS = 0.01;

export const bucketOf = (ms: number): number => Math.floor(Math.log(Math.max(ms, SMALLEST_MS)) / LOG_BASE);

export function histogramOf(samples: Iterable<number>): Histogram {
  const counts = new Map<number, number>();
  for (const ms of samples) {
    const bucket = bucketOf(ms);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return counts;
}

export function mergeHistograms(all: Iterable<Histogram>): Histogram {
  const counts = new Map<number, number>();
  for (const one of all)
    for (const [bucket, count] of one) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  return counts;
}

/** The middle of the bucket in which the `p`-th (0 to 1) sample lies by nearest rank, in ms; null when there is none. */
export function percentile(histogram: Histogram, p: number): number | null {
  let total = 0;
  for (const count of histogram.values()) total += count;
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(p * total));
  let seen = 0;
  for (const [bucket, count] of [...histogram].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= rank) return Math.round(BASE ** (bucket + 0.5) * 100) / 100;
  }
  return null;
}
