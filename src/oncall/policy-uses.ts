import type { Actor } from "../org/actor.ts";
import { can } from "../org/can.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { coursesOf } from "./policy-definition.ts";
import { thingOf } from "./targets.ts";
import "../catalog/table.ts";
import "./table.ts";

/** A service that uses a policy, with what `can` needs to know of it. */
export interface ServiceRow {
  slug: string;
  name: string;
  team_id: string | null;
  visibility: "company" | "team";
}

export const visibleServices = (
  services: readonly ServiceRow[],
  viewer: Actor,
): { slug: string; name: string }[] =>
  services
    .filter(({ team_id: team, visibility }) => can(viewer, "read", { type: "service", team, visibility }))
    .map(({ slug, name }) => ({ slug, name }));

/** The services that use each policy, by policy id. */
export async function servicesByPolicy(
  db: DbOrTx,
  policyIds: readonly string[],
): Promise<Map<string, (ServiceRow & { policy_id: string })[]>> {
  if (policyIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("service_policies")
    .innerJoin("services", "services.id", "service_policies.service_id")
    .select(["services.slug", "services.name", "services.team_id", "services.visibility"])
    .select("service_policies.escalation_policy_id as policy_id")
    .where("service_policies.escalation_policy_id", "in", policyIds)
    .orderBy("services.name")
    .execute();
  return Map.groupBy(rows, (row) => row.policy_id);
}

/** A policy that has a given target somewhere, and the services that use it. */
export interface PolicyUse {
  slug: string;
  name: string;
  /** Levels count from 1; the fallback is null. */
  levels: (number | null)[];
  services: ServiceRow[];
}

/** The policies that name each of some schedules, people or teams in any way, by the id of what is named. */
export async function policiesNaming(
  db: DbOrTx,
  kind: ReturnType<typeof thingOf>,
  ids: readonly string[],
): Promise<Map<string, PolicyUse[]>> {
  const uses = new Map<string, PolicyUse[]>();
  if (ids.length === 0) return uses;
  const rows = await db
    .selectFrom("escalation_policies")
    .select(["id", "slug", "name", "definition"])
    .orderBy("name")
    .orderBy("slug")
    .execute();
  const services = await servicesByPolicy(
    db,
    rows.map((row) => row.id),
  );
  for (const { id: policyId, slug, name, definition } of rows) {
    const places = [
      ...coursesOf(definition).flatMap(({ levels, fallback }) => [
        ...levels.map(({ targets }, i) => ({ level: i + 1, targets })),
        { level: null, targets: fallback },
      ]),
    ];
    for (const id of new Set(ids)) {
      const levels = places
        .filter(({ targets }) => targets.some((target) => thingOf(target.kind) === kind && target.id === id))
        .map(({ level }) => level)
        .filter((level, i, all) => all.indexOf(level) === i);
      if (levels.length === 0) continue;
      const use = { slug, name, levels, services: services.get(policyId) ?? [] };
      uses.set(id, [...(uses.get(id) ?? []), use]);
    }
  }
  return uses;
}
