import { plainDateTime, wallMs } from "./wall-clock.ts";

/** Where turns begin on the wall clock, numbered from `starts`, which is turn 0. Also before it, with negative numbers. */
export interface Grid {
  wallAt(turn: number): number;
  /** The last turn that begins at or before a wall time. Arithmetic, however long ago `starts` was. */
  turnBy(wall: number): number;
}

/** Hours, days and weeks: on the wall clock all of them are the same length. */
export const evenGrid = (startsWall: number, stepMs: number): Grid => ({
  wallAt: (turn) => startsWall + turn * stepMs,
  turnBy: (wall) => Math.floor((wall - startsWall) / stepMs),
});

/** Months from `starts`, never from the turn before: the 31st comes back after February's 28th. */
export function monthlyGrid(startsWall: number): Grid {
  const starts = plainDateTime(startsWall);
  const wallAt = (turn: number) => wallMs(starts.add({ months: turn }));
  return {
    wallAt,
    turnBy(wall) {
      const at = plainDateTime(wall);
      const turn = (at.year - starts.year) * 12 + at.month - starts.month;
      return wallAt(turn) > wall ? turn - 1 : turn;
    },
  };
}
