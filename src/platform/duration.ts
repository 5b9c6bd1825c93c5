/** Durations as people write them: `800ms`, `20s`, `5m`, `2h`, `3d`, `2w`, or several in falling order: `1h30m`. */
const UNIT_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

const UNITS = Object.entries(UNIT_MS);

// Each unit at most once, the longer before the shorter.
const DURATION = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of a written duration; undefined if it isn't one. A bare number has no unit, so it isn't one. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match || text === "") return undefined;
  const ms = UNITS.reduce((sum, [, unitMs], i) => sum + Number(match[i + 1] ?? 0) * unitMs, 0);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** The short form in the longest unit that divides it: 90,000 is `90s`, 120,000 is `2m`. Whole milliseconds, not negative. */
export function formatDuration(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, each]) => ms !== 0 && ms % each === 0) ?? ["s", 1_000];
  return `${ms / unitMs}${unit}`;
}

const SPOKEN = [
  ["d", UNIT_MS.d],
  ["h", UNIT_MS.h],
  ["min", UNIT_MS.m],
  ["s", UNIT_MS.s],
] as const;

/** For reading: `1 h 12 min`, `3 d 4 h`, `45 s`, `340 ms`. The two largest units, cut off below them, not rounded. */
export function humanDuration(ms: number): string {
  const first = SPOKEN.findIndex(([, unitMs]) => ms >= unitMs);
  if (first < 0) return `${Math.max(0, Math.floor(ms))} ms`;
  let rest = ms;
  const words: string[] = [];
  for (const [unit, unitMs] of SPOKEN.slice(first, first + 2)) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) words.push(`${count} ${unit}`);
  }
  return words.join(" ");
}
