import type { Imported, ImportedDocument, ImportedSchedule, NotMapped } from "../report.ts";
import { slugGiver } from "../slugs.ts";
import { readPeople } from "./people.ts";
import { readPolicy } from "./policies.ts";
import { readRotation } from "./schedules.ts";
import type { OpsgenieExport, Recipient } from "./shape.ts";

type List<Key extends keyof ImportedDocument> = NonNullable<ImportedDocument[Key]>;

/** By id, which never changes, so that names that collide keep their slugs from one import to the next. */
const inOrder = <T extends { id: string }>(all: readonly T[]): { each: T; index: number }[] =>
  all.map((each, index) => ({ each, index })).sort((a, b) => (a.each.id < b.each.id ? -1 : 1));

const label = (name: string, otherwise: string): string => name.trim().slice(0, 120) || otherwise;

/** Translates an export of Opsgenie. Pure: the same export is the same document. */
export function importOpsgenie(source: OpsgenieExport): Imported {
  const notMapped: NotMapped[] = [];
  const people = readPeople(source, notMapped);
  const teams = readTeams(source, people.emailOf);
  const teamOf = (who: { id?: string | undefined; name?: string | undefined } | null | undefined) =>
    who ? (teams.slugs.get(who.id ?? "") ?? teams.slugs.get(`name:${who.name}`)) : undefined;
  const { entries, imported, slugsOf } = readSchedules(source, { people, teamOf, notMapped });
  const give = slugGiver();
  const policies = new Map<string, string>();
  const escalation_policies = inOrder(source.escalations).flatMap(({ each, index }) => {
    const policy = readPolicy({
      escalation: each,
      slug: give(each.name, `policy-${index + 1}`),
      team: teamOf(each.ownerTeam) ?? null,
      path: `/escalations/${index}`,
      people,
      schedulesOf: (who) => slugsOf.get(who.id ?? "") ?? slugsOf.get(`name:${who.name}`) ?? [],
      teamOf,
      notMapped,
    });
    if (policy) {
      policies.set(each.id, policy.slug);
      policies.set(`name:${each.name}`, policy.slug);
    }
    return policy ? [policy] : [];
  });
  const services = readServices(source, { teamOf, policies });
  noteTheRest(source, notMapped);
  const document: ImportedDocument = {
    keepwatch: 1,
    users: people.entries,
    teams: teams.entries,
    schedules: entries,
    escalation_policies,
    services,
  };
  return { document, notMapped, schedules: imported };
}

function readTeams(source: OpsgenieExport, emailOf: ReturnType<typeof readPeople>["emailOf"]) {
  const give = slugGiver();
  const slugs = new Map<string, string>();
  const entries = inOrder(source.teams).map(({ each, index }): List<"teams">[number] => {
    const slug = give(each.name, `team-${index + 1}`);
    slugs.set(each.id, slug);
    slugs.set(`name:${each.name}`, slug);
    const emails = (role?: string) => [
      ...new Set(each.members.flatMap((m) => (role && m.role !== role ? [] : (emailOf(m.user) ?? [])))),
    ];
    return { slug, name: label(each.name, slug), members: emails(), leads: emails("admin") };
  });
  return { entries, slugs };
}

interface ScheduleContext {
  people: ReturnType<typeof readPeople>;
  teamOf: (
    who: { id?: string | undefined; name?: string | undefined } | null | undefined,
  ) => string | undefined;
  notMapped: NotMapped[];
}

function readSchedules(source: OpsgenieExport, { people, teamOf, notMapped }: ScheduleContext) {
  const give = slugGiver();
  const entries: List<"schedules"> = [];
  const imported: ImportedSchedule[] = [];
  const slugsOf = new Map<string, string[]>();
  for (const { each: schedule, index: i } of inOrder(source.schedules)) {
    const path = `/schedules/${i}`;
    const left = leftOut(schedule);
    if (left) {
      notMapped.push({ path, ...left });
      continue;
    }
    const alone = schedule.rotations.length === 1;
    const slugs = schedule.rotations.map((rotation, index) => {
      const part = rotation.name || `rotation ${index + 1}`;
      const name = label(alone ? schedule.name : `${schedule.name} ${part}`, `schedule-${i + 1}`);
      const slug = give(name, `schedule-${i + 1}`);
      const team = teamOf(schedule.ownerTeam) ?? null;
      const read = readRotation({ schedule, rotation, slug, name, team, path, index, people, notMapped });
      entries.push(read.entry);
      imported.push(read.imported);
      return slug;
    });
    slugsOf.set(schedule.id, slugs);
    slugsOf.set(`name:${schedule.name}`, slugs);
  }
  return { entries, imported, slugsOf };
}

function leftOut(schedule: OpsgenieExport["schedules"][number]): Omit<NotMapped, "path"> | undefined {
  if (!schedule.enabled)
    return {
      what: `schedule "${schedule.name}" is switched off`,
      proposal: "It is left out; enable it first to bring it over.",
    };
  if (schedule.rotations.length > 0) return undefined;
  return {
    what: `schedule "${schedule.name}" has no rotations`,
    proposal: "It is left out; export schedules with ?expand=rotation if it has some.",
  };
}

function readServices(
  source: OpsgenieExport,
  { teamOf, policies }: Pick<ScheduleContext, "teamOf"> & { policies: ReadonlyMap<string, string> },
): List<"services"> {
  const give = slugGiver();
  const policyOf = (who: Recipient | undefined) =>
    who?.type === "escalation" ? (policies.get(who.id ?? "") ?? policies.get(`name:${who.name}`)) : undefined;
  return inOrder(source.services).map(({ each, index }) => {
    const slug = give(each.name, `service-${index + 1}`);
    const owner = source.teams.find((team) => team.id === each.teamId);
    const routed = owner?.routingRules.find((rule) => rule.isDefault)?.notify;
    return {
      slug,
      name: label(each.name, slug),
      team: teamOf({ id: each.teamId }) ?? null,
      escalation_policy: policyOf(routed) ?? null,
    };
  });
}

function noteTheRest({ teams, integrations }: OpsgenieExport, notMapped: NotMapped[]): void {
  teams.forEach((team, i) => {
    team.routingRules.forEach((rule, j) => {
      if (rule.isDefault && rule.notify.type === "escalation") return;
      notMapped.push({
        path: `/teams/${i}/routingRules/${j}`,
        what: `routing rule "${rule.name}" of ${team.name}`,
        proposal: "Make it a path of the policy, or a service of its own.",
      });
    });
  });
  integrations.forEach(({ name }, i) => {
    notMapped.push({
      path: `/integrations/${i}`,
      what: `integration "${name}"`,
      proposal: "Point its sender at Keepwatch.",
    });
  });
}
