import type { DbOrTx } from "../../platform/database/database.ts";
import type { PersonRef } from "../../platform/http/schema.ts";
import { inOrder } from "../on-call.ts";
import { peopleById } from "../people.ts";
import { shifts } from "../schedule/shifts.ts";
import { slicesWithin } from "../schedule/slices.ts";
import type { Span } from "../schedule/types.ts";
import { type StoredSchedule, scheduleRows, withRules } from "../stored.ts";
import { fairnessOf, type PagesWithin } from "./fairness.ts";
import type { PersonLoad } from "./schema.ts";

interface Place {
  schedule: { slug: string; name: string };
}

/** What a team's schedules say of a stretch of time. */
export interface TeamRota {
  people: PersonLoad[];
  hand_offs: (Place & { at: string; from: PersonRef[]; to: PersonRef[] })[];
  gaps_ahead: (Place & { from: string; to: string })[];
}

const AHEAD_HOURS = 14 * 24;
/** An hourly rotation hands off all day long: of each schedule so many are listed. */
const MOST_HAND_OFFS = 30;

/** Who carried what in [from, to), every hand-off within, and the gaps of the 14 days after `now`. */
export async function teamRota(
  db: DbOrTx,
  asked: Span & { team: string; now: Temporal.Instant; pages: PagesWithin },
): Promise<TeamRota> {
  const { team, from, to, now, pages } = asked;
  const rows = await scheduleRows(db)
    .where("schedules.team_id", "=", team)
    .orderBy("schedules.name")
    .orderBy("schedules.slug")
    .execute();
  const schedules = await withRules(db, rows, { at: now, since: from });
  const { items } = await fairnessOf(db, {
    ...{ from, to, now, schedules, members: [], onlyOnCall: true, pages },
  });
  const ahead = { from: now, to: now.add({ hours: AHEAD_HOURS }) };
  return {
    people: items.filter((item) => item.hours > 0 || item.pages > 0),
    hand_offs: await handOffs(db, schedules, { from, to }),
    gaps_ahead: schedules.flatMap((schedule) =>
      shifts(schedule.rules, ahead.from, ahead.to).gaps.map((gap) => ({
        ...{ schedule: nameOf(schedule), from: gap.from.toString(), to: gap.to.toString() },
      })),
    ),
  };
}

const nameOf = ({ slug, name }: StoredSchedule) => ({ slug, name });

async function handOffs(
  db: DbOrTx,
  schedules: readonly StoredSchedule[],
  { from, to }: Span,
): Promise<TeamRota["hand_offs"]> {
  const range = { from: from.epochMilliseconds, to: to.epochMilliseconds };
  const changes = schedules.flatMap((schedule) => {
    const slices = slicesWithin(schedule.rules, range).map((slice) => ({
      ...{ at: slice.from, users: [...new Set(slice.entries.map((entry) => entry.user))].sort() },
    }));
    return slices
      .slice(1)
      .flatMap(({ at, users }, i) => {
        const before = slices[i]!.users;
        return before.join() === users.join() ? [] : [{ schedule, at, before, users }];
      })
      .slice(0, MOST_HAND_OFFS);
  });
  const people = await peopleById(
    db,
    changes.flatMap(({ before, users }) => [...before, ...users]),
  );
  return changes
    .toSorted((a, b) => a.at - b.at)
    .map(({ schedule, at, before, users }) => ({
      schedule: nameOf(schedule),
      at: Temporal.Instant.fromEpochMilliseconds(at).toString(),
      from: inOrder(before, people),
      to: inOrder(users, people),
    }));
}
