import { intersect, type Stretch, union } from "../schedule/stretches.ts";
import type { UserId } from "../schedule/types.ts";
import { daysOf, type Windows, windowsOf } from "./windows.ts";

/** A stretch of one person's on one schedule. */
export interface Duty extends Stretch {
  user: UserId;
  schedule: string;
}

/** A page that a person got; epoch milliseconds. `answeredAt` only if that person answered it. */
export interface PageFact {
  user: UserId;
  at: number;
  answeredAt: number | null;
}

/** What being on call cost one person. Durations in milliseconds. */
export interface Load {
  onCallMs: number;
  /** Of `onCallMs`, what was still to come. */
  plannedMs: number;
  nightMs: number;
  /** Nights with an hour or more on call. */
  nights: number;
  weekendMs: number;
  holidayMs: number;
  /** Holidays with an hour or more on call. */
  holidays: number;
  shifts: number;
  pages: number;
  nightPages: number;
  /** Pages that the person answered at night. */
  interruptions: number;
  /** Weighted hours; see `points`. */
  points: number;
}

export interface LoadInput {
  range: Stretch;
  now: number;
  duties: readonly Duty[];
  pages: readonly PageFact[];
  /** Everybody to be counted, with their own time zone. */
  zones: ReadonlyMap<UserId, string>;
  /** Dates by schedule. */
  holidays: ReadonlyMap<string, readonly string[]>;
}

const HOUR_MS = 3_600_000;
/** Less than this of a night or a holiday is a hand-off, not a night. */
const COUNTS_FROM_MS = HOUR_MS;

/** What an hour weighs beside its own 1: at night, on a weekend, on a holiday. They add up. */
export const WEIGHTS = { night: 1, weekend: 1, holiday: 2 } as const;

/** Weighted hours: what two people must have alike for the load to be fair. */
export const points = (load: Pick<Load, "onCallMs" | "nightMs" | "weekendMs" | "holidayMs">): number =>
  (load.onCallMs +
    WEIGHTS.night * load.nightMs +
    WEIGHTS.weekend * load.weekendMs +
    WEIGHTS.holiday * load.holidayMs) /
  HOUR_MS;

/**
 * What everybody in `zones` carried within the range. Being on call on two schedules at once counts once. Nights,
 * weekends and holidays are those of the person's own clock.
 */
export function loads(input: LoadInput): Map<UserId, Load> {
  const { range, zones } = input;
  const known = new Map<string, Windows>();
  const windowsIn = (zone: string): Windows => {
    const windows = known.get(zone) ?? windowsOf(range, zone);
    known.set(zone, windows);
    return windows;
  };
  const duties = Map.groupBy(input.duties, ({ user }) => user);
  const pages = Map.groupBy(input.pages, ({ user }) => user);
  return new Map(
    [...zones].map(([user, zone]) => {
      const mine = { duties: duties.get(user) ?? [], pages: pages.get(user) ?? [] };
      return [user, loadOf(mine, { ...input, zone, windows: windowsIn(zone) })];
    }),
  );
}

interface OwnClock extends LoadInput {
  zone: string;
  windows: Windows;
}

function loadOf(
  { duties, pages }: { duties: readonly Duty[]; pages: readonly PageFact[] },
  { range, now, zone, windows, holidays }: OwnClock,
): Load {
  const all = intersect(union(duties), [range]);
  const nights = within(all, windows.nights);
  const weekends = within(all, windows.weekends);
  const festive = within(...festiveOf(duties, { range, zone, holidays }));
  const isNight = (at: number) => windows.nights.some(({ from, to }) => from <= at && at < to);
  const own = pages.filter(({ at }) => range.from <= at && at < range.to);
  const load = {
    onCallMs: total(all),
    plannedMs: total(intersect(all, [{ from: Math.max(now, range.from), to: Math.max(now, range.to) }])),
    ...{ nightMs: nights.ms, nights: nights.count, weekendMs: weekends.ms },
    ...{ holidayMs: festive.ms, holidays: festive.count },
    shifts: duties.filter((duty) => intersect([duty], [range]).length > 0).length,
    pages: own.length,
    nightPages: own.filter(({ at }) => isNight(at)).length,
    interruptions: own.filter(({ answeredAt }) => answeredAt !== null && isNight(answeredAt)).length,
  };
  return { ...load, points: points(load) };
}

const total = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { from, to }) => sum + to - from, 0);

/** On-call time on holidays, and the holidays: a day counts where the schedule's own list names it. */
function festiveOf(
  duties: readonly Duty[],
  { range, zone, holidays }: Pick<OwnClock, "range" | "zone" | "holidays">,
): [Stretch[], Stretch[]] {
  const bySchedule = Map.groupBy(duties, ({ schedule }) => schedule);
  const parts = [...bySchedule].flatMap(([schedule, own]) => {
    const days = daysOf(holidays.get(schedule) ?? [], zone);
    return days.length === 0 ? [] : intersect(intersect(union(own), [range]), days);
  });
  const dates = [...bySchedule.keys()].flatMap((schedule) => holidays.get(schedule) ?? []);
  return [union(parts), daysOf(dates, zone)];
}

/** Which of the nights have an hour or more in the stretches, by their place in the list. */
export function nightsIn(own: readonly Stretch[], nights: readonly Stretch[]): number[] {
  return [...timeIn(own, nights)].filter(([, ms]) => ms >= COUNTS_FROM_MS).map(([index]) => index);
}

function within(own: readonly Stretch[], windows: readonly Stretch[]): { ms: number; count: number } {
  const spent = [...timeIn(own, windows).values()];
  return {
    ms: spent.reduce((sum, ms) => sum + ms, 0),
    count: spent.filter((ms) => ms >= COUNTS_FROM_MS).length,
  };
}

/** Milliseconds in each window that is touched, by the window's place in the list. */
function timeIn(own: readonly Stretch[], windows: readonly Stretch[]): Map<number, number> {
  const spent = new Map<number, number>();
  const numbered = windows.map((window, index) => ({ ...window, index }));
  for (const { index, from, to } of intersect(numbered, own))
    spent.set(index, (spent.get(index) ?? 0) + to - from);
  return spent;
}
