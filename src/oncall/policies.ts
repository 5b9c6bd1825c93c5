import { sql } from "kysely";
import type { z } from "zod";
import type { Actor, By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { must } from "../org/can.ts";
import { teamIdOf } from "../org/teams.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import { newId } from "../platform/ids.ts";
import { didYouMean } from "../platform/nearest.ts";
import { invalid, missing, Refusal } from "../platform/refusal.ts";
import { readPolicy, targetsOf, writtenPolicy } from "./policy-definition.ts";
import { type ServiceRow, servicesByPolicy, visibleServices } from "./policy-uses.ts";
import type { policy, policyCreate, policyPatch } from "./schema.ts";
import { targetNames } from "./targets.ts";
import "../catalog/table.ts";
import "./table.ts";

export type PolicyJson = z.output<typeof policy>;
export type NewPolicy = z.output<typeof policyCreate>;
export type PolicyPatch = z.output<typeof policyPatch>;

const policyRows = (db: DbOrTx) =>
  db
    .selectFrom("escalation_policies")
    .leftJoin("teams", "teams.id", "escalation_policies.team_id")
    .selectAll("escalation_policies")
    .select(["teams.slug as team_slug", "teams.name as team_name"]);

export type PolicyRecord = Awaited<ReturnType<ReturnType<typeof policyRows>["executeTakeFirstOrThrow"]>>;

const resourceOf = (row: { team_id: string | null }) => ({ type: "escalation policy", team: row.team_id });

export async function findPolicy(db: DbOrTx, slug: string): Promise<PolicyRecord> {
  const found = await policyRows(db).where("escalation_policies.slug", "=", slug).executeTakeFirst();
  if (!found) throw missing(`escalation policy "${slug}"`);
  return found;
}

async function lockPolicy(tx: Tx, slug: string): Promise<PolicyRecord> {
  const found = await policyRows(tx)
    .where("escalation_policies.slug", "=", slug)
    .forUpdate("escalation_policies")
    .executeTakeFirst();
  if (!found) throw missing(`escalation policy "${slug}"`);
  return found;
}

/** A page of policies by name. */
export async function listPolicies(
  db: DbOrTx,
  query: { limit: number; cursor?: string },
): Promise<{ items: PolicyRecord[]; next: string | null }> {
  const after = decodeCursor(query.cursor, ["text", "text"]);
  const sort = sql<string>`lower(escalation_policies.name)`;
  let select = policyRows(db).select(sort.as("sort"));
  if (after)
    select = select.where(
      sql<boolean>`(lower(escalation_policies.name), escalation_policies.slug) > (${after[0]}, ${after[1]})`,
    );
  const rows = await select
    .orderBy(sort)
    .orderBy("escalation_policies.slug")
    .limit(query.limit + 1)
    .execute();
  return toPage(rows, { limit: query.limit, key: (row) => [row.sort, row.slug], item: (row) => row });
}

/** Policies as the API shows them to this viewer: services that they may not see are left out. */
export async function policiesJson(
  db: DbOrTx,
  rows: readonly PolicyRecord[],
  viewer: Actor,
): Promise<PolicyJson[]> {
  const names = await targetNames(
    db,
    rows.flatMap((row) => targetsOf(row.definition)),
  );
  const services = await servicesByPolicy(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    team: row.team_slug === null ? null : { slug: row.team_slug, name: row.team_name ?? row.team_slug },
    ...writtenPolicy(row.definition, names),
    services: visibleServices(services.get(row.id) ?? [], viewer),
    managed_by: row.managed_by,
  }));
}

/** Adds a policy. Answers with its id. */
export async function createPolicy(tx: Tx, by: By, input: NewPolicy): Promise<string> {
  const team_id = await teamIdOf(tx, input.team);
  must(by.actor, "edit", resourceOf({ team_id }));
  const definition = await readPolicy(tx, input);
  const id = newId(by.platform.clock);
  const { slug, name } = input;
  const made = await tx
    .insertInto("escalation_policies")
    .values({
      ...{ id, slug, name, team_id, managed_by: by.managedBy },
      ...{ definition: json(definition), created_at: by.at, updated_at: by.at },
    })
    .onConflict((conflict) => conflict.column("slug").doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows === 0n)
    throw new Refusal("conflict", `There is already an escalation policy "${slug}". Choose another slug.`);
  const after = await snapshot(tx, await findPolicy(tx, slug));
  await audit(tx, by, { action: "created", type: "escalation_policy", id, name, after });
  await policyChanged(tx, by, { id, team_id });
  return id;
}

/** Changes what is given. Incidents that are open keep the copy with which their round began. */
export async function updatePolicy(
  tx: Tx,
  by: By,
  { slug, ...patch }: PolicyPatch & { slug: string },
): Promise<void> {
  const found = await lockPolicy(tx, slug);
  must(by.actor, "edit", resourceOf(found));
  const team_id = patch.team === undefined ? found.team_id : await teamIdOf(tx, patch.team);
  if (team_id !== found.team_id) must(by.actor, "edit", resourceOf({ team_id }));
  const before = await snapshot(tx, found);
  const { repeat, levels, fallback, paths, acknowledge_timeout: timeout } = patch;
  const isRead = [repeat, levels, fallback, paths, timeout].some((each) => each !== undefined);
  const definition = isRead
    ? await readPolicy(tx, {
        repeat: repeat ?? before.repeat,
        levels: levels ?? before.levels,
        fallback: fallback ?? before.fallback,
        paths: paths ?? before.paths,
        acknowledge_timeout: timeout === undefined ? before.acknowledge_timeout : timeout,
      })
    : found.definition;
  const name = patch.name ?? found.name;
  await tx
    .updateTable("escalation_policies")
    .set({
      ...{ name, team_id, definition: json(definition), updated_at: by.at },
      ...(by.managedBy === "config" ? { managed_by: "config" as const } : {}),
    })
    .where("id", "=", found.id)
    .execute();
  const after = await snapshot(tx, await findPolicy(tx, slug));
  await audit(tx, by, { action: "updated", type: "escalation_policy", id: found.id, name, before, after });
  await policyChanged(tx, by, { id: found.id, team_id });
}

/** Deletes a policy that no service uses. */
export async function deletePolicy(tx: Tx, by: By, slug: string): Promise<void> {
  const found = await lockPolicy(tx, slug);
  must(by.actor, "edit", resourceOf(found));
  const services = (await servicesByPolicy(tx, [found.id])).get(found.id) ?? [];
  if (services.length > 0) throw stillUsed(found, services, by.actor);
  const before = await snapshot(tx, found);
  await tx.deleteFrom("escalation_policies").where("id", "=", found.id).execute();
  const { id, name } = found;
  await audit(tx, by, { action: "deleted", type: "escalation_policy", id, name, before });
  await policyChanged(tx, by, found);
}

function stillUsed(found: PolicyRecord, services: readonly ServiceRow[], viewer: Actor): Refusal {
  const seen = visibleServices(services, viewer).map((service) => service.slug);
  const hidden = services.length - seen.length;
  const all = [...seen, ...(hidden > 0 ? [`${hidden} that you can't see`] : [])].join(", ");
  return new Refusal(
    "conflict",
    `Escalation policy "${found.slug}" is used by ${services.length === 1 ? "the service" : "the services"} ${all}. Give ${services.length === 1 ? "it" : "them"} another policy first.`,
  );
}

async function snapshot(tx: Tx, { name, team_slug: team, definition }: PolicyRecord) {
  const names = await targetNames(tx, targetsOf(definition));
  return { name, team, ...writtenPolicy(definition, names) };
}

export const policyChanged = (tx: Tx, by: By, { id, team_id }: { id: string; team_id: string | null }) =>
  by.platform.live.publish(tx, { type: "oncall", id, team: team_id });

/** The policy of each service that has one, by service id. */
export async function policiesOfServices(
  db: DbOrTx,
  serviceIds: readonly string[],
): Promise<Map<string, { slug: string; name: string }>> {
  if (serviceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("service_policies")
    .innerJoin("escalation_policies as policy", "policy.id", "service_policies.escalation_policy_id")
    .select(["service_policies.service_id", "policy.slug", "policy.name"])
    .where("service_policies.service_id", "in", serviceIds)
    .execute();
  return new Map(rows.map(({ service_id: id, slug, name }) => [id, { slug, name }]));
}

/** Gives a service a policy, or with null none. Whoever calls has made sure that the service may be edited. */
export async function setServicePolicy(
  tx: Tx,
  by: By,
  serviceId: string,
  slug: string | null,
): Promise<void> {
  const before = (await policiesOfServices(tx, [serviceId])).get(serviceId)?.slug ?? null;
  if (before === slug) return;
  if (slug === null) await tx.deleteFrom("service_policies").where("service_id", "=", serviceId).execute();
  else {
    const escalation_policy_id = await policyIdOf(tx, slug);
    await tx
      .insertInto("service_policies")
      .values({ service_id: serviceId, escalation_policy_id })
      .onConflict((conflict) => conflict.column("service_id").doUpdateSet({ escalation_policy_id }))
      .execute();
  }
  const service = await tx
    .selectFrom("services")
    .select(["name", "team_id", "visibility"])
    .where("id", "=", serviceId)
    .executeTakeFirstOrThrow();
  await audit(tx, by, {
    action: "updated",
    type: "service",
    id: serviceId,
    name: service.name,
    before: { escalation_policy: before },
    after: { escalation_policy: slug },
  });
  const { team_id: team, visibility } = service;
  await by.platform.live.publish(tx, { type: "oncall", id: serviceId, team, visibility });
}

async function policyIdOf(tx: Tx, slug: string): Promise<string> {
  const rows = await tx.selectFrom("escalation_policies").select(["id", "slug"]).execute();
  const found = rows.find((row) => row.slug === slug);
  if (found) return found.id;
  const known = rows.map((row) => row.slug);
  throw invalid(
    "/escalation_policy",
    `There is no escalation policy "${slug}".${didYouMean(slug, known) || " Create it first."}`,
  );
}
