import type { MonitorStatus } from "../schema.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { PHASES, STATUSES, type StoredCheck } from "./chunk.ts";
import { type Histogram, histogramOf, mergeHistograms } from "./histogram.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;

export type Counts = Record<MonitorStatus, number>;
type Phase = Exclude<(typeof PHASES)[number], "total">;
const KEPT_PHASES = PHASES.filter((phase): phase is Phase => phase !== "total");

/** How long each phase took on the average, and how many checks had it. */
export type Means = Record<Phase, { count: number; ms: number }>;

/** One hour of one monitor, summed up. Two of the same hour can be merged. */
export interface HourFigures {
  counts: Counts;
  /** Of how long whole checks took. */
  histogram: Histogram;
  means: Means;
}

export const noCounts = (): Counts => ({ up: 0, degraded: 0, down: 0, unknown: 0 });
const noMeans = (): Means => ({
  dns: { count: 0, ms: 0 },
  connect: { count: 0, ms: 0 },
  tls: { count: 0, ms: 0 },
  first_byte: { count: 0, ms: 0 },
  transfer: { count: 0, ms: 0 },
});

export const noFigures = (): HourFigures => ({ counts: noCounts(), histogram: new Map(), means: noMeans() });

export function figuresOf(checks: readonly StoredCheck[]): HourFigures {
  const counts = noCounts();
  const means = noMeans();
  for (const check of checks) {
    counts[check.status] += 1;
    for (const phase of KEPT_PHASES) {
      const ms = check[phase];
      if (ms === null) continue;
      const mean = means[phase];
      mean.count += 1;
      mean.ms += (ms - mean.ms) / mean.count;
    }
  }
  return { counts, means, histogram: histogramOf(checks.flatMap(({ total }) => total ?? [])) };
}

export function mergeFigures(all: readonly HourFigures[]): HourFigures {
  const counts = noCounts();
  const means = noMeans();
  for (const one of all) {
    for (const status of STATUSES) counts[status] += one.counts[status];
    for (const phase of KEPT_PHASES) {
      const { count, ms } = one.means[phase];
      if (count === 0) continue;
      const mean = means[phase];
      mean.ms = (mean.ms * mean.count + ms * count) / (mean.count + count);
      mean.count += count;
    }
  }
  return { counts, means, histogram: mergeHistograms(all.map(({ histogram }) => histogram)) };
}

/** The hours of one UTC day that have any check, by 0–23. */
export type DayFigures = ReadonlyMap<number, HourFigures>;

/** Which UTC day an instant (epoch ms) is in, and which hour of it. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) % HOURS;
export const dayOf = (ms: number): number => Math.floor(ms / (HOURS * HOUR_MS));

/** A day in two columns: how many checks there were, which a fleet's numbers need, and how long they took. */
export interface PackedDay {
  counts: Buffer;
  latency: Buffer;
}

export function packDay(day: DayFigures): PackedDay {
  const counts = new ByteWriter();
  const latency = new ByteWriter();
  for (const [hour, figures] of [...day].sort(([a], [b]) => a - b)) {
    counts.byte(hour);
    for (const status of STATUSES) counts.unsigned(figures.counts[status]);
    latency.byte(hour);
    packHistogram(latency, figures.histogram);
    for (const phase of KEPT_PHASES) {
      const { count, ms } = figures.means[phase];
      latency.unsigned(count);
      if (count > 0) latency.unsigned(Math.max(0, Math.round(ms * 100)));
    }
  }
  return { counts: counts.done(), latency: latency.done() };
}

function packHistogram(writer: ByteWriter, histogram: Histogram): void {
  writer.unsigned(histogram.size);
  let before = 0;
  for (const [bucket, count] of [...histogram].sort(([a], [b]) => a - b)) {
    writer.signed(bucket - before);
    writer.unsigned(count);
    before = bucket;
  }
}

/** Only the counts of a packed day, by hour. */
export function unpackCounts(bytes: Uint8Array): Map<number, Counts> {
  const reader = new ByteReader(bytes);
  const hours = new Map<number, Counts>();
  while (!reader.atEnd) {
    const hour = reader.byte();
    const counts = noCounts();
    for (const status of STATUSES) counts[status] = reader.unsigned();
    hours.set(hour, counts);
  }
  return hours;
}

export function unpackDay(packed: { counts: Uint8Array; latency: Uint8Array }): Map<number, HourFigures> {
  const counts = unpackCounts(packed.counts);
  const reader = new ByteReader(packed.latency);
  const hours = new Map<number, HourFigures>();
  while (!reader.atEnd) {
    const hour = reader.byte();
    const histogram = unpackHistogram(reader);
    const means = noMeans();
    for (const phase of KEPT_PHASES) {
      const count = reader.unsigned();
      if (count > 0) means[phase] = { count, ms: reader.unsigned() / 100 };
    }
    hours.set(hour, { counts: counts.get(hour) ?? noCounts(), histogram, means });
  }
  return hours;
}

function unpackHistogram(reader: ByteReader): Histogram {
  const histogram = new Map<number, number>();
  let bucket = 0;
  for (let left = reader.unsigned(); left > 0; left--) {
    bucket += reader.signed();
    histogram.set(bucket, reader.unsigned());
  }
  return histogram;
}
