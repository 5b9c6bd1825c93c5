/** A date and time of day as a wall clock shows it, without a zone. Months from 1. */
export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(zone, made);
  return made;
}

/** What the clocks of a zone show at an instant. */
export function wallOf(ms: number, zone: string): Wall {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
  };
}

const asUtc = ({ year, month, day, hour, minute }: Wall): number =>
  Date.UTC(year, month - 1, day, hour, minute);

/** The instant at which a zone's clocks show this; one that is skipped moves forward, of one that repeats the first. */
export function instantOf(wall: Wall, zone: string): number {
  const wanted = asUtc(wall);
  const offsetAt = (ms: number) => asUtc(wallOf(ms, zone)) - Math.floor(ms / 60_000) * 60_000;
  const before = wanted - offsetAt(wanted - 86_400_000);
  const after = wanted - offsetAt(wanted + 86_400_000);
  const fits = [before, after].filter((ms) => asUtc(wallOf(ms, zone)) === wanted);
  return fits.length > 0 ? Math.min(...fits) : before;
}

/** The same time of day some days later. */
export function plusDays(wall: Wall, days: number): Wall {
  const moved = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return {
    ...wall,
    year: moved.getUTCFullYear(),
    month: moved.getUTCMonth() + 1,
    day: moved.getUTCDate(),
  };
}

export const midnight = (wall: Wall): Wall => ({ ...wall, hour: 0, minute: 0 });

/** 0 for Monday to 6 for Sunday. */
export const weekdayOf = (wall: Wall): number =>
  (new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay() + 6) % 7;

const two = (value: number): string => String(value).padStart(2, "0");

/** "2026-11-23T09:00", as fields for dates and the API take it. */
export const wallText = ({ year, month, day, hour, minute }: Wall): string =>
  `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;

/** Reads "2026-11-23T09:00"; null when it is something else. */
export function parseWall(text: string): Wall | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  return { year, month, day, hour, minute };
}

/** "Europe/Stockholm" → "Stockholm" */
export const cityOf = (zone: string): string => zone.split("/").at(-1)?.replaceAll("_", " ") ?? zone;
