import { sql } from "kysely";
import type { By } from "../org/actor.ts";
import { can } from "../org/can.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { invalid, Refusal } from "../platform/refusal.ts";
import { findCycle } from "./model.ts";
import "./table.ts";

export interface Dependency {
  id: string;
  slug: string;
  name: string;
  team_id: string | null;
  visibility: "company" | "team";
}

/** What each service depends on, by name; also what the viewer may not see: the caller filters. */
export async function dependenciesOf(
  db: DbOrTx,
  serviceIds: readonly string[],
): Promise<Map<string, Dependency[]>> {
  if (serviceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("service_dependencies as d")
    .innerJoin("services as s", "s.id", "d.depends_on_id")
    .select(["d.service_id", "s.id", "s.slug", "s.name", "s.team_id", "s.visibility"])
    .where("d.service_id", "in", serviceIds)
    .orderBy("s.name")
    .execute();
  return Map.groupBy(rows, (row) => row.service_id);
}

/**
 * Makes the service depend on these and no others, as far as the actor can see: what another team keeps to itself
 * stays. A cycle is refused by name.
 */
export async function setDependencies(
  tx: Tx,
  by: By,
  { serviceId, slugs }: { serviceId: string; slugs: readonly string[] },
): Promise<void> {
  // Two changes at once could close a cycle that neither sees.
  await sql`lock table service_dependencies in share row exclusive mode`.execute(tx);
  const sees = (service: Dependency) =>
    can(by.actor, "read", { type: "service", team: service.team_id, visibility: service.visibility });
  const wanted = await servicesBySlug(tx, slugs);
  slugs.forEach((slug, index) => {
    const service = wanted.get(slug);
    if (!service || !sees(service)) throw invalid(`/depends_on/${index}`, `There is no service "${slug}".`);
    if (service.id === serviceId) throw invalid(`/depends_on/${index}`, "A service can't depend on itself.");
  });
  const current = (await dependenciesOf(tx, [serviceId])).get(serviceId) ?? [];
  const hidden = current.filter((service) => !sees(service));
  const ids = [...new Set([...wanted.values(), ...hidden].map((service) => service.id))];
  await tx.deleteFrom("service_dependencies").where("service_id", "=", serviceId).execute();
  if (ids.length === 0) return;
  await tx
    .insertInto("service_dependencies")
    .values(ids.map((id) => ({ service_id: serviceId, depends_on_id: id })))
    .execute();
  await refuseCycle(tx, serviceId, sees);
}

async function servicesBySlug(tx: Tx, slugs: readonly string[]): Promise<Map<string, Dependency>> {
  if (slugs.length === 0) return new Map();
  const rows = await tx
    .selectFrom("services")
    .select(["id", "slug", "name", "team_id", "visibility"])
    .where("slug", "in", slugs)
    .execute();
  return new Map(rows.map((row) => [row.slug, row]));
}

async function refuseCycle(tx: Tx, serviceId: string, sees: (service: Dependency) => boolean): Promise<void> {
  const edges = await tx.selectFrom("service_dependencies").selectAll().execute();
  const graph = new Map(
    [...Map.groupBy(edges, (edge) => edge.service_id)].map(
      ([id, out]) => [id, out.map((edge) => edge.depends_on_id)] as const,
    ),
  );
  const cycle = findCycle(graph, serviceId);
  if (!cycle) return;
  const rows = await tx
    .selectFrom("services")
    .select(["id", "slug", "name", "team_id", "visibility"])
    .where("id", "in", cycle)
    .execute();
  const names = cycle.map((id) => {
    const service = rows.find((row) => row.id === id);
    return service && sees(service) ? service.slug : "another team's service";
  });
  const detail = `Services would depend on each other in a circle: ${names.join(" → ")}. Leave one of these out.`;
  throw new Refusal("invalid", detail, { problems: [{ pointer: "/depends_on", detail }] });
}
