import { randomFrom } from "../../src/platform/random.ts";

export const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? Number.NaN : numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

const RESAMPLES = 2_000;

/** The 95 % interval of the mean by resampling the groups, with a fixed seed: percentiles 2.5 and 97.5. */
export function bootstrap(groups: readonly number[]): [number, number] {
  const random = randomFrom(7243);
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
