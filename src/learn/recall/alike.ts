import type { FailureIdentity } from "../../alert/fingerprint.ts";

/** One way in which an incident was seen failing. */
export interface Failure {
  fingerprint: string;
  identity: FailureIdentity;
  /** Of its monitor or integration. */
  sourceName: string;
}

/**
 * Above which two incidents are called the same, or alike. Set by `npm run eval:repeats` on half of its classes of
 * failure, so that of a hundred that were never seen at most five are called anything.
 */
export const THRESHOLDS = { same: 0.6, alike: 0.5 } as const;

export interface Alikeness {
  /** 0 to 1. */
  score: number;
  /** The failures of both that are most alike, if any are. */
  best: Pair | undefined;
}

interface Pair {
  now: Failure;
  before: Failure;
  score: number;
}

/** Words of a line that say something; what was replaced by what it is (`<host>`, `#`) says nothing. */
const wordsOf = (line: string): Set<string> => new Set(line.match(/[\p{L}][\p{L}_'-]+/gu) ?? []);

/** How many of their words two lines share: Dice's coefficient, 0 to 1. Two empty lines tell nothing: 0.5. */
export function lineAlikeness(a: string, b: string): number {
  if (a === b) return a === "" ? 0.5 : 1;
  const [left, right] = [wordsOf(a.replace(/<\w+>/g, " ")), wordsOf(b.replace(/<\w+>/g, " "))];
  if (left.size + right.size === 0) return 0.5;
  return (2 * left.intersection(right).size) / (left.size + right.size);
}

/** That the same monitor fails at all says a little. */
const SAME_SOURCE = 0.2;

/** The same monitor with the same code, of which only one left words: alike, not the same. */
const CODE_ALONE = 0.7;

/** How alike two failures are, 0 to 1. Equal fingerprints are 1; another source that says the same is alike at best. */
export function failureAlikeness(a: Failure, b: Failure): number {
  if (a.fingerprint === b.fingerprint) return 1;
  const line = lineAlikeness(a.identity.line, b.identity.line);
  const sameCause = a.identity.cause === b.identity.cause && a.identity.cause !== "";
  const sameStep = a.identity.step === b.identity.step;
  if (a.identity.source === b.identity.source) {
    // Our own words for two codes are alike whatever failed.
    const ours = a.identity.saidBy === "us" || b.identity.saidBy === "us";
    if (!sameStep || (!sameCause && ours)) return SAME_SOURCE;
    // What only one of them has words for can't be compared: the code must do.
    if (a.identity.saidBy !== b.identity.saidBy) return sameCause ? CODE_ALONE : SAME_SOURCE;
    // A failure that says the same by another code is the same more often than one that says something else.
    return Math.max(SAME_SOURCE, (sameCause ? 0.9 : 0.7) * line * line);
  }
  return sameCause && line >= 0.8 ? 0.4 * line : 0;
}

/** What counts against two incidents being the same: a source that fails now and didn't then, and the other way round. */
export interface Patience {
  extra: number;
  missing: number;
}
/** An incident that has been going on for a while shows what it is; something else may fail beside it by chance. */
export const SETTLED: Patience = { extra: 0.5, missing: 0.5 };
/** What failed then may fail in a moment. */
export const JUST_BEGUN: Patience = { extra: 0.5, missing: 0.2 };

/**
 * How alike two incidents are by what failed in them: each failing source is paired with its most alike, and what has
 * no like counts against it (Tversky's index, of sets whose members may be partly the same). A source that was seen
 * failing in several ways is as alike as the most alike of them.
 */
export function incidentAlikeness(
  now: readonly Failure[],
  before: readonly Failure[],
  { extra, missing }: Patience = SETTLED,
): Alikeness {
  const [mine, theirs] = [bySource(now), bySource(before)];
  const pairs = mine
    .flatMap((a) => theirs.map((b) => ({ a, b, pair: bestPair(a, b) })))
    .filter(({ pair }) => pair.score > 0)
    .sort((x, y) => y.pair.score - x.pair.score);
  const taken = new Set<readonly Failure[]>();
  let shared = 0;
  for (const { a, b, pair } of pairs) {
    if (taken.has(a) || taken.has(b)) continue;
    taken.add(a).add(b);
    shared += pair.score;
  }
  const best = pairs[0]?.pair;
  if (!best) return { score: 0, best };
  const against = extra * (mine.length - shared) + missing * (theirs.length - shared);
  return { score: shared / (shared + against), best };
}

const bySource = (failures: readonly Failure[]): Failure[][] => [
  ...Map.groupBy(failures, ({ identity }) => identity.source).values(),
];

function bestPair(a: readonly Failure[], b: readonly Failure[]): Pair {
  const pairs = a.flatMap((now) =>
    b.map((before) => ({ now, before, score: failureAlikeness(now, before) })),
  );
  return pairs.reduce((best, pair) => (pair.score > best.score ? pair : best));
}

/** Above which share of a text's own score another text is shown as alike, though nothing failed alike. */
export const ALIKE_BY_WORDS = 0.5;
