/**
 * The known word that was probably meant, for "did you mean …?"; undefined when none is near enough to be worth saying.
 * Near: no more than a third of the letters (at least one, swapped neighbours count once) differ.
 */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  const word = written.toLowerCase();
  let best: { distance: number; candidate: string } | undefined;
  for (const candidate of known) {
    const limit = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(word, candidate.toLowerCase());
    if (distance <= limit && distance < (best?.distance ?? Infinity)) best = { distance, candidate };
  }
  return best?.candidate;
}

/** ` Did you mean "x"?`, or nothing: to put after a sentence. */
export function didYouMean(written: string, known: Iterable<string>): string {
  const candidate = nearest(written, known);
  return candidate === undefined ? "" : ` Did you mean "${candidate}"?`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
