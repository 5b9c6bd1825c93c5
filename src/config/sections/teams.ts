import { servicesOfTeam } from "../../catalog/services.ts";
import { usesOfTeam } from "../../oncall/uses.ts";
import { createTeam, deleteTeam, findTeam, updateTeam } from "../../org/teams.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { switchReport, teamsWithoutReport } from "../../views/report/settings.ts";
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
  const off = await teamsWithoutReport(db);
  return teams.map((team) => ({ team, members: byTeam.get(team.id) ?? [], weeklyReport: !off.has(team.id) }));
}

interface TeamEntry {
  slug: string;
  name: string;
  members: string[];
  leads: string[];
  weekly_report?: boolean;
}

const typed = (entry: Entry): TeamEntry => {
  const { slug, name, members, lead, weekly_report, ...parsed } = teamEntry.parse(entry);
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
    ...(weekly_report === undefined ? {} : { weekly_report }),
  };
};

export const teams: ConfigSection = {
  name: "teams",
  read: async (db) =>
    (await readTeams(db)).map(({ team, members, weeklyReport }) => ({
      key: team.slug,
      managedBy: team.managed_by,
      entry: {
        slug: team.slug,
        name: team.name,
        members: members.map((each) => each.email),
        leads: members.filter((each) => each.lead).map((each) => each.email),
        weekly_report: weeklyReport,
      },
    })),
  normalise: (entry) => ({ ...typed(entry) }),
  // Without a word in the document, the switch stays as somebody set it.
  settle: (entry, stored) => ({
    entry: { ...entry, weekly_report: entry.weekly_report ?? stored?.entry.weekly_report ?? true },
    before: stored?.entry,
  }),
  brief: (entry) => withoutDefaults(entry, { name: entry.slug, members: [], leads: [], weekly_report: true }),
  async create(tx, by, entry) {
    const { weekly_report: on = true, ...team } = typed(entry);
    await createTeam(tx, by, team);
    await switchReport(tx, by, { team: team.slug, on });
  },
  async update(tx, by, { entry }) {
    const { weekly_report: on = true, ...team } = typed(entry);
    await updateTeam(tx, by, team);
    await switchReport(tx, by, { team: team.slug, on });
  },
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
