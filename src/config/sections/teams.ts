import { servicesOfTeam } from "../../catalog/services.ts";
import { usesOfTeam } from "../../oncall/uses.ts";
import { createTeam, deleteTeam, findTeam, updateTeam } from "../../org/teams.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { teamEntry } from "../document.ts";
import { type ConfigSection, type Entry, withoutDefaults } from "../section.ts";
import { refuseUsed } from "./refusals.ts";

async function readTeams(db: DbOrTx) {
  const teams = await db
    .selectFrom("teams")
    .select(["id", "slug", "name", "managed_by"])
    .orderBy("slug")
    .execute();
  const members = await db
    .selectFrom("team_members")
    .innerJoin("users", "users.id", "team_members.user_id")
    .select(["team_members.team_id", "users.email", "team_members.lead"])
    .where("users.deactivated_at", "is", null)
    .orderBy("team_members.position")
    .orderBy("users.email")
    .execute();
  const byTeam = Map.groupBy(members, (row) => row.team_id);
  return teams.map((team) => ({ team, members: byTeam.get(team.id) ?? [] }));
}

interface TeamEntry {
  slug: string;
  name: string;
  members: string[];
  leads: string[];
}

const typed = (entry: Entry): TeamEntry => {
  const { slug, name, members, lead, ...parsed } = teamEntry.parse(entry);
  const leads = [...parsed.leads, ...(lead === undefined ? [] : [lead])];
  const lower = (emails: readonly string[]) => [...new Set(emails.map((each) => each.toLowerCase()))];
  // Whoever leads is a member too; leads in the order of members, which is the one that is kept.
  const everybody = lower([...members, ...leads]);
  const leading = lower(leads);
  return {
    slug,
    name: name ?? slug,
    members: everybody,
    leads: everybody.filter((each) => leading.includes(each)),
  };
};

export const teams: ConfigSection = {
  name: "teams",
  read: async (db) =>
    (await readTeams(db)).map(({ team, members }) => ({
      key: team.slug,
      managedBy: team.managed_by,
      entry: {
        slug: team.slug,
        name: team.name,
        members: members.map((each) => each.email),
        leads: members.filter((each) => each.lead).map((each) => each.email),
      },
    })),
  normalise: (entry) => ({ ...typed(entry) }),
  brief: (entry) => withoutDefaults(entry, { name: entry.slug, members: [], leads: [] }),
  create: async (tx, by, entry) => void (await createTeam(tx, by, typed(entry))),
  update: (tx, by, { entry }) => updateTeam(tx, by, typed(entry)),
  async remove(tx, by, slug) {
    const { id } = await findTeam(tx, slug);
    const uses = [...(await usesOfTeam(tx, id)), ...(await servicesOfTeam(tx, id))];
    refuseUsed(
      `Team "${slug}"`,
      uses.map((use) => `${use.type.replaceAll("_", " ")} "${use.slug}"`),
    );
    await deleteTeam(tx, by, { slug, force: true, uses: [] });
  },
};
