import type { Grid } from "./grid.ts";
import type { WallClock } from "./wall-clock.ts";

/**
 * The turn that is on at an instant: the highest-numbered one whose hand-off has come. A night when clocks go forward
 * may put the hand-off of a skipped 02:45 after that of 03:00; the later turn then wins and the skipped one has no
 * length, but keeps its number.
 */
export function turnAt(grid: Grid, clock: WallClock, epochMs: number): number {
  let turn = grid.turnBy(clock.latestWallBy(epochMs));
  while (clock.toEpoch(grid.wallAt(turn)) > epochMs) turn--;
  return turn;
}

/** When a later turn takes over from the one that is on (as `turnAt` says). */
export function turnEnd(grid: Grid, clock: WallClock, turn: number): number {
  let later = turn + 1;
  const handOff = clock.toEpoch(grid.wallAt(later));
  while (clock.isSkipped(grid.wallAt(later))) later++;
  return Math.min(handOff, clock.toEpoch(grid.wallAt(later)));
}
