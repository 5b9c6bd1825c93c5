import type { Tx } from "../platform/database/database.ts";
import { invalid, Refusal } from "../platform/refusal.ts";
import type { By } from "./actor.ts";
import { audit } from "./audit.ts";
import { revokeOneTime } from "./one-time.ts";
import { findUser, findUserByEmail, type ReplaceIn, type UserRecord, type UsesOf } from "./people.ts";
import { joinTeam, keepAnAdmin } from "./people-changes.ts";
import "./table.ts";

export interface Deactivation {
  id: string;
  /** The e-mail address of whoever takes every place; null leaves the places empty. */
  replaceWith: string | null;
  /** What each folder does about its own places. */
  replacers: readonly ReplaceIn[];
}

/**
 * Ends a person's access at once (sessions, links, and the tokens they made) and hands on their places.
 * What they did stays under their name.
 */
export async function deactivateUser(tx: Tx, by: By, input: Deactivation): Promise<void> {
  const user = await findUser(tx, input.id);
  if (user.deactivated_at) return;
  await keepAnAdmin(tx, user);
  const substitute = await findSubstitute(tx, user, input.replaceWith);
  for (const replace of [...input.replacers, replaceInTeams])
    await replace(tx, by, user.id, substitute?.id ?? null);
  await tx
    .updateTable("users")
    .set({ deactivated_at: by.at, updated_at: by.at })
    .where("id", "=", user.id)
    .execute();
  await tx.deleteFrom("auth_sessions").where("user_id", "=", user.id).execute();
  await revokeOneTime(tx, "invitation", user.id);
  await revokeOneTime(tx, "reset-password", user.id);
  await audit(tx, by, {
    action: "deactivated",
    type: "user",
    id: user.id,
    name: user.name,
    before: { active: true },
    after: { active: false, replaced_by: substitute?.email ?? null },
  });
}

async function findSubstitute(
  tx: Tx,
  user: UserRecord,
  email: string | null,
): Promise<UserRecord | undefined> {
  if (email === null) return undefined;
  const found = await findUserByEmail(tx, email);
  if (!found || found.deactivated_at)
    throw invalid("/replace_with", `Nobody active has the e-mail address ${email}.`);
  if (found.id === user.id) throw invalid("/replace_with", "Name somebody else to take the places.");
  return found;
}

/** Lets the person in again. Their former places stay with whoever has them. */
export async function reactivateUser(tx: Tx, by: By, id: string): Promise<void> {
  const user = await findUser(tx, id);
  if (!user.deactivated_at) throw new Refusal("conflict", `${user.name} is active already.`);
  await tx
    .updateTable("users")
    .set({ deactivated_at: null, updated_at: by.at })
    .where("id", "=", user.id)
    .execute();
  await audit(tx, by, {
    action: "reactivated",
    type: "user",
    id: user.id,
    name: user.name,
    before: { active: false },
    after: { active: true },
  });
}

/** The teams that a person is in. */
export const usesInTeams: UsesOf = async (db, userId) => {
  const rows = await db
    .selectFrom("team_members")
    .innerJoin("teams", "teams.id", "team_members.team_id")
    .select(["teams.slug", "teams.name", "team_members.lead"])
    .where("team_members.user_id", "=", userId)
    .orderBy("teams.name")
    .execute();
  return rows.map(({ slug, name, lead }) => ({ type: "team", slug, name, detail: lead ? "lead" : "member" }));
};

const replaceInTeams: ReplaceIn = async (tx, _by, from, to) => {
  const left = await tx
    .deleteFrom("team_members")
    .where("user_id", "=", from)
    .returning(["team_id", "lead"])
    .execute();
  if (to === null) return;
  for (const { team_id, lead } of left) {
    await joinTeam(tx, { teamId: team_id, userId: to, lead });
    if (!lead) continue;
    await tx
      .updateTable("team_members")
      .set({ lead: true })
      .where("team_id", "=", team_id)
      .where("user_id", "=", to)
      .execute();
  }
};
