import { sql } from "kysely";
import type { z } from "zod";
import type { Actor, By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { can, type Resource } from "../org/can.ts";
import { type ServicesPerTeam, type TeamUsesOf, teamIdOf } from "../org/teams.ts";
import { allowedRows } from "../org/visible.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { isUniqueViolation } from "../platform/database/transaction.ts";
import type { SupportHours } from "../platform/hours/schema.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import { newId } from "../platform/ids.ts";
import { invalid, missing, Refusal } from "../platform/refusal.ts";
import { dependenciesOf, setDependencies } from "./dependencies.ts";
import type { ServicePorts } from "./ports.ts";
import type { Runbook, serviceCreate, servicePatch, serviceQuery } from "./schema.ts";
import { checkSupportHours } from "./support-hours.ts";
import "./table.ts";

/** What a service may be made of. The escalation policy is `oncall`'s to set. */
export type NewService = Omit<z.input<typeof serviceCreate>, "escalation_policy">;
export type ServicePatch = Omit<z.output<typeof servicePatch>, "escalation_policy">;

const selectServices = (db: DbOrTx) =>
  db
    .selectFrom("services")
    .leftJoin("teams", "teams.id", "services.team_id")
    .selectAll("services")
    .select(["teams.slug as team_slug", "teams.name as team_name"]);

export type ServiceRecord = Awaited<ReturnType<ReturnType<typeof selectServices>["executeTakeFirstOrThrow"]>>;

/** What `can` needs to know of a service. */
export const serviceResource = (row: Pick<ServiceRecord, "team_id" | "visibility">): Resource => ({
  type: "service",
  team: row.team_id,
  visibility: row.visibility,
});

export const findServiceBySlug = (db: DbOrTx, slug: string): Promise<ServiceRecord | undefined> =>
  selectServices(db).where("services.slug", "=", slug).executeTakeFirst();

export async function findService(db: DbOrTx, slug: string): Promise<ServiceRecord> {
  const found = await findServiceBySlug(db, slug);
  if (!found) throw missing(`service "${slug}"`);
  return found;
}

/** A page of the services that the actor may see, by name. */
export async function listServices(
  db: DbOrTx,
  actor: Actor,
  query: z.output<typeof serviceQuery>,
): Promise<{ items: ServiceRecord[]; next: string | null }> {
  const after = decodeCursor(query.cursor, ["text", "text"]);
  const sort = sql<string>`lower(services.name)`;
  const columns = { type: "service", team: "services.team_id", visibility: "services.visibility" };
  let select = selectServices(db)
    .select(sort.as("sort"))
    .where(allowedRows(actor, "read", columns));
  if (query.team) select = select.where("teams.slug", "=", query.team);
  if (query.q) {
    const like = `%${query.q.replace(/[\\%_]/g, "\\$&")}%`;
    select = select.where((eb) =>
      eb.or([eb("services.name", "ilike", like), eb("services.slug", "ilike", like)]),
    );
  }
  if (after)
    select = select.where(sql<boolean>`(lower(services.name), services.slug) > (${after[0]}, ${after[1]})`);
  const rows = await select
    .orderBy(sort)
    .orderBy("services.slug")
    .limit(query.limit + 1)
    .execute();
  return toPage(rows, { limit: query.limit, key: (row) => [row.sort, row.slug], item: (row) => row });
}

/** Adds a service; what is left out takes its default. Answers with its id. */
export async function createService(tx: Tx, by: By, input: NewService): Promise<string> {
  const id = newId(by.platform.clock);
  const teamId = input.team === undefined ? by.actor.teamScope : await teamIdOf(tx, input.team);
  refuseHidden(teamId, input.visibility ?? "company");
  try {
    await tx
      .insertInto("services")
      .values({
        id,
        slug: input.slug,
        name: input.name,
        description: input.description ?? "",
        team_id: teamId,
        urgency: input.urgency ?? "high",
        runbook: input.runbook ? json(input.runbook) : null,
        support_hours: input.support_hours ? json(checkSupportHours(input.support_hours)) : null,
        visibility: input.visibility ?? "company",
        managed_by: by.managedBy,
        created_at: by.at,
        updated_at: by.at,
      })
      .execute();
  } catch (error) {
    if (isUniqueViolation(error))
      throw new Refusal("conflict", `There is already a service "${input.slug}". Choose another slug.`);
    throw error;
  }
  if (input.depends_on?.length) await setDependencies(tx, by, { serviceId: id, slugs: input.depends_on });
  const after = await snapshot(tx, await findService(tx, input.slug));
  await audit(tx, by, { action: "created", type: "service", id, name: input.name, after });
  return id;
}

/** Changes what is given. `depends_on` replaces all dependencies that the actor can see. */
export async function updateService(
  tx: Tx,
  by: By,
  { slug, ...patch }: ServicePatch & { slug: string },
): Promise<void> {
  const found = await findService(tx, slug);
  const before = await snapshot(tx, found);
  const teamId = patch.team === undefined ? found.team_id : await teamIdOf(tx, patch.team);
  refuseHidden(teamId, patch.visibility ?? found.visibility);
  const { name, description, urgency, visibility, runbook, support_hours: hours } = patch;
  await tx
    .updateTable("services")
    .set({
      ...{ name, description, urgency, visibility },
      team_id: teamId,
      ...(runbook === undefined ? {} : { runbook: runbook && json(runbook) }),
      ...(hours === undefined ? {} : { support_hours: hours && json(checkSupportHours(hours)) }),
      ...(by.managedBy === "config" ? { managed_by: "config" as const } : {}),
      updated_at: by.at,
    })
    .where("id", "=", found.id)
    .execute();
  if (patch.depends_on) await setDependencies(tx, by, { serviceId: found.id, slugs: patch.depends_on });
  const changed = await findService(tx, slug);
  await audit(tx, by, {
    action: "updated",
    type: "service",
    id: found.id,
    name: changed.name,
    before,
    after: await snapshot(tx, changed),
  });
}

function refuseHidden(teamId: string | null, visibility: "company" | "team"): void {
  if (visibility === "team" && teamId === null)
    throw invalid("/visibility", "A service that only its team may see needs a team.");
}

/** Deletes a service without monitors; with `force` its monitors too. Its incidents stay, without a service. */
export async function deleteService(
  tx: Tx,
  by: By,
  input: { slug: string; force: boolean; ports: Pick<ServicePorts, "monitorsOf" | "removeMonitor"> },
): Promise<void> {
  const found = await findService(tx, input.slug);
  const monitors = await input.ports.monitorsOf(tx, found.id);
  if (monitors.length > 0 && !input.force) {
    throw new Refusal(
      "conflict",
      `Service "${found.slug}" still has ${monitors.length === 1 ? "the monitor" : "the monitors"} ${monitors
        .map((monitor) => monitor.slug)
        .join(", ")}. Give them to another service, or delete all with ?force=true.`,
    );
  }
  for (const { slug } of monitors) await input.ports.removeMonitor(tx, by, slug);
  const before = await snapshot(tx, found);
  await tx.deleteFrom("services").where("id", "=", found.id).execute();
  await audit(tx, by, { action: "deleted", type: "service", id: found.id, name: found.name, before });
}

interface ServiceSnapshot {
  name: string;
  description: string;
  team: string | null;
  urgency: string;
  depends_on: string[];
  runbook: Runbook | null;
  support_hours: SupportHours | null;
  visibility: string;
}

async function snapshot(tx: Tx, row: ServiceRecord): Promise<ServiceSnapshot> {
  const { name, description, team_slug: team, urgency, runbook, support_hours, visibility } = row;
  const depends = (await dependenciesOf(tx, [row.id])).get(row.id) ?? [];
  return {
    name,
    description,
    team,
    urgency,
    depends_on: depends.map(({ slug }) => slug),
    runbook,
    support_hours,
    visibility,
  };
}

/** How many services each team owns. */
export const servicesPerTeam: ServicesPerTeam = async (db, teamIds) => {
  if (teamIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("services")
    .select(["team_id", (eb) => eb.fn.countAll<number>().as("count")])
    .where("team_id", "in", teamIds)
    .groupBy("team_id")
    .execute();
  return new Map(rows.flatMap((row) => (row.team_id ? [[row.team_id, row.count] as const] : [])));
};

/** The services that a team owns: a team that goes says so first. */
export const servicesOfTeam: TeamUsesOf = async (db, teamId) => {
  const rows = await db
    .selectFrom("services")
    .select(["slug", "name"])
    .where("team_id", "=", teamId)
    .orderBy("slug")
    .execute();
  return rows.map((row) => ({ type: "service", ...row, detail: "owner" }));
};

/** Refuses to put a service into the hands of a team (or, with null, nobody) that the actor may not act for. */
export async function refuseForeignTeam(db: DbOrTx, actor: Actor, slug: string | null): Promise<void> {
  const team = await teamIdOf(db, slug);
  if (can(actor, "edit", { type: "service", team })) return;
  throw new Refusal(
    "forbidden",
    actor.role === "viewer"
      ? "Your role (viewer) may not change services."
      : slug === null
        ? "You may only keep services for your own team. Name it as `team`."
        : `You may not give a service to team "${slug}", since you are not one of its members.`,
  );
}
