export type StatusRange = readonly [lowest: number, highest: number];

// `200`, `200-299` (also with an en dash or blanks), or `2xx`.
const RANGE = /^([1-5]\d\d)(?:\s*[-–]\s*([1-5]\d\d))?$/;
const CLASS = /^([1-5])xx$/i;

/** One or several with commas; null when any of them is none. */
export function parseStatusRanges(text: string | number): readonly StatusRange[] | null {
  const ranges = String(text)
    .split(",")
    .map((each) => parseStatusRange(each.trim()));
  const good = ranges.filter((range) => range !== null);
  return good.length === ranges.length ? good : null;
}

function parseStatusRange(text: string): StatusRange | null {
  const class_ = CLASS.exec(text);
  if (class_) return [Number(class_[1]) * 100, Number(class_[1]) * 100 + 99];
  const range = RANGE.exec(text);
  if (!range) return null;
  const lowest = Number(range[1]);
  const highest = Number(range[2] ?? range[1]);
  return lowest <= highest ? [lowest, highest] : null;
}

export const inRanges = (status: number, ranges: readonly StatusRange[]): boolean =>
  ranges.some(([lowest, highest]) => status >= lowest && status <= highest);

/** `200–299, 404`. */
export const describeRanges = (ranges: readonly StatusRange[]): string =>
  ranges.map(([lowest, highest]) => (lowest === highest ? `${lowest}` : `${lowest}–${highest}`)).join(", ");
