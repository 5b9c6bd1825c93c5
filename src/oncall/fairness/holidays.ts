import { isDeepStrictEqual } from "node:util";
import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { must } from "../../org/can.ts";
import { teamIdOf } from "../../org/teams.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { newId } from "../../platform/ids.ts";
import { invalid, missing, Refusal } from "../../platform/refusal.ts";
import { scheduleResource } from "../schedules.ts";
import type { Holiday, HolidayListChange, HolidayListInput, HolidayListJson } from "./schema.ts";
import "./table.ts";
import "../table.ts";

/** In order of the date; a date may stand there once. */
function readDays(days: readonly Holiday[]): Holiday[] {
  const sorted = days.toSorted((a, b) => (a.date < b.date ? -1 : 1));
  const twice = sorted.find((day, i) => sorted[i - 1]?.date === day.date);
  if (twice) throw invalid("/days", `${twice.date} stands there twice; take one of them out.`);
  return sorted;
}

/** Adds a list of holidays. Whoever names a team or a schedule must be allowed to edit it; `everywhere` is for administrators. */
export async function createHolidayList(tx: Tx, by: By, input: HolidayListInput): Promise<void> {
  const id = newId(by.platform.clock);
  const { slug, name, everywhere } = input;
  const made = await tx
    .insertInto("holiday_lists")
    .values({
      ...{ id, slug, name, everywhere, days: json(readDays(input.days)), managed_by: by.managedBy },
      ...{ created_at: by.at, updated_at: by.at },
    })
    .onConflict((conflict) => conflict.column("slug").doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows === 0n)
    throw new Refusal("conflict", `There is already a list of holidays "${slug}". Choose another slug.`);
  await setUses(tx, by, { id, ...input });
  const after = await snapshot(tx, slug);
  await audit(tx, by, { action: "created", type: "holiday_list", id, name, after });
}

/** Changes what is given. */
export async function updateHolidayList(
  tx: Tx,
  by: By,
  { slug, ...patch }: HolidayListChange & { slug: string },
): Promise<void> {
  const { id, before } = await editable(tx, by, slug);
  const after = { ...written(before), ...patch };
  const { name, everywhere } = after;
  await tx
    .updateTable("holiday_lists")
    .set({
      ...{ name, everywhere, days: json(readDays(after.days)), updated_at: by.at },
      ...(by.managedBy === "config" ? { managed_by: "config" as const } : {}),
    })
    .where("id", "=", id)
    .execute();
  await setUses(tx, by, { id, ...after });
  const now = await snapshot(tx, slug);
  if (isDeepStrictEqual(now, written(before))) return;
  await audit(tx, by, {
    action: "updated",
    type: "holiday_list",
    id,
    name,
    before: written(before),
    after: now,
  });
}

export async function deleteHolidayList(tx: Tx, by: By, slug: string): Promise<void> {
  const { id, before } = await editable(tx, by, slug);
  await tx.deleteFrom("holiday_lists").where("id", "=", id).execute();
  const { name } = before;
  await audit(tx, by, { action: "deleted", type: "holiday_list", id, name, before: written(before) });
}

async function editable(tx: Tx, by: By, slug: string) {
  const row = await tx
    .selectFrom("holiday_lists")
    .select("id")
    .where("slug", "=", slug)
    .forUpdate()
    .executeTakeFirst();
  const before = (await holidayLists(tx)).find((list) => list.slug === slug);
  if (!row || !before) throw missing(`list of holidays "${slug}"`);
  const { teams, schedules } = await idsOf(tx, written(before));
  mustEdit(by, { everywhere: before.everywhere, teams, schedules });
  return { id: row.id, before };
}

interface Uses {
  everywhere: boolean;
  teams: string[];
  schedules: { id: string; team: string | null }[];
}

function mustEdit({ actor }: By, { everywhere, teams, schedules }: Uses): void {
  if (everywhere) must(actor, "administer", { type: "list of holidays" });
  for (const team of teams) must(actor, "edit", { type: "list of holidays", team });
  for (const { team } of schedules) must(actor, "edit", scheduleResource(team));
  must(actor, "edit", { type: "list of holidays", team: teams[0] ?? schedules[0]?.team ?? null });
}

async function idsOf(
  tx: Tx,
  { teams, schedules }: { teams: readonly string[]; schedules: readonly string[] },
): Promise<Pick<Uses, "teams" | "schedules">> {
  const found: Pick<Uses, "teams" | "schedules"> = { teams: [], schedules: [] };
  for (const [i, slug] of teams.entries()) {
    const id = await teamIdOf(tx, slug, `/teams/${i}`);
    if (id) found.teams.push(id);
  }
  for (const [i, slug] of schedules.entries()) {
    const row = await tx
      .selectFrom("schedules")
      .select(["id", "team_id as team"])
      .where("slug", "=", slug)
      .executeTakeFirst();
    if (!row) throw invalid(`/schedules/${i}`, `There is no schedule "${slug}". Create it first.`);
    found.schedules.push(row);
  }
  return found;
}

async function setUses(
  tx: Tx,
  by: By,
  input: Pick<HolidayListInput, "teams" | "schedules" | "everywhere"> & { id: string },
): Promise<void> {
  const { teams, schedules } = await idsOf(tx, input);
  mustEdit(by, { everywhere: input.everywhere, teams, schedules });
  await tx.deleteFrom("holiday_list_uses").where("list_id", "=", input.id).execute();
  const rows = [
    ...[...new Set(teams)].map((team_id) => ({ list_id: input.id, team_id, schedule_id: null })),
    ...[...new Set(schedules.map(({ id }) => id))].map((schedule_id) => ({
      ...{ list_id: input.id, team_id: null, schedule_id },
    })),
  ];
  if (rows.length > 0) await tx.insertInto("holiday_list_uses").values(rows).execute();
}

/** All lists by name. */
export async function holidayLists(db: DbOrTx): Promise<HolidayListJson[]> {
  const lists = await db.selectFrom("holiday_lists").selectAll().orderBy("name").orderBy("slug").execute();
  const uses = await db
    .selectFrom("holiday_list_uses as u")
    .leftJoin("teams as t", "t.id", "u.team_id")
    .leftJoin("schedules as s", "s.id", "u.schedule_id")
    .select([
      "u.list_id",
      "t.slug as team",
      "t.name as team_name",
      "s.slug as schedule",
      "s.name as schedule_name",
    ])
    .orderBy("t.slug")
    .orderBy("s.slug")
    .execute();
  const byList = Map.groupBy(uses, (use) => use.list_id);
  return lists.map(({ id, slug, name, everywhere, days, managed_by }) => {
    const mine = byList.get(id) ?? [];
    return {
      ...{ slug, name, everywhere, days, managed_by },
      teams: mine.flatMap((use) => (use.team === null ? [] : { slug: use.team, name: use.team_name! })),
      schedules: mine.flatMap((use) =>
        use.schedule === null ? [] : { slug: use.schedule, name: use.schedule_name! },
      ),
    };
  });
}

/** As it is written in configuration and kept in the audit. */
export const written = ({ name, everywhere, teams, schedules, days }: HolidayListJson) => ({
  ...{ name, everywhere, days },
  teams: teams.map((team) => team.slug),
  schedules: schedules.map((schedule) => schedule.slug),
});

async function snapshot(tx: Tx, slug: string) {
  const found = (await holidayLists(tx)).find((list) => list.slug === slug);
  return found && written(found);
}

/** The dates that count for each of the given schedules, by the schedule's id: its own, its team's and everybody's. */
export async function holidaysOf(
  db: DbOrTx,
  schedules: readonly { id: string; slug: string; team: { slug: string } | null }[],
): Promise<Map<string, string[]>> {
  const lists = await holidayLists(db);
  return new Map(
    schedules.map(({ id, slug, team }) => {
      const mine = lists.filter(
        (list) =>
          list.everywhere ||
          list.schedules.some((each) => each.slug === slug) ||
          list.teams.some((each) => each.slug === team?.slug),
      );
      return [id, mine.flatMap((list) => list.days.map((day) => day.date))];
    }),
  );
}
