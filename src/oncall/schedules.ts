import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { must } from "../org/can.ts";
import { teamIdOf } from "../org/teams.ts";
import { checkTimeZone } from "../org/time-zone.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import { Refusal } from "../platform/refusal.ts";
import { readDefinition, refuse, writtenLayers } from "./definition.ts";
import { scheduleChanged, scheduleGone } from "./engine.ts";
import { peopleById } from "./people.ts";
import { policiesNaming } from "./policy-uses.ts";
import { checkSchedule } from "./schedule/check.ts";
import type { ScheduleDefinition } from "./schedule/types.ts";
import { versionAt, versionCutover } from "./schedule/versions.ts";
import type { scheduleCreate, schedulePatch } from "./schema.ts";
import { mentions } from "./seats.ts";
import { lockSchedule, type StoredSchedule } from "./stored.ts";
import "./table.ts";

export type NewSchedule = z.output<typeof scheduleCreate>;
export type SchedulePatch = z.output<typeof schedulePatch>;

export const scheduleResource = (team: string | null) => ({ type: "schedule", team });

/** Adds a schedule; its first version answers for all time. Answers with its id. */
export async function createSchedule(tx: Tx, by: By, input: NewSchedule): Promise<string> {
  const team = await teamIdOf(tx, input.team);
  must(by.actor, "edit", scheduleResource(team));
  const definition = await readDefinition(tx, { time_zone: input.time_zone, layers: input.layers });
  definition.time_zone = checkTimeZone(definition.time_zone);
  const id = newId(by.platform.clock);
  const { slug, name } = input;
  const made = await tx
    .insertInto("schedules")
    .values({
      ...{ id, slug, name, time_zone: definition.time_zone, team_id: team, managed_by: by.managedBy },
      ...{ created_at: by.at, updated_at: by.at },
    })
    .onConflict((conflict) => conflict.column("slug").doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows === 0n)
    throw new Refusal("conflict", `There is already a schedule "${slug}". Choose another slug.`);
  await addVersion(tx, by, { scheduleId: id, from: null, definition });
  const after = await snapshot(tx, await lockSchedule(tx, slug, by.at));
  await audit(tx, by, { action: "created", type: "schedule", id, name, after });
  await scheduleChanged(tx, by, id);
  return id;
}

/**
 * Changes what is given. New layers or another zone start a version at the next hand-off, so that whoever is on call
 * now stays until then; a version that was still waiting for its hand-off is dropped in favour of the new one.
 */
export async function updateSchedule(
  tx: Tx,
  by: By,
  { slug, ...patch }: SchedulePatch & { slug: string },
): Promise<void> {
  const stored = await lockSchedule(tx, slug, by.at);
  must(by.actor, "edit", scheduleResource(stored.team?.id ?? null));
  const team = patch.team === undefined ? (stored.team?.id ?? null) : await teamIdOf(tx, patch.team);
  if (team !== (stored.team?.id ?? null)) must(by.actor, "edit", scheduleResource(team));
  const definition = await patchedDefinition(tx, stored, patch);
  const name = patch.name ?? stored.name;
  await tx
    .updateTable("schedules")
    .set({
      ...{ name, team_id: team, time_zone: definition.time_zone, updated_at: by.at },
      ...(by.managedBy === "config" ? { managed_by: "config" as const } : {}),
    })
    .where("id", "=", stored.id)
    .execute();
  if (!sameDefinition(definition, stored.latest)) await startVersion(tx, by, { stored, definition });
  const before = await snapshot(tx, stored);
  const after = await snapshot(tx, await lockSchedule(tx, slug, by.at));
  await audit(tx, by, { action: "updated", type: "schedule", id: stored.id, name, before, after });
  await scheduleChanged(tx, by, stored.id);
}

/** What the newest version would say after the patch. */
export async function patchedDefinition(
  db: DbOrTx,
  { latest }: StoredSchedule,
  patch: Pick<SchedulePatch, "time_zone" | "layers">,
): Promise<ScheduleDefinition> {
  const time_zone = patch.time_zone ?? latest.time_zone;
  if (patch.layers) {
    const definition = await readDefinition(db, { time_zone, layers: patch.layers });
    return { ...definition, time_zone: checkTimeZone(time_zone) };
  }
  refuse(checkSchedule({ ...latest, time_zone }));
  return { ...latest, time_zone: checkTimeZone(time_zone) };
}

/** Compared as jsonb gives them back: without undefined, whatever the order of keys. */
const sameDefinition = (a: ScheduleDefinition, b: ScheduleDefinition): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));

async function startVersion(
  tx: Tx,
  by: By,
  { stored, definition }: { stored: StoredSchedule; definition: ScheduleDefinition },
): Promise<void> {
  await tx
    .deleteFrom("schedule_versions")
    .where("schedule_id", "=", stored.id)
    .where("valid_from", ">", by.at)
    .execute();
  const inForce = versionAt(stored.rules, by.at);
  // Back to what is in force: with the waiting version gone, that is already so.
  if (inForce && sameDefinition(inForce.definition, definition)) return;
  const from = inForce ? versionCutover(stored.rules, by.at) : null;
  await addVersion(tx, by, { scheduleId: stored.id, from, definition });
}

/** Adds a version, in place of one that begins at the same instant. */
export async function addVersion(
  tx: Tx,
  by: By,
  input: { scheduleId: string; from: Temporal.Instant | null; definition: ScheduleDefinition },
): Promise<void> {
  const { scheduleId: schedule_id, from: valid_from, definition } = input;
  if (valid_from)
    await tx
      .deleteFrom("schedule_versions")
      .where("schedule_id", "=", schedule_id)
      .where("valid_from", "=", valid_from)
      .execute();
  const id = newId(by.platform.clock);
  const made = { created_at: by.at, created_by: by.actor.name };
  await tx
    .insertInto("schedule_versions")
    .values({ id, schedule_id, valid_from, definition: json(definition), ...made })
    .execute();
}

/** Deletes a schedule that no policy names. */
export async function deleteSchedule(tx: Tx, by: By, slug: string): Promise<void> {
  const stored = await lockSchedule(tx, slug, by.at);
  must(by.actor, "edit", scheduleResource(stored.team?.id ?? null));
  const uses = (await policiesNaming(tx, "schedule", [stored.id])).get(stored.id) ?? [];
  if (uses.length > 0) {
    const policies = uses.map((use) => use.slug).join(", ");
    throw new Refusal(
      "conflict",
      `Schedule "${slug}" is named by the escalation ${uses.length === 1 ? "policy" : "policies"} ${policies}. Take it out there first.`,
    );
  }
  const { id, name } = stored;
  const before = await snapshot(tx, stored);
  await tx.deleteFrom("schedules").where("id", "=", id).execute();
  await audit(tx, by, { action: "deleted", type: "schedule", id, name, before });
  await scheduleGone(tx, by, stored);
}

/** What the audit keeps of a schedule: the newest version, people by e-mail. */
export async function snapshot(tx: Tx, { name, team, latest }: StoredSchedule) {
  const people = await peopleById(
    tx,
    mentions(latest.layers).map((mention) => mention.user),
  );
  return {
    name,
    time_zone: latest.time_zone,
    team: team?.slug ?? null,
    layers: writtenLayers(latest.layers, people),
  };
}
