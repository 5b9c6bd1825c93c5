import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { refuse, writtenLayers } from "../../oncall/definition.ts";
import { setConfiguredOverrides } from "../../oncall/overrides.ts";
import { peopleById } from "../../oncall/people.ts";
import { policiesNaming } from "../../oncall/policy-uses.ts";
import { checkSchedule } from "../../oncall/schedule/check.ts";
import { parseMoment } from "../../oncall/schedule/overrides.ts";
import { createSchedule, deleteSchedule, updateSchedule } from "../../oncall/schedules.ts";
import type { OverrideInput } from "../../oncall/schema.ts";
import { mentions, renamed } from "../../oncall/seats.ts";
import { lockSchedule, type OverrideRow, scheduleRows, withRules } from "../../oncall/stored.ts";
import type { By } from "../../org/actor.ts";
import { checkTimeZone } from "../../org/time-zone.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import type { PersonRef } from "../../platform/http/schema.ts";
import { scheduleEntry } from "../document.ts";
import { type ConfigSection, type Entry, type StoredEntry, withoutDefaults } from "../section.ts";
import { refuseUsed } from "./refusals.ts";

type ScheduleEntry = z.output<typeof scheduleEntry> & { name: string };
type People = ReadonlyMap<string, PersonRef>;

const typed = (entry: Entry): ScheduleEntry => {
  const parsed = scheduleEntry.parse(entry);
  return { ...parsed, name: parsed.name ?? parsed.slug };
};

const instant = (text: string, timeZone: string): string => parseMoment(text, timeZone)?.toString() ?? text;

/** In instants, so that the same time written in two ways is the same. */
const canonicalOverride = (override: OverrideInput, timeZone: string): OverrideInput => ({
  ...(override.user === undefined ? {} : { user: override.user.toLowerCase() }),
  ...(override.replaces === undefined ? {} : { replaces: override.replaces.toLowerCase() }),
  ...(override.removes === undefined ? {} : { removes: override.removes.toLowerCase() }),
  ...(override.adds ? { adds: true as const } : {}),
  from: instant(override.from, timeZone),
  to: instant(override.to, timeZone),
});

function storedOverride(row: OverrideRow, people: People): OverrideInput {
  const email = (id: string | null) => (id === null ? undefined : people.get(id)?.email);
  const who = { user: email(row.user_id), replaces: email(row.replaces_id), removes: email(row.removes_id) };
  const times = { from: row.from_at.toString(), to: row.to_at.toString() };
  return canonicalOverride({ ...who, ...(row.adds ? { adds: true } : {}), ...times }, "UTC");
}

const signature = (override: OverrideInput): string => JSON.stringify(override);

async function readSchedules(db: DbOrTx, at: Temporal.Instant): Promise<StoredEntry[]> {
  const rows = await scheduleRows(db).orderBy("schedules.slug").execute();
  const all = await withRules(db, rows, { at });
  const people = await peopleById(
    db,
    all.flatMap(({ latest, overrides }) => [
      ...mentions(latest.layers).map((mention) => mention.user),
      ...overrides.flatMap((row) => [row.user_id, row.replaces_id, row.removes_id]),
    ]),
  );
  return all.map(({ slug, name, team, latest, managedBy, overrides }) => ({
    key: slug,
    managedBy,
    handmade: overrides
      .filter((row) => row.managed_by === "ui")
      .map((row) => signature(storedOverride(row, people))),
    entry: {
      slug,
      name,
      team: team?.slug ?? null,
      time_zone: latest.time_zone,
      layers: writtenLayers(latest.layers, people),
      overrides: overrides.map((row) => storedOverride(row, people)),
    },
  }));
}

/** The wall time that an instant is in the zone, if reading it gives the instant back. */
function localTime(text: string, timeZone: string): string {
  const local = Temporal.Instant.from(text).toZonedDateTimeISO(timeZone).toPlainDateTime().toString();
  const short = local.replace(/^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}):00$/, "$1");
  return instant(short, timeZone) === text ? short : text;
}

const isAhead = ({ to }: OverrideInput, at: Temporal.Instant): boolean =>
  Temporal.Instant.compare(Temporal.Instant.from(to), at) > 0;

async function configured(tx: Tx, by: By, slug: string): Promise<OverrideInput[]> {
  const { overrides } = await lockSchedule(tx, slug, by.at);
  const rows = overrides.filter((row) => row.managed_by === "config");
  const people = await peopleById(
    tx,
    rows.flatMap((row) => [row.user_id, row.replaces_id, row.removes_id]),
  );
  return rows.map((row) => storedOverride(row, people));
}

/** Overrides act in their order: where one was put between others, they are made anew. */
async function setOverrides(tx: Tx, by: By, { slug, overrides }: ScheduleEntry): Promise<void> {
  await setConfiguredOverrides(tx, by, { slug, overrides });
  const there = await configured(tx, by, slug);
  if (there.map(signature).join() === overrides.map(signature).join()) return;
  await setConfiguredOverrides(tx, by, { slug, overrides: [] });
  await setConfiguredOverrides(tx, by, { slug, overrides });
}

export const schedules: ConfigSection = {
  name: "schedules",
  read: (db, { at }) => readSchedules(db, at),
  normalise(entry) {
    const schedule = typed(entry);
    refuse(checkSchedule(schedule));
    const time_zone = checkTimeZone(schedule.time_zone);
    return {
      ...schedule,
      time_zone,
      layers: renamed(schedule.layers, (email) => email.toLowerCase()),
      overrides: schedule.overrides.map((override) => canonicalOverride(override, time_zone)),
    };
  },
  /** What is over is over, and what somebody made by hand is there already. */
  settle(entry, stored, { at }) {
    const handmade = new Set(stored?.handmade);
    const view = (schedule: ScheduleEntry): Entry => ({
      ...schedule,
      overrides: [...new Map(schedule.overrides.map((each) => [signature(each), each])).values()].filter(
        (each) => isAhead(each, at) && !handmade.has(signature(each)),
      ),
    });
    return { entry: view(typed(entry)), before: stored && view(typed(stored.entry)) };
  },
  brief(entry) {
    const schedule = typed(entry);
    const local = (text: string) => localTime(text, schedule.time_zone);
    const overrides = schedule.overrides.map((each) => ({
      ...each,
      from: local(each.from),
      to: local(each.to),
    }));
    return withoutDefaults(
      { ...schedule, overrides },
      { name: entry.slug, team: null, time_zone: "UTC", overrides: [] },
    );
  },
  async create(tx, by, entry) {
    const { overrides, ...schedule } = typed(entry);
    await createSchedule(tx, by, schedule);
    if (overrides.length > 0) await setOverrides(tx, by, typed(entry));
  },
  async update(tx, by, change) {
    const [entry, before] = [typed(change.entry), typed(change.before)];
    const { overrides, ...schedule } = entry;
    if (!isDeepStrictEqual({ ...entry, overrides: [] }, { ...before, overrides: [] }))
      await updateSchedule(tx, by, schedule);
    if (!isDeepStrictEqual(overrides, before.overrides)) await setOverrides(tx, by, entry);
  },
  async remove(tx, by, slug) {
    const { id } = await lockSchedule(tx, slug, by.at);
    const uses = (await policiesNaming(tx, "schedule", [id])).get(id) ?? [];
    refuseUsed(
      `Schedule "${slug}"`,
      uses.map((use) => `escalation policy "${use.slug}"`),
    );
    await deleteSchedule(tx, by, slug);
  },
};
