import { date } from "../../lib/time.ts";
import { instantOf, midnight, plusDays, type Wall, wallOf, weekdayOf } from "../../lib/zone.ts";
import type { Block } from "./calendar-block.tsx";

export type CalendarView = "month" | "weeks" | "day";

const HOUR = 3_600_000;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

export interface CalendarRange {
  from: number;
  to: number;
  blocks: readonly Block[];
  title: string;
}

const monthName = (wall: Wall): string =>
  new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(
    Date.UTC(wall.year, wall.month - 1, 1),
  );

const monday = (wall: Wall): Wall => plusDays(midnight(wall), -weekdayOf(wall));

/** The weeks from a Monday on, in the days of the schedule's zone. */
function weeks(first: Wall, count: number, zone: string, today: Wall): Block[] {
  return Array.from({ length: count }, (_, week) => {
    const days = Array.from({ length: 7 }, (_, day) => plusDays(first, week * 7 + day));
    return {
      from: instantOf(days[0] ?? first, zone),
      to: instantOf(plusDays(first, week * 7 + 7), zone),
      ticks: days.map((day, at) => ({
        at: instantOf(day, zone),
        label: `${WEEKDAYS[at]} ${day.day}`,
        short: `${WEEKDAYS[at]?.slice(0, 2)} ${day.day}`,
        strong: day.year === today.year && day.month === today.month && day.day === today.day,
      })),
    };
  });
}

/** What a view shows: `offset` months, fortnights or days away from now. Days are those of the schedule's zone. */
export function calendarRange(
  view: CalendarView,
  { offset, nowMs, zone }: { offset: number; nowMs: number; zone: string },
): CalendarRange {
  const today = wallOf(nowMs, zone);
  if (view === "day") return dayRange(plusDays(midnight(today), offset), zone);
  if (view === "weeks") {
    const blocks = weeks(plusDays(monday(today), offset * 14), 2, zone, today);
    return ranged(blocks, (from, to) => `${date(from, nowMs)} to ${date(to - HOUR, nowMs)}`);
  }
  const start = new Date(Date.UTC(today.year, today.month - 1 + offset, 1));
  const first: Wall = {
    year: start.getUTCFullYear(),
    month: start.getUTCMonth() + 1,
    day: 1,
    hour: 0,
    minute: 0,
  };
  const days = new Date(Date.UTC(first.year, first.month, 0)).getUTCDate();
  const count = Math.ceil((weekdayOf(first) + days) / 7);
  return ranged(weeks(monday(first), count, zone, today), () => monthName(first));
}

function dayRange(day: Wall, zone: string): CalendarRange {
  const from = instantOf(day, zone);
  const to = instantOf(plusDays(day, 1), zone);
  const ticks = Array.from({ length: 12 }, (_, at) => ({
    at: instantOf({ ...day, hour: at * 2 }, zone),
    label: `${String(at * 2).padStart(2, "0")}:00`,
    short: String(at * 2),
    strong: false,
  }));
  const title = `${WEEKDAYS[weekdayOf(day)]} ${date(from, from)}`;
  return { from, to, blocks: [{ from, to, ticks }], title };
}

function ranged(blocks: readonly Block[], title: (from: number, to: number) => string): CalendarRange {
  const from = blocks[0]?.from ?? 0;
  const to = blocks.at(-1)?.to ?? from;
  return { from, to, blocks, title: title(from, to) };
}

/** Weeks from the one that holds `fromMs`, for a preview. */
export function previewBlocks(fromMs: number, count: number, zone: string): readonly Block[] {
  const today = wallOf(fromMs, zone);
  return weeks(monday(today), count, zone, today);
}
