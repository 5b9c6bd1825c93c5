import type { z } from "zod";
import type { Actor } from "../org/actor.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import type { PersonRef } from "../platform/http/schema.ts";
import { peopleById } from "./people.ts";
import { policiesNaming, type ServiceRow, visibleServices } from "./policy-uses.ts";
import { onCallAt, slicesFrom } from "./schedule/on-call.ts";
import { shifts } from "./schedule/shifts.ts";
import type { Schedule, Span } from "./schedule/types.ts";
import type { onCallNow } from "./schema.ts";
import { type StoredSchedule, scheduleRows, withRules } from "./stored.ts";

export type OnCallJson = z.output<typeof onCallNow>;

/** People of the given ids in order of their e-mail addresses; ids that are nobody's are left out. */
export const inOrder = (ids: readonly string[], people: ReadonlyMap<string, PersonRef>): PersonRef[] =>
  ids.flatMap((id) => people.get(id) ?? []).sort((a, b) => (a.email < b.email ? -1 : 1));

/** Who is on call everywhere at an instant, by schedule's name, with the services whose policy names the schedule. */
export async function onCallEverywhere(db: DbOrTx, viewer: Actor, at: Temporal.Instant): Promise<OnCallJson> {
  const rows = await scheduleRows(db).orderBy("schedules.name").orderBy("schedules.slug").execute();
  const all = await withRules(db, rows, { at });
  const answers = all.map((stored) => ({ stored, now: onCallAt(stored.rules, at) }));
  const people = await peopleById(
    db,
    answers.flatMap(({ now }) => [...now.users, ...now.next]),
  );
  const services = await servicesBySchedule(
    db,
    all.map((stored) => stored.id),
  );
  const items = answers.map(({ stored, now }) => {
    const [users, next] = [inOrder(now.users, people), inOrder(now.next, people)];
    return {
      schedule: stored.slug,
      name: stored.name,
      time_zone: stored.timeZone,
      users: users.map((person) => person.email),
      people: users,
      until: now.until?.toString() ?? null,
      next: next.map((person) => person.email),
      next_people: next,
      services: visibleServices(services.get(stored.id) ?? [], viewer),
    };
  });
  return { at: at.toString(), items };
}

async function servicesBySchedule(db: DbOrTx, ids: readonly string[]): Promise<Map<string, ServiceRow[]>> {
  const uses = await policiesNaming(db, "schedule", ids);
  return new Map(
    [...uses].map(([id, policies]) => {
      const services = policies.flatMap((policy) => policy.services);
      return [id, services.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))];
    }),
  );
}

/** Where one person is on call at an instant, and until when; null: for as far as anybody can see. */
export async function onCallFor(
  db: DbOrTx,
  userId: string,
  at: Temporal.Instant,
): Promise<{ schedule: { slug: string; name: string }; until: Temporal.Instant | null }[]> {
  const found = await schedulesMentioning(db, userId, at);
  return found.flatMap(({ slug, name, rules }) => {
    const until = endOfDuty(rules, userId, at);
    return until === undefined ? [] : [{ schedule: { slug, name }, until }];
  });
}

/** The schedules that name a person in a layer, or in an override that isn't over. */
export async function schedulesMentioning(
  db: DbOrTx,
  userId: string,
  at: Temporal.Instant,
): Promise<StoredSchedule[]> {
  const rows = await scheduleRows(db)
    .where((eb) =>
      eb.or([
        eb.exists(
          eb
            .selectFrom("schedule_versions")
            .select("schedule_versions.id")
            .whereRef("schedule_versions.schedule_id", "=", "schedules.id")
            .where((inner) => inner(inner.cast<string>("definition", "text"), "like", `%${userId}%`)),
        ),
        eb.exists(
          eb
            .selectFrom("schedule_overrides")
            .select("schedule_overrides.id")
            .whereRef("schedule_overrides.schedule_id", "=", "schedules.id")
            .where("to_at", ">", at)
            .where((inner) =>
              inner.or([
                inner("user_id", "=", userId),
                inner("replaces_id", "=", userId),
                inner("removes_id", "=", userId),
              ]),
            ),
        ),
      ]),
    )
    .orderBy("schedules.name")
    .orderBy("schedules.slug")
    .execute();
  return withRules(db, rows, { at });
}

/** When somebody who is on call no longer is; null if not within two years, undefined if they aren't on call. */
function endOfDuty(
  rules: Schedule,
  userId: string,
  at: Temporal.Instant,
): Temporal.Instant | null | undefined {
  let isOn = false;
  for (const { from, entries } of slicesFrom(rules, at)) {
    const stays = entries.some((entry) => entry.user === userId);
    if (!stays) return isOn ? Temporal.Instant.fromEpochMilliseconds(from) : undefined;
    isOn = true;
  }
  return isOn ? null : undefined;
}

/** A schedule that policies rely on, and when it will have nobody. */
export interface ScheduleGaps {
  schedule: { slug: string; name: string };
  team: string | null;
  policies: string[];
  gaps: Span[];
}

/** The gaps of the next days in schedules that policies name; schedules without any are left out. */
export async function gapsAhead(db: DbOrTx, at: Temporal.Instant, days: number): Promise<ScheduleGaps[]> {
  const rows = await scheduleRows(db).orderBy("schedules.name").orderBy("schedules.slug").execute();
  const uses = await policiesNaming(
    db,
    "schedule",
    rows.map((row) => row.id),
  );
  const used = rows.filter((row) => uses.has(row.id));
  const end = at.add({ hours: 24 * days });
  return (await withRules(db, used, { at })).flatMap(({ id, slug, name, team, rules }) => {
    const { gaps } = shifts(rules, at, end);
    const policies = (uses.get(id) ?? []).map((use) => use.slug);
    return gaps.length === 0 ? [] : [{ schedule: { slug, name }, team: team?.id ?? null, policies, gaps }];
  });
}
