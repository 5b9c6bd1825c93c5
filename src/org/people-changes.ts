import type { z } from "zod";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { newId } from "../platform/ids.ts";
import { invalid, Refusal } from "../platform/refusal.ts";
import type { By } from "./actor.ts";
import { audit } from "./audit.ts";
import { findUser, findUserByEmail, normalEmail, teamsOf, type UserRecord } from "./people.ts";
import { checkQuietHours } from "./quiet-hours.ts";
import type { userCreate, userPatch } from "./schema.ts";
import { checkTimeZone } from "./time-zone.ts";
import "./table.ts";

export type NewUser = Omit<z.output<typeof userCreate>, "invite">;
export type UserPatch = z.output<typeof userPatch>;

/** Adds a person, without a password: an invitation, a reset or the set-up gives them one. Answers with their id. */
export async function createUser(tx: Tx, by: By, input: NewUser): Promise<string> {
  const email = normalEmail(input.email);
  await refuseTaken(tx, email);
  const id = newId(by.platform.clock);
  const timeZone = checkTimeZone(input.time_zone);
  await tx
    .insertInto("users")
    .values({
      id,
      email,
      name: input.name,
      role: input.role,
      time_zone: timeZone,
      managed_by: by.managedBy,
      created_at: by.at,
      updated_at: by.at,
    })
    .execute();
  await setTeamsOf(tx, id, input.teams);
  const { name, role, teams } = input;
  const after = { email, name, role, time_zone: timeZone, teams };
  await audit(tx, by, { action: "created", type: "user", id, name, after });
  return id;
}

async function refuseTaken(tx: Tx, email: string): Promise<void> {
  const taken = await findUserByEmail(tx, email);
  if (!taken) return;
  throw new Refusal(
    "conflict",
    taken.deactivated_at
      ? `${email} belongs to ${taken.name}, who is deactivated. Reactivate that person instead.`
      : `${email} already belongs to ${taken.name}.`,
    { problems: [{ pointer: "/email", detail: "is taken" }] },
  );
}

/** Changes what is given. `id` may be an e-mail address. The last administrator stays one. */
export async function updateUser(
  tx: Tx,
  by: By,
  { id, ...patch }: UserPatch & { id: string },
): Promise<void> {
  const user = await findUser(tx, id);
  if (patch.role && patch.role !== "admin") await keepAnAdmin(tx, user);
  const before = await snapshot(tx, user);
  const { teams, quiet_hours: quiet, ...columns } = patch;
  await tx
    .updateTable("users")
    .set({
      ...columns,
      ...(columns.time_zone === undefined ? {} : { time_zone: checkTimeZone(columns.time_zone) }),
      ...(quiet === undefined ? {} : { quiet_hours: quiet && json(checkQuietHours(quiet)) }),
      ...(by.managedBy === "config" ? { managed_by: "config" as const } : {}),
      updated_at: by.at,
    })
    .where("id", "=", user.id)
    .execute();
  if (teams) await setTeamsOf(tx, user.id, teams);
  const changed = await findUser(tx, user.id);
  await audit(tx, by, {
    action: "updated",
    type: "user",
    id: user.id,
    name: changed.name,
    before,
    after: await snapshot(tx, changed),
  });
}

async function snapshot(tx: Tx, user: UserRecord): Promise<Record<string, unknown>> {
  const teams = (await teamsOf(tx, [user.id])).get(user.id) ?? [];
  const { name, role, time_zone, quiet_hours, theme } = user;
  return { name, role, time_zone, quiet_hours, theme, teams: teams.map((team) => team.slug) };
}

/**
 * Refuses to take away the only active administrator. The installation's row is locked, so that two
 * administrators can't demote each other at the same moment.
 */
export async function keepAnAdmin(tx: Tx, user: UserRecord): Promise<void> {
  if (user.role !== "admin" || user.deactivated_at) return;
  await tx.selectFrom("installation").select("id").forUpdate().execute();
  const other = await tx
    .selectFrom("users")
    .select("id")
    .where("role", "=", "admin")
    .where("deactivated_at", "is", null)
    .where("id", "!=", user.id)
    .executeTakeFirst();
  if (other) return;
  throw new Refusal(
    "conflict",
    `${user.name} is the last administrator. Make somebody else an administrator first.`,
  );
}

/** Puts the person in exactly these teams; where they already are, they keep their place and lead. */
async function setTeamsOf(tx: Tx, userId: string, slugs: readonly string[]): Promise<void> {
  const teams =
    slugs.length === 0
      ? []
      : await tx.selectFrom("teams").select(["id", "slug"]).where("slug", "in", slugs).execute();
  slugs.forEach((slug, index) => {
    if (!teams.some((team) => team.slug === slug))
      throw invalid(`/teams/${index}`, `There is no team "${slug}".`);
  });
  const ids = teams.map((team) => team.id);
  await tx
    .deleteFrom("team_members")
    .where("user_id", "=", userId)
    .$if(ids.length > 0, (query) => query.where("team_id", "not in", ids))
    .execute();
  for (const id of ids) await joinTeam(tx, { teamId: id, userId });
}

/** Adds the person at the end of the team, unless they are in it. */
export async function joinTeam(
  tx: Tx,
  member: { teamId: string; userId: string; lead?: boolean },
): Promise<void> {
  const last = await tx
    .selectFrom("team_members")
    .select((eb) => eb.fn.max("position").as("position"))
    .where("team_id", "=", member.teamId)
    .executeTakeFirst();
  await tx
    .insertInto("team_members")
    .values({
      team_id: member.teamId,
      user_id: member.userId,
      lead: member.lead ?? false,
      position: (last?.position ?? -1) + 1,
    })
    .onConflict((conflict) => conflict.columns(["team_id", "user_id"]).doNothing())
    .execute();
}
