import { sql } from "kysely";
import type { z } from "zod";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { isUniqueViolation } from "../platform/database/transaction.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import { newId } from "../platform/ids.ts";
import { invalid, missing, Refusal } from "../platform/refusal.ts";
import type { By } from "./actor.ts";
import { audit } from "./audit.ts";
import { normalEmail, type Use, userIdsByEmail } from "./people.ts";
import type { team, teamCreate, teamPatch } from "./schema.ts";
import type { ManagedBy } from "./table.ts";

export type TeamJson = z.infer<typeof team>;
export type NewTeam = z.output<typeof teamCreate>;
export type TeamPatch = z.output<typeof teamPatch>;

export interface TeamRecord {
  id: string;
  slug: string;
  name: string;
  managed_by: ManagedBy;
}

/** Where a team is used, as one folder knows it. */
export type TeamUsesOf = (db: DbOrTx, teamId: string) => Promise<Use[]>;
export type ServicesPerTeam = (db: DbOrTx, teamIds: readonly string[]) => Promise<Map<string, number>>;

const selectTeams = (db: DbOrTx) => db.selectFrom("teams").select(["id", "slug", "name", "managed_by"]);

export const findTeamBySlug = (db: DbOrTx, slug: string): Promise<TeamRecord | undefined> =>
  selectTeams(db).where("slug", "=", slug).executeTakeFirst();

export const teamsById = async (db: DbOrTx, ids: readonly string[]): Promise<TeamRecord[]> =>
  ids.length === 0 ? [] : selectTeams(db).where("id", "in", ids).execute();

export async function findTeam(db: DbOrTx, slug: string): Promise<TeamRecord> {
  const found = await findTeamBySlug(db, slug);
  if (!found) throw missing(`team "${slug}"`);
  return found;
}

/** The id behind a team's slug in somebody's input; null stays null, an unknown slug is refused. */
export async function teamIdOf(db: DbOrTx, slug: string | null, pointer = "/team"): Promise<string | null> {
  if (slug === null) return null;
  const found = await findTeamBySlug(db, slug);
  if (!found) throw invalid(pointer, `There is no team "${slug}". Create it first.`);
  return found.id;
}

interface Member {
  id: string;
  name: string;
  email: string;
  lead: boolean;
}

async function membersOf(db: DbOrTx, teamIds: readonly string[]): Promise<Map<string, Member[]>> {
  if (teamIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("team_members")
    .innerJoin("users", "users.id", "team_members.user_id")
    .select(["team_members.team_id", "team_members.lead", "users.id", "users.name", "users.email"])
    .where("team_members.team_id", "in", teamIds)
    .orderBy("team_members.position")
    .orderBy("users.name")
    .execute();
  const groups = Map.groupBy(rows, (row) => row.team_id);
  return new Map(
    [...groups].map(([id, members]) => [id, members.map(({ team_id: _, ...member }) => member)] as const),
  );
}

export async function teamsJson(
  db: DbOrTx,
  rows: readonly TeamRecord[],
  servicesPerTeam: ServicesPerTeam,
): Promise<TeamJson[]> {
  const ids = rows.map((row) => row.id);
  const members = await membersOf(db, ids);
  const services = await servicesPerTeam(db, ids);
  return rows.map((row) => ({
    ...row,
    members: members.get(row.id) ?? [],
    services: services.get(row.id) ?? 0,
  }));
}

/** A page of teams by name. */
export async function listTeams(
  db: DbOrTx,
  query: { limit: number; cursor?: string },
): Promise<{ items: TeamRecord[]; next: string | null }> {
  const after = decodeCursor(query.cursor, ["text", "text"]);
  const sort = sql<string>`lower(name)`;
  let select = selectTeams(db).select(sort.as("sort"));
  if (after) select = select.where(sql<boolean>`(lower(name), slug) > (${after[0]}, ${after[1]})`);
  const rows = await select
    .orderBy(sort)
    .orderBy("slug")
    .limit(query.limit + 1)
    .execute();
  return toPage(rows, {
    limit: query.limit,
    key: (row) => [row.sort, row.slug],
    item: ({ sort: _, ...row }) => row,
  });
}

/** Makes a team; whoever leads it is a member too. Answers with its id. */
export async function createTeam(tx: Tx, by: By, input: NewTeam): Promise<string> {
  const id = newId(by.platform.clock);
  try {
    await tx
      .insertInto("teams")
      .values({ id, slug: input.slug, name: input.name, managed_by: by.managedBy, created_at: by.at })
      .execute();
  } catch (error) {
    if (isUniqueViolation(error)) throw new Refusal("conflict", `There is already a team "${input.slug}".`);
    throw error;
  }
  await setMembers(tx, id, input);
  const after = { name: input.name, ...(await membersSnapshot(tx, id)) };
  await audit(tx, by, { action: "created", type: "team", id, name: input.name, after });
  return id;
}

/** Changes what is given; `members` replaces them all in that order, `leads` says who of them leads. */
export async function updateTeam(
  tx: Tx,
  by: By,
  { slug, ...patch }: TeamPatch & { slug: string },
): Promise<void> {
  const found = await findTeam(tx, slug);
  const before = { name: found.name, ...(await membersSnapshot(tx, found.id)) };
  const name = patch.name ?? found.name;
  await tx
    .updateTable("teams")
    .set({ name, ...(by.managedBy === "config" ? { managed_by: "config" as const } : {}) })
    .where("id", "=", found.id)
    .execute();
  if (patch.members || patch.leads) {
    await setMembers(tx, found.id, {
      members: patch.members ?? before.members,
      leads: patch.leads ?? before.leads,
      keepLeads: patch.leads === undefined,
    });
  }
  const after = { name, ...(await membersSnapshot(tx, found.id)) };
  await audit(tx, by, { action: "updated", type: "team", id: found.id, name, before, after });
}

/** Deletes a team that is used nowhere; with `force` also one that is: what it owned is then nobody's. */
export async function deleteTeam(
  tx: Tx,
  by: By,
  input: { slug: string; force: boolean; uses: readonly TeamUsesOf[] },
): Promise<void> {
  const found = await findTeam(tx, input.slug);
  const uses = (await Promise.all(input.uses.map((usesOf) => usesOf(tx, found.id)))).flat();
  if (uses.length > 0 && !input.force) {
    const named = uses.map((use) => `${use.type.replaceAll("_", " ")} "${use.slug}"`).join(", ");
    throw new Refusal(
      "conflict",
      `Team "${input.slug}" is still used by ${named}. Give them to another team, or delete it with ?force=true.`,
    );
  }
  const before = { name: found.name, ...(await membersSnapshot(tx, found.id)) };
  await tx.deleteFrom("teams").where("id", "=", found.id).execute();
  await audit(tx, by, { action: "deleted", type: "team", id: found.id, name: found.name, before });
}

async function membersSnapshot(tx: Tx, id: string): Promise<{ members: string[]; leads: string[] }> {
  const members = (await membersOf(tx, [id])).get(id) ?? [];
  return {
    members: members.map((member) => member.email),
    leads: members.filter((member) => member.lead).map((member) => member.email),
  };
}

async function setMembers(
  tx: Tx,
  teamId: string,
  input: { members: readonly string[]; leads: readonly string[]; keepLeads?: boolean },
): Promise<void> {
  const members = await userIdsByEmail(tx, input.members, "/members");
  // Those who led and are members no longer don't lead; those who are named as leads are members.
  const named = input.members.map(normalEmail);
  const leading = input.keepLeads
    ? input.leads.filter((each) => named.includes(normalEmail(each)))
    : input.leads;
  const leads = await userIdsByEmail(tx, leading, "/leads");
  await tx.deleteFrom("team_members").where("team_id", "=", teamId).execute();
  const ids = [...new Set([...members, ...leads])];
  if (ids.length === 0) return;
  await tx
    .insertInto("team_members")
    .values(ids.map((id, position) => ({ team_id: teamId, user_id: id, lead: leads.includes(id), position })))
    .execute();
}
