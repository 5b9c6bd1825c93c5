/** Latencies as a mergeable histogram: bucket n holds [1.1^n, 1.1^(n+1)) ms, so a percentile is right within 5 %. */
export type Histogram = Readonly<Record<string, number>>;

const BASE = 1.1;

export const bucketOf = (ms: number): number => Math.floor(Math.log(Math.max(ms, 0.1)) / Math.log(BASE));

export function histogramOf(samples: Iterable<number>): Histogram {
  const counts: Record<string, number> = {};
  for (const ms of samples) {
    const bucket = String(bucketOf(ms));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

export function mergeHistograms(all: Iterable<Histogram>): Histogram {
  const counts: Record<string, number> = {};
  for (const one of all) {
    for (const [bucket, count] of Object.entries(one)) counts[bucket] = (counts[bucket] ?? 0) + count;
  }
  return counts;
}

/** The middle of the bucket in which the `p`-th (0 to 1) sample lies, in ms; null when there is none. */
export function percentile(histogram: Histogram, p: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .sort((a, b) => a[0] - b[0]);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= p * total) return Math.round(BASE ** (bucket + 0.5) * 100) / 100;
  }
  return null;
}
