/** A small repeatable generator (mulberry32): numbers from 0 up to 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? Number.NaN : numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

const RESAMPLES = 2_000;

/** The 95 % interval of the mean by resampling the groups, with a fixed seed: percentiles 2.5 and 97.5. */
export function bootstrap(groups: readonly number[]): [number, number] {
  const random = randomOf(7243);
  const means = Array.from({ length: RESAMPLES }, () =>
    mean(groups.map(() => groups[Math.floor(random() * groups.length)] ?? 0)),
  ).sort((a, b) => a - b);
  return [
    means[Math.floor(RESAMPLES * 0.025)] ?? Number.NaN,
    means[Math.floor(RESAMPLES * 0.975)] ?? Number.NaN,
  ];
}

/** `.74` */
export const short = (share: number): string =>
  Number.isNaN(share) ? "–" : share.toFixed(2).replace(/^0/, "");
