/** Checks that were due, and how many of them ran on time, both counted since some beginning. */
export interface Count {
  planned: number;
  onTime: number;
}

/** The count at an instant, epoch ms. */
export interface Mark extends Count {
  at: number;
}

export const COVERAGE_WINDOW_MS = 5 * 60_000;
export const LEAST_COVERAGE = 0.99;
/** With few monitors one late check is already more than a hundredth. */
const FEWEST_MISSED = 3;

/** The marks still needed at `now` to look back over the window: one that is older, and all that are younger. */
export function keptMarks(marks: readonly Mark[], now: number): readonly Mark[] {
  const first = marks.findLastIndex(({ at }) => at <= now - COVERAGE_WINDOW_MS);
  return marks.slice(Math.max(0, first));
}

/** Planned and performed on time between the first mark and the last. */
export function between(marks: readonly Mark[]): Count {
  const [first, last] = [marks[0], marks.at(-1)];
  if (!first || !last) return { planned: 0, onTime: 0 };
  return { planned: last.planned - first.planned, onTime: last.onTime - first.onTime };
}

/** Whether so little of what was planned ran on time that somebody must be told. Nothing planned is nothing missed. */
export const isThin = ({ planned, onTime }: Count): boolean =>
  planned - onTime >= FEWEST_MISSED && onTime / planned < LEAST_COVERAGE;

/** "97.25 % of 400 planned checks ran on time". Never rounded up to all of them. */
export function coverageWords({ planned, onTime }: Count): string {
  const percent = planned === 0 ? 100 : Math.floor((onTime / planned) * 10_000) / 100;
  return `${percent} % of ${planned} planned checks ran on time`;
}
