import { parseMoment } from "./overrides.ts";
import type { Stretch } from "./stretches.ts";
import type { ListedShift, UserId } from "./types.ts";
import type { WallClock } from "./wall-clock.ts";

/** More than a year of shifts of four hours. */
export const MOST_SHIFTS = 2_000;

export const peopleOf = ({ user, users }: ListedShift): readonly UserId[] =>
  user === undefined ? [...new Set(users)] : [user];

/** A list of shifts made ready for asking: pieces that don't overlap, each with all who are on call in it. */
export function compileList(shifts: readonly ListedShift[], clock: WallClock) {
  const read = (text: string): number => {
    const at = parseMoment(text, clock);
    if (!at) throw new RangeError(`time ${text}`);
    return at.epochMilliseconds;
  };
  const stretches = shifts.map((shift) => ({
    ...{ from: read(shift.from), to: read(shift.to), users: peopleOf(shift) },
  }));
  const pieces = cut(stretches);
  return {
    pieces: ({ from, to }: Stretch) =>
      pieces
        .slice(firstEndingAfter(pieces, from), firstStartingAt(pieces, to))
        .map((piece) => ({ ...piece, from: Math.max(piece.from, from), to: Math.min(piece.to, to) })),
    /** Of all listed shifts that are on, the first to end; never when none is. */
    endsAt: (epochMs: number) =>
      Math.min(...stretches.filter(({ from, to }) => from <= epochMs && epochMs < to).map(({ to }) => to)),
  };
}

interface Piece extends Stretch {
  users: readonly UserId[];
}

/** Cut where any of them begins or ends, so that within each piece the same people are on call. */
function cut(shifts: readonly Piece[]): Piece[] {
  const edges = [...new Set(shifts.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const waiting = shifts.toSorted((a, b) => b.from - a.from);
  let on: Piece[] = [];
  return edges.slice(0, -1).flatMap((from, i): Piece[] => {
    on = on.filter((shift) => shift.to > from);
    while (waiting.at(-1) && waiting.at(-1)!.from <= from) on.push(waiting.pop()!);
    const users = [...new Set(on.flatMap((shift) => shift.users))];
    return users.length > 0 ? [{ from, to: edges[i + 1]!, users }] : [];
  });
}

const firstEndingAfter = (pieces: readonly Piece[], at: number): number =>
  firstWhere(pieces, (piece) => piece.to > at);

const firstStartingAt = (pieces: readonly Piece[], at: number): number =>
  firstWhere(pieces, (piece) => piece.from >= at);

/** The place of the first piece that holds, when all after it hold too. */
function firstWhere(pieces: readonly Piece[], holds: (piece: Piece) => boolean): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(pieces[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
