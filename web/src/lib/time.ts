const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "4 min ago", "in 2 h", "3 d ago"; older than a month, the date. */
export function relative(atMs: number, nowMs: number): string {
  const distance = Math.abs(nowMs - atMs);
  if (distance > 30 * DAY) return date(atMs, nowMs);
  const size = coarse(distance);
  if (size === "") return atMs > nowMs ? "in a moment" : "just now";
  return atMs > nowMs ? `in ${size}` : `${size} ago`;
}

function coarse(ms: number): string {
  if (ms < 5 * SECOND) return "";
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** "850 ms", "12 s", "4 min 5 s", "1 h 12 min", "3 d 4 h": the two largest units. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  const units = [
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "min"],
    [SECOND, "s"],
  ] as const;
  let rest = Math.floor(ms / SECOND) * SECOND;
  const parts: string[] = [];
  let first = -1;
  for (const [index, [size, unit]] of units.entries()) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (first < 0 && count > 0) first = index;
    if (count > 0 && index <= first + 1) parts.push(`${count} ${unit}`);
  }
  return parts.join(" ");
}

/** "4:05" or "1:02:07"; what has passed is "a moment", which the words around it say "in". */
export function countdown(ms: number): string {
  const total = Math.ceil(ms / SECOND);
  if (total <= 0) return "a moment";
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(total % 60)}`
    : `${Math.floor(total / 60)}:${two(total % 60)}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", options);
  formatters.set(key, made);
  return made;
}

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/** "14:03", in the browser's zone unless another is given. */
export const clockTime = (ms: number, zone?: string): string =>
  formatter({ ...CLOCK, timeZone: zone }).format(ms);

/** "14:03:21" */
export const clockSeconds = (ms: number, zone?: string): string =>
  formatter({ ...CLOCK, second: "2-digit", timeZone: zone }).format(ms);

/** "Mon 09:00" within six days, so that a weekday has one meaning, else "23 Nov 09:00": for hand-offs. */
export function dayTime(ms: number, nowMs: number, zone?: string): string {
  const near = Math.abs(ms - nowMs) < 6 * DAY;
  const day = near
    ? formatter({ weekday: "short", timeZone: zone }).format(ms)
    : formatter({ day: "numeric", month: "short", timeZone: zone }).format(ms);
  return `${day} ${clockTime(ms, zone)}`;
}

/** "23 Nov" or, in another year, "23 Nov 2025". */
export function date(ms: number, nowMs: number): string {
  const sameYear = formatter({ year: "numeric" }).format(ms) === formatter({ year: "numeric" }).format(nowMs);
  return formatter({ day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(ms);
}

const FULL = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;

/** "Mon 23 Nov 2026, 14:03:21 GMT+1" */
export const exactLocal = (ms: number, zone?: string): string =>
  formatter({ ...FULL, ...CLOCK, second: "2-digit", timeZone: zone, timeZoneName: "short" }).format(ms);

/** "2026-11-23 13:03:21 UTC" */
export const exactUtc = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Milliseconds of an instant the API gave. */
export const toMs = (instant: string): number => Date.parse(instant);

/** A plain date ("2026-11-23") as "Mon 23 Nov". */
export const plainDate = (iso: string): string =>
  formatter({ weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(
    Date.parse(`${iso}T00:00:00Z`),
  );

/** The browser's own time zone, e.g. "Europe/Paris". */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const WORDS: Record<string, string> = { ms: "ms", s: "second", m: "minute", h: "hour", d: "day", w: "week" };

/** A written duration in words: "60s" → "60 seconds", "1h" → "1 hour". What it can't read it leaves. */
export function durationWords(text: string): string {
  const [, amount = "", unit = ""] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
  const word = WORDS[unit];
  if (word === undefined) return text;
  return `${amount} ${amount === "1" || unit === "ms" ? word : `${word}s`}`;
}

/** A written duration ("20s", "1.5h") in ms; null when it isn't one. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text.trim());
  if (match === null) return null;
  const sizes: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
  return Number(match[1]) * (sizes[match[2] ?? ""] ?? 0);
}
