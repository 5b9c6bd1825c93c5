/** What a ping program printed, read. */
export interface Printed {
  /** Round trips in ms, in the order of the answers. */
  roundTripsMs: number[];
  /** What somebody on the way said in the target's place. */
  complaint: string | null;
  /** Whether it got as far as counting losses; else it never really began. */
  isWhole: boolean;
}

/** The time of an answer, in any language; summaries are indented where they have one like it (Windows). */
const ROUND_TRIP = /^\S.*[=<] ?(\d[\d.]*) ?ms\b/;
const DUPLICATE = /\(DUP!\)/;
const LOSS = /\d ?%/;

const COMPLAINTS: readonly RegExp[] = [
  // iputils
  /^From (\S+?):?(?: \([^)]*\))?:? icmp_seq=\d+ (.+)$/,
  // macOS and the BSDs
  /^\d+ bytes from (\S+?):?(?: \([^)]*\):)? ([A-Z][A-Za-z ,()-]+)$/,
  // Windows
  /^Reply from (\S+): ([A-Z][a-z ]+)\.?$/,
];

/** Reads what iputils, busybox, macOS, the BSDs and Windows print alike. */
export function readOutput(text: string): Printed {
  const lines = text.split(/\r?\n/);
  const roundTripsMs = lines
    .filter((line) => !DUPLICATE.test(line))
    .flatMap((line) => ROUND_TRIP.exec(line)?.[1] ?? [])
    .map(Number)
    .filter(Number.isFinite);
  return {
    roundTripsMs,
    complaint: lines.map(complaintOf).find((each) => each !== null) ?? null,
    isWhole: roundTripsMs.length > 0 || lines.some((line) => LOSS.test(line)),
  };
}

function complaintOf(line: string): string | null {
  for (const pattern of COMPLAINTS) {
    const [, from, words] = pattern.exec(line.trimEnd()) ?? [];
    if (from !== undefined && words !== undefined) return `${from} says “${words}”`;
  }
  return null;
}

/** The average of the round trips; null without any. */
export const averageMs = (roundTripsMs: readonly number[]): number | null =>
  roundTripsMs.length === 0 ? null : roundTripsMs.reduce((sum, ms) => sum + ms, 0) / roundTripsMs.length;

/** How much one round trip differs from the one before it, on average; null with fewer than two. */
export function jitterMs(roundTripsMs: readonly number[]): number | null {
  const steps = roundTripsMs.slice(1).map((ms, i) => Math.abs(ms - (roundTripsMs[i] ?? ms)));
  return averageMs(steps);
}
