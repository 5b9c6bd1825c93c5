import type { DbOrTx } from "../platform/database/database.ts";
import type { Actor } from "./actor.ts";
import "./table.ts";

export { SYSTEM } from "./actor.ts";

/** The person as they may act now; null when there is no such person or they are deactivated. */
export async function actorForUser(db: DbOrTx, userId: string): Promise<Actor | null> {
  const rows = await db
    .selectFrom("users")
    .leftJoin("team_members", "team_members.user_id", "users.id")
    .select(["users.id", "users.name", "users.role", "team_members.team_id"])
    .where("users.id", "=", userId)
    .where("users.deactivated_at", "is", null)
    .execute();
  const first = rows[0];
  if (!first) return null;
  const teams = rows.flatMap((row) => row.team_id ?? []);
  return { type: "user", id: first.id, name: first.name, role: first.role, teams, teamScope: null };
}
