const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

const utc = (at: Temporal.Instant): Temporal.ZonedDateTime => at.toZonedDateTimeISO("UTC");

/** `23 November 2026`, the day in UTC. */
export function longDate(at: Temporal.Instant): string {
  const { day, month, year } = utc(at);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

/** `2026-11-23 06:37:22 UTC`, to the second. */
export const fullTime = (at: Temporal.Instant): string =>
  `${utc(at).toPlainDate().toString()} ${timeOfDay(at)} UTC`;

/** `06:37:22 UTC`, with its date in front when it isn't the day of `reference`. */
export const timeOn = (at: Temporal.Instant, reference: Temporal.Instant): string =>
  utc(at).toPlainDate().equals(utc(reference).toPlainDate()) ? `${timeOfDay(at)} UTC` : fullTime(at);

const timeOfDay = (at: Temporal.Instant): string =>
  utc(at).toPlainTime().toString({ smallestUnit: "second", roundingMode: "trunc" });

/** `Ada`, `Ada and Bo`, `Ada, Bo and Cy`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** `1 check`, `14 checks`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** A share as a whole per cent; never says 0 % or 100 % of something that is neither. */
export function percent(part: number, whole: number): string {
  const exact = (100 * part) / whole;
  const shown = part > 0 && part < whole ? Math.min(99, Math.max(1, Math.round(exact))) : Math.round(exact);
  return `${shown} %`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Somebody else's words as plain text inside Markdown: nothing in them becomes formatting, a link or a heading. */
export const plain = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_[\]<>|~#&!]/g, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2")
    .replace(/^([-+=])/, "\\$1");

/** Somebody else's words as a code span, fenced with more backticks than they hold. */
export function code(text: string): string {
  const inner = oneLine(text);
  const longest = Math.max(0, ...(inner.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = inner.startsWith("`") || inner.endsWith("`") ? " " : "";
  return `${fence}${pad}${inner}${pad}${fence}`;
}

/** Cut at a word where possible, with an ellipsis; `most` characters at most. */
export function shortened(text: string, most: number): string {
  const whole = oneLine(text);
  if (whole.length <= most) return whole;
  const cut = whole.slice(0, most - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space > most / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
