import { dateOf, dayNumber, daysIn, mod } from "./wall-clock.ts";

const DAY_MS = 86_400_000;
/** The mean month of the Gregorian calendar. */
const MONTH_MS = 30.436_875 * DAY_MS;

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
  const starts = dateOf(startsWall);
  const timeMs = mod(startsWall, DAY_MS);
  // As Temporal's `add({ months })` clamps; plain arithmetic, since a schedule asks for thousands.
  const wallAt = (turn: number) => {
    const months = starts.year * 12 + starts.month - 1 + turn;
    const [year, month] = [Math.floor(months / 12), mod(months, 12) + 1];
    return dayNumber(year, month, Math.min(starts.day, daysIn(year, month))) * DAY_MS + timeMs;
  };
  return {
    wallAt,
    turnBy(wall) {
      let turn = Math.round((wall - startsWall) / MONTH_MS);
      while (wallAt(turn) > wall) turn--;
      while (wallAt(turn + 1) <= wall) turn++;
      return turn;
    },
  };
}
