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
    packMeans(latency, figures.means);
  }
  return { counts: counts.done(), latency: latency.done() };
}

/** Steps and counts below this fit into half a byte each: nearly all of a monitor's do. */
const SMALL = 15;

/** Bucket by bucket: the step from the one before and the count, in one byte where both are small. */
function packHistogram(writer: ByteWriter, histogram: Histogram): void {
  writer.unsigned(histogram.size);
  let before = 0;
  for (const [bucket, count] of [...histogram].sort(([a], [b]) => a - b)) {
    const step = bucket - before;
    if (step >= 0 && step < SMALL && count <= SMALL) writer.byte((step << 4) | count);
    else {
      writer.byte(SMALL << 4);
      writer.signed(step);
      writer.unsigned(count);
    }
    before = bucket;
  }
}

/** In the byte of present phases: as many checks had each of them, and the number is written once. */
const SAME_COUNT = 0x80;

/** Which phases there are, a bit each; how many checks had them, and the mean of each in hundredths of a ms. */
function packMeans(writer: ByteWriter, means: Means): void {
  const present = KEPT_PHASES.filter((phase) => means[phase].count > 0);
  const bits = present.reduce((sum, phase) => sum | (1 << KEPT_PHASES.indexOf(phase)), 0);
  const [first] = present.map((phase) => means[phase].count);
  const same = first !== undefined && present.every((phase) => means[phase].count === first);
  writer.byte(same ? bits | SAME_COUNT : bits);
  if (same) writer.unsigned(first);
  for (const phase of present) {
    const { count, ms } = means[phase];
    if (!same) writer.unsigned(count);
    writer.unsigned(Math.max(0, Math.round(ms * 100)));
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
    hours.set(hour, { counts: counts.get(hour) ?? noCounts(), histogram, means: unpackMeans(reader) });
  }
  return hours;
}

function unpackHistogram(reader: ByteReader): Histogram {
  const histogram = new Map<number, number>();
  let bucket = 0;
  for (let left = reader.unsigned(); left > 0; left--) {
    const small = reader.byte();
    const large = small >> 4 === SMALL;
    bucket += large ? reader.signed() : small >> 4;
    histogram.set(bucket, large ? reader.unsigned() : small & SMALL);
  }
  return histogram;
}

function unpackMeans(reader: ByteReader): Means {
  const means = noMeans();
  const bits = reader.byte();
  const same = bits & SAME_COUNT ? reader.unsigned() : undefined;
  for (const [index, phase] of KEPT_PHASES.entries()) {
    if ((bits & (1 << index)) === 0) continue;
    means[phase] = { count: same ?? reader.unsigned(), ms: reader.unsigned() / 100 };
  }
  return means;
}
