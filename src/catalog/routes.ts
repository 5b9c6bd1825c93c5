import { z } from "zod";
import type { Actor } from "../org/actor.ts";
import { can, must } from "../org/can.ts";
import { actorOf, byOf } from "../org/request.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { pageOf, slug } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { dependenciesOf } from "./dependencies.ts";
import { maintenanceOf, windowsOn } from "./maintenance/store.ts";
import type { ServicePorts } from "./ports.ts";
import * as schema from "./schema.ts";
import {
  createService,
  deleteService,
  findService,
  listServices,
  refuseForeignTeam,
  type ServiceRecord,
  serviceResource,
  updateService,
} from "./services.ts";
import { supportNow } from "./support-hours.ts";

const tags = ["Services"];
const params = z.object({ slug });

export function catalogRoutes(app: App, platform: Platform, ports: ServicePorts): void {
  const { db } = platform;

  async function show(actor: Actor, slug: string): Promise<schema.Service> {
    const context = { viewer: actor, now: platform.clock.now(), ports };
    return (await servicesJson(db, [await findService(db, slug)], context))[0]!;
  }

  app.route({
    method: "GET",
    url: "/services",
    schema: {
      tags,
      summary: "List services by name",
      querystring: schema.serviceQuery,
      response: { 200: pageOf(schema.service), ...problems },
    },
    handler: async (request) => {
      const viewer = actorOf(request);
      const { items, next } = await listServices(db, viewer, request.query);
      return { items: await servicesJson(db, items, { viewer, now: platform.clock.now(), ports }), next };
    },
  });

  app.route({
    method: "POST",
    url: "/services",
    schema: {
      tags,
      summary: "Create a service",
      body: schema.serviceCreate,
      response: { 201: schema.service, ...problems },
    },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      await refuseForeignTeam(db, actor, request.body.team);
      const { escalation_policy: policy, ...input } = request.body;
      const by = byOf(platform, request);
      await inTransaction(db, async (tx) => {
        const id = await createService(tx, by, input);
        if (policy !== null) await ports.setPolicy(tx, by, id, policy);
      });
      return reply.status(201).send(await show(actor, input.slug));
    },
  });

  app.route({
    method: "GET",
    url: "/services/:slug",
    schema: { tags, summary: "Show a service", params, response: { 200: schema.service, ...problems } },
    handler: async (request) => {
      const found = await findService(db, request.params.slug);
      must(actorOf(request), "read", serviceResource(found));
      return show(actorOf(request), found.slug);
    },
  });

  app.route({
    method: "PATCH",
    url: "/services/:slug",
    schema: {
      tags,
      summary: "Change a service",
      params,
      body: schema.servicePatch,
      response: { 200: schema.service, ...problems },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const found = await findService(db, request.params.slug);
      must(actor, "edit", serviceResource(found));
      const { escalation_policy: policy, ...patch } = request.body;
      if (patch.team !== undefined && patch.team !== found.team_slug)
        await refuseForeignTeam(db, actor, patch.team);
      const by = byOf(platform, request);
      await inTransaction(db, async (tx) => {
        await updateService(tx, by, { ...patch, slug: found.slug });
        if (patch.support_hours !== undefined) await ports.judgeHolds(tx, by);
        if (policy !== undefined) await ports.setPolicy(tx, by, found.id, policy);
      });
      return show(actor, found.slug);
    },
  });

  app.route({
    method: "DELETE",
    url: "/services/:slug",
    schema: {
      tags,
      summary: "Delete a service; one with monitors only with ?force=true, and its monitors with it",
      params,
      querystring: z.object({ force: z.enum(["true", "false"]).default("false") }),
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const found = await findService(db, request.params.slug);
      must(actorOf(request), "edit", serviceResource(found));
      const force = request.query.force === "true";
      await inTransaction(db, (tx) =>
        deleteService(tx, byOf(platform, request), { slug: found.slug, force, ports }),
      );
      return reply.status(204).send(null);
    },
  });
}

interface ServiceContext {
  viewer: Actor;
  now: Temporal.Instant;
  ports: Pick<ServicePorts, "policiesOf" | "statusOf" | "mutedOf">;
}

/** Services as the API shows them to this viewer: dependencies that they may not see are left out. */
export async function servicesJson(
  db: DbOrTx,
  rows: readonly ServiceRecord[],
  { viewer, now, ports }: ServiceContext,
): Promise<schema.Service[]> {
  const ids = rows.map((row) => row.id);
  const slugs = rows.map((row) => row.slug);
  const [windows, muted, policies, statuses, dependencies] = await Promise.all([
    windowsOn(db, now),
    ports.mutedOf(db, slugs, now),
    ports.policiesOf(db, ids),
    ports.statusOf(db, ids),
    dependenciesOf(db, ids),
  ]);
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    team: row.team_slug === null ? null : { slug: row.team_slug, name: row.team_name ?? row.team_slug },
    escalation_policy: policies.get(row.id) ?? null,
    urgency: row.urgency,
    depends_on: (dependencies.get(row.id) ?? [])
      .filter((service) => can(viewer, "read", serviceResource(service)))
      .map(({ slug, name }) => ({ slug, name })),
    runbook: row.runbook,
    support_hours: row.support_hours ?? null,
    support: row.support_hours ? supportNow(row.support_hours, now) : null,
    visibility: row.visibility,
    managed_by: row.managed_by,
    ...(statuses.get(row.id) ?? { status: "unknown", monitors: 0, open_incidents: 0 }),
    maintenance: maintenanceOf(windows, { service: row.slug, monitor: null, labels: {} }),
    muted: muted.get(row.slug) ?? null,
    created_at: row.created_at.toString(),
  }));
}
