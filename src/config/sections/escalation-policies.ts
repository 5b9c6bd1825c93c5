import type { z } from "zod";
import { createPolicy, deletePolicy, findPolicy, updatePolicy } from "../../oncall/policies.ts";
import { targetsOf, writtenPolicy } from "../../oncall/policy-definition.ts";
import { servicesByPolicy } from "../../oncall/policy-uses.ts";
import type { TargetInput } from "../../oncall/schema.ts";
import { targetNames } from "../../oncall/targets.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { formatDuration, parseDuration } from "../../platform/duration.ts";
import { policyEntry } from "../document.ts";
import { type ConfigSection, type Entry, withoutDefaults } from "../section.ts";
import { refuseUsed } from "./refusals.ts";

type PolicyEntry = z.output<typeof policyEntry> & { name: string };

const lower = (target: TargetInput): TargetInput =>
  "user" in target ? { user: target.user.toLowerCase() } : target;

const shortest = (text: string): string => {
  const ms = parseDuration(text);
  return ms === undefined ? text : formatDuration(ms);
};

type Course = Pick<PolicyEntry, "levels" | "fallback">;

const course = ({ levels, fallback }: Course): Course => ({
  levels: levels.map(({ targets, wait, round_robin }) => ({
    targets: targets.map(lower),
    wait: shortest(wait),
    ...(round_robin ? { round_robin } : {}),
  })),
  fallback: fallback.map(lower),
});

const typed = (entry: Entry): PolicyEntry => {
  const parsed = policyEntry.parse(entry);
  return {
    ...parsed,
    name: parsed.name ?? parsed.slug,
    ...course(parsed),
    paths: parsed.paths.map((path) => ({ ...path, ...course(path) })),
    acknowledge_timeout: parsed.acknowledge_timeout && shortest(parsed.acknowledge_timeout),
  };
};

async function readPolicies(db: DbOrTx) {
  const rows = await db
    .selectFrom("escalation_policies")
    .leftJoin("teams", "teams.id", "escalation_policies.team_id")
    .selectAll("escalation_policies")
    .select("teams.slug as team")
    .orderBy("escalation_policies.slug")
    .execute();
  const names = await targetNames(
    db,
    rows.flatMap((row) => targetsOf(row.definition)),
  );
  return rows.map((row) => ({ row, written: writtenPolicy(row.definition, names) }));
}

export const escalationPolicies: ConfigSection = {
  name: "escalation_policies",
  read: async (db) =>
    (await readPolicies(db)).map(({ row, written }) => ({
      key: row.slug,
      managedBy: row.managed_by,
      entry: { slug: row.slug, name: row.name, team: row.team, ...written },
    })),
  normalise: (entry) => ({ ...typed(entry) }),
  brief: (entry) =>
    withoutDefaults(entry, {
      ...{ name: entry.slug, team: null, repeat: 0, fallback: [] },
      ...{ paths: [], acknowledge_timeout: null },
    }),
  create: async (tx, by, entry) => void (await createPolicy(tx, by, typed(entry))),
  update: (tx, by, { entry }) => updatePolicy(tx, by, typed(entry)),
  async remove(tx, by, slug) {
    const { id } = await findPolicy(tx, slug);
    const uses = (await servicesByPolicy(tx, [id])).get(id) ?? [];
    refuseUsed(
      `Escalation policy "${slug}"`,
      uses.map((service) => `service "${service.slug}"`),
    );
    await deletePolicy(tx, by, slug);
  },
};
