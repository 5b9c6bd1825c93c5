/** Half-open stretches of epoch milliseconds, [from, to). Lists of them are in order and don't overlap. */
export interface Stretch {
  from: number;
  to: number;
}

/** In order, those that overlap or touch joined. */
export function union(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

/** The parts of `pieces` that lie in `within`. */
export function intersect<P extends Stretch>(pieces: readonly P[], within: readonly Stretch[]): P[] {
  const parts: P[] = [];
  let first = 0;
  for (const piece of pieces) {
    while (first < within.length && within[first]!.to <= piece.from) first++;
    for (let i = first; i < within.length && within[i]!.from < piece.to; i++) {
      const { from, to } = within[i]!;
      parts.push({ ...piece, from: Math.max(piece.from, from), to: Math.min(piece.to, to) });
    }
  }
  return parts;
}

/** What of [from, to) none of the pieces covers. */
export function holes(pieces: readonly Stretch[], { from, to }: Stretch): Stretch[] {
  const left: Stretch[] = [];
  let at = from;
  for (const piece of pieces) {
    if (piece.from > at) left.push({ from: at, to: Math.min(piece.from, to) });
    at = Math.max(at, piece.to);
    if (at >= to) return left;
  }
  left.push({ from: at, to });
  return left;
}
