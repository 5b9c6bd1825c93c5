import { sql } from "kysely";
import type { z } from "zod";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import { isId } from "../platform/ids.ts";
import { invalid, missing } from "../platform/refusal.ts";
import type { By } from "./actor.ts";
import type { Role, user } from "./schema.ts";
import "./table.ts";

type UserJson = z.infer<typeof user>;

/** One place where a person is needed. */
export interface Use {
  type: "schedule" | "override" | "escalation_policy" | "action_item" | "team" | "service";
  slug: string;
  name: string;
  /** In words, e.g. "layer 1, third of four". */
  detail: string;
}

/** Where a person is used, as one folder knows it. */
export type UsesOf = (db: DbOrTx, userId: string) => Promise<Use[]>;
/** Puts another person (or, with null, nobody) in every place that a folder keeps for someone who leaves. */
export type ReplaceIn = (tx: Tx, by: By, fromUserId: string, toUserId: string | null) => Promise<void>;

/** E-mail addresses are kept and compared in lower case. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

const selectUsers = (db: DbOrTx) =>
  db
    .selectFrom("users")
    .selectAll("users")
    .select(
      sql<boolean>`not exists (
      select 1 from auth_accounts where auth_accounts.user_id = users.id and password is not null)`.as(
        "invited",
      ),
    );

export type UserRecord = Awaited<ReturnType<ReturnType<typeof selectUsers>["executeTakeFirstOrThrow"]>>;

/** Active or not: whoever asks says what a deactivated person means to it. */
export const findUserByEmail = (db: DbOrTx, email: string): Promise<UserRecord | undefined> =>
  selectUsers(db).where(sql<string>`lower(users.email)`, "=", normalEmail(email)).executeTakeFirst();

/** By id or e-mail address; a refusal when there is none. */
export async function findUser(db: DbOrTx, ref: string): Promise<UserRecord> {
  const found = isId(ref)
    ? await selectUsers(db).where("users.id", "=", ref).executeTakeFirst()
    : await findUserByEmail(db, ref);
  if (!found) throw missing(`user "${ref}"`);
  return found;
}

/** The ids of active people by e-mail, in the given order; the first unknown one is refused at `pointer/index`. */
export async function userIdsByEmail(
  db: DbOrTx,
  emails: readonly string[],
  pointer: string,
): Promise<string[]> {
  if (emails.length === 0) return [];
  const wanted = emails.map(normalEmail);
  const rows = await db
    .selectFrom("users")
    .select(["id", "email"])
    .where(sql<string>`lower(email)`, "in", wanted)
    .where("deactivated_at", "is", null)
    .execute();
  const ids = new Map(rows.map((row) => [normalEmail(row.email), row.id]));
  return wanted.map((email, index) => {
    const id = ids.get(email);
    if (!id)
      throw invalid(
        `${pointer}/${index}`,
        `Nobody active has the e-mail address ${email}. Invite them first.`,
      );
    return id;
  });
}

type TeamName = { id: string; slug: string; name: string };

/** The teams of each person, by name. */
export async function teamsOf(db: DbOrTx, userIds: readonly string[]): Promise<Map<string, TeamName[]>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("team_members")
    .innerJoin("teams", "teams.id", "team_members.team_id")
    .select(["team_members.user_id", "teams.id", "teams.slug", "teams.name"])
    .where("team_members.user_id", "in", userIds)
    .orderBy("teams.name")
    .execute();
  return Map.groupBy(rows, (row) => row.user_id);
}

/** People as the API shows them. */
export async function usersJson(db: DbOrTx, rows: readonly UserRecord[]): Promise<UserJson[]> {
  const teams = await teamsOf(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    time_zone: row.time_zone,
    quiet_hours: row.quiet_hours ?? null,
    teams: (teams.get(row.id) ?? []).map(({ slug, name }) => ({ slug, name })),
    active: row.deactivated_at === null,
    invited: row.invited,
    managed_by: row.managed_by,
    created_at: row.created_at.toString(),
  }));
}

export interface UserQuery {
  limit: number;
  cursor?: string;
  q?: string;
  role?: Role;
  team?: string;
  active: "true" | "false" | "all";
}

/** A page of people by name. */
export async function listUsers(
  db: DbOrTx,
  query: UserQuery,
): Promise<{ items: UserJson[]; next: string | null }> {
  const after = decodeCursor(query.cursor, ["text", "id"]);
  const name = sql<string>`lower(users.name)`;
  let select = selectUsers(db).select(name.as("sort"));
  if (query.active !== "all")
    select = select.where("deactivated_at", query.active === "true" ? "is" : "is not", null);
  if (query.role) select = select.where("role", "=", query.role);
  if (query.q) {
    const like = `%${query.q.replace(/[\\%_]/g, "\\$&")}%`;
    select = select.where((eb) => eb.or([eb("name", "ilike", like), eb("email", "ilike", like)]));
  }
  if (query.team) {
    select = select.where(
      sql<boolean>`exists (select 1 from team_members m join teams t on t.id = m.team_id
        where m.user_id = users.id and t.slug = ${query.team})`,
    );
  }
  if (after)
    select = select.where(sql<boolean>`(lower(users.name), users.id) > (${after[0]}, ${after[1]}::uuid)`);
  const rows = await select
    .orderBy(name)
    .orderBy("users.id")
    .limit(query.limit + 1)
    .execute();
  const page = toPage(rows, {
    limit: query.limit,
    key: (row) => [row.sort, row.id],
    item: (row) => row,
  });
  return { items: await usersJson(db, page.items), next: page.next };
}
