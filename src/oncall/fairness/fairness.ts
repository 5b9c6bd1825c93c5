import { setImmediate } from "node:timers/promises";
import type { DbOrTx } from "../../platform/database/database.ts";
import type { PersonRef } from "../../platform/http/schema.ts";
import { shifts } from "../schedule/shifts.ts";
import { type Stretch, union } from "../schedule/stretches.ts";
import type { Span } from "../schedule/types.ts";
import { namedFrom, type StoredSchedule } from "../stored.ts";
import { holidaysOf } from "./holidays.ts";
import { type Duty, type Load, loads, type PageFact } from "./load.ts";
import { balanceOf, quality } from "./quality.ts";
import type { FairnessJson, PersonLoad } from "./schema.ts";
import "../../org/table.ts";

/** Pages within a range, of everybody; `main` hands in how they are read. */
export type PagesWithin = (range: Span) => Promise<PageFact[]>;

export interface Question extends Span {
  now: Temporal.Instant;
  schedules: readonly StoredSchedule[];
  /** Counted also without a shift: the members of a team. */
  members: readonly string[];
  /** Only pages that came while their person was on call on one of the schedules; without it all pages. */
  onlyOnCall: boolean;
  pages: PagesWithin;
}

const ms = ({ from, to }: Span): Stretch => ({ from: from.epochMilliseconds, to: to.epochMilliseconds });

/** A schedule's shifts within a range, and when it has nobody. */
export function dutiesOf(schedule: StoredSchedule, { from, to }: Span) {
  const { items, gaps } = shifts(schedule.rules, from, to);
  const duties = items.map((item): Duty => ({ user: item.user, schedule: schedule.id, ...ms(item) }));
  return { schedule, duties, gaps: gaps.map(ms) };
}

/** The same of many, with room for other work between them: the pager runs on this thread. */
async function dutiesOfAll(schedules: readonly StoredSchedule[], range: Span) {
  const found: ReturnType<typeof dutiesOf>[] = [];
  for (const schedule of schedules) {
    found.push(dutiesOf(schedule, range));
    await setImmediate();
  }
  return found;
}

/** Who carries how much within a range: what was, by history, and what is planned. The most burdened first. */
export async function fairnessOf(db: DbOrTx, question: Question): Promise<FairnessJson> {
  const { from, to, now } = question;
  const perSchedule = await dutiesOfAll(question.schedules, question);
  const duties = perSchedule.flatMap((each) => each.duties);
  const pages = await countedPages(question, duties);
  const people = await peopleWithZones(db, [
    ...duties.map(({ user }) => user),
    ...pages.map(({ user }) => user),
    ...question.members,
    ...question.schedules.flatMap((schedule) => namedFrom(schedule.rules, now)),
  ]);
  const carried = loads({
    ...{ range: ms(question), now: now.epochMilliseconds, duties, pages },
    zones: new Map([...people].map(([id, { zone }]) => [id, zone])),
    holidays: await holidaysOf(db, question.schedules),
  });
  const items = [...carried].map(([id, load]) => personLoad(people.get(id)!, load));
  return {
    ...{ from: from.toString(), to: to.toString(), now: now.toString() },
    balance: balanceOf(items.flatMap((item) => (item.points > 0 ? item.points : []))),
    items: items.sort((a, b) => b.points - a.points || (a.person.name < b.person.name ? -1 : 1)),
    schedules: perSchedule.map((each) => qualityJson(each, { range: ms(question), people })),
  };
}

async function countedPages(question: Question, duties: readonly Duty[]): Promise<PageFact[]> {
  const all = await question.pages(question);
  if (!question.onlyOnCall) return all;
  const byUser = Map.groupBy(duties, ({ user }) => user);
  return all.filter(({ user, at }) => byUser.get(user)?.some(({ from, to }) => from <= at && at < to));
}

interface Someone {
  ref: PersonRef;
  zone: string;
}

/** People by id with their own zone; UTC for one that this runtime doesn't know. */
export async function peopleWithZones(db: DbOrTx, ids: readonly string[]): Promise<Map<string, Someone>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await db
    .selectFrom("users")
    .select(["id", "name", "email", "time_zone"])
    .where("id", "in", wanted)
    .execute();
  return new Map(rows.map(({ time_zone, ...ref }) => [ref.id, { ref, zone: knownZone(time_zone) }] as const));
}

function knownZone(zone: string): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch {
    return "UTC";
  }
}

const hours = (spentMs: number): number => Math.round(spentMs / 36_000) / 100;

export const personLoad = ({ ref, zone }: Someone, load: Load): PersonLoad => ({
  ...{ person: ref, time_zone: zone, hours: hours(load.onCallMs), planned_hours: hours(load.plannedMs) },
  ...{ nights: load.nights, night_hours: hours(load.nightMs), weekend_hours: hours(load.weekendMs) },
  ...{ holidays: load.holidays, holiday_hours: hours(load.holidayMs), shifts: load.shifts },
  ...{ pages: load.pages, night_pages: load.nightPages, interruptions: load.interruptions },
  points: Math.round(load.points * 100) / 100,
});

function qualityJson(
  { schedule, duties, gaps }: ReturnType<typeof dutiesOf>,
  { range, people }: { range: Stretch; people: ReadonlyMap<string, Someone> },
): FairnessJson["schedules"][number] {
  const wholeMs = range.to - range.from;
  const gapMs = union(gaps).reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const timeOf = new Map<string, number>();
  for (const { user, from, to } of duties) timeOf.set(user, (timeOf.get(user) ?? 0) + to - from);
  const { overloaded, ...score } = quality(timeOf, { coveredMs: wholeMs - gapMs, wholeMs });
  return {
    schedule: { slug: schedule.slug, name: schedule.name },
    ...score,
    overloaded: overloaded.flatMap(({ user, percent }) => {
      const person = people.get(user)?.ref;
      return person ? [{ person, percent }] : [];
    }),
  };
}
