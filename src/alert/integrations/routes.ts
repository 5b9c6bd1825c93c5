import { sql } from "kysely";
import { z } from "zod";
import { can, must } from "../../org/can.ts";
import { actorOf, byOf } from "../../org/request.ts";
import { allowedRows } from "../../org/visible.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { decodeCursor, toPage } from "../../platform/http/cursor.ts";
import { id, pageOf, pageQuery, slug } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { missing } from "../../platform/refusal.ts";
import { findSource, sources } from "../sources/index.ts";
import { changeRoutes } from "./change-routes.ts";
import {
  createIntegration,
  deleteIntegration,
  findIntegration,
  pauseIntegration,
  resourceOf,
  rotateKey,
  updateIntegration,
} from "./integrations.ts";
import * as schema from "./schema.ts";
import { integrationJson, kindJson, receivedJson, setupOf, shownIntegrations } from "./show.ts";
import { tryPayload } from "./try.ts";

const tags = ["Integrations"];
const params = z.object({ slug });

/** `/api/v1/integrations`: inbound endpoints, what they received, and the changes they told of. */
export function integrationRoutes(app: App, platform: Platform): void {
  kindRoutes(app, platform);
  definitionRoutes(app, platform);
  verbRoutes(app, platform);
  receivedRoutes(app, platform);
  changeRoutes(app, platform);
}

function kindRoutes(app: App, platform: Platform): void {
  app.route({
    method: "GET",
    url: "/integration-kinds",
    schema: {
      tags,
      summary: "The kinds of integration that this version knows, with set-up text and examples",
      response: { 200: z.object({ items: z.array(schema.integrationKind), next: z.null() }), ...problems },
    },
    handler: async (request) => {
      actorOf(request);
      return { items: sources.map((source) => kindJson(platform, source)), next: null };
    },
  });
}

/** One integration as the viewer may see it. */
async function show(platform: Platform, request: Parameters<typeof actorOf>[0], slug: string) {
  const viewer = actorOf(request);
  const row = await shownIntegrations(platform.db).where("integrations.slug", "=", slug).executeTakeFirst();
  if (!row || !can(viewer, "read", resourceOf(row))) throw missing(`integration "${slug}"`);
  return integrationJson(row, viewer);
}

function definitionRoutes(app: App, platform: Platform): void {
  const { db } = platform;

  app.route({
    method: "GET",
    url: "/integrations",
    schema: {
      tags,
      summary: "List integrations by name",
      querystring: schema.integrationQuery,
      response: { 200: pageOf(schema.integration), ...problems },
    },
    handler: async (request) => {
      const { limit, cursor, kind, service } = request.query;
      const viewer = actorOf(request);
      const after = decodeCursor(cursor, ["text", "text"]);
      let query = shownIntegrations(db).where(
        allowedRows(viewer, "read", {
          type: "integration",
          team: "services.team_id",
          visibility: "services.visibility",
        }),
      );
      if (kind) query = query.where("integrations.kind", "=", kind);
      if (service) query = query.where("services.slug", "=", service);
      if (after)
        query = query.where(
          sql<boolean>`(lower(integrations.name), integrations.slug) > (${after[0]}, ${after[1]})`,
        );
      const rows = await query
        .orderBy(sql`lower(integrations.name)`)
        .orderBy("integrations.slug")
        .limit(limit + 1)
        .execute();
      return toPage(rows, {
        limit,
        key: (row) => [row.name.toLowerCase(), row.slug],
        item: (row) => integrationJson(row, viewer),
      });
    },
  });

  app.route({
    method: "POST",
    url: "/integrations",
    schema: {
      tags,
      summary: "Add an integration; its key is shown this once",
      body: schema.integrationCreate,
      response: { 201: schema.integrationWithKey, ...problems },
    },
    handler: async (request, reply) => {
      const { key } = await inTransaction(db, (tx) =>
        createIntegration(tx, byOf(platform, request), request.body),
      );
      return reply.status(201).send(await withKey(request, request.body.slug, key));
    },
  });

  app.route({
    method: "GET",
    url: "/integrations/:slug",
    schema: {
      tags,
      summary: "Show an integration",
      params,
      response: { 200: schema.integration, ...problems },
    },
    handler: (request) => show(platform, request, request.params.slug),
  });

  app.route({
    method: "PATCH",
    url: "/integrations/:slug",
    schema: {
      tags,
      summary: "Change an integration; secret settings that are left out stay",
      params,
      body: schema.integrationPatch,
      response: { 200: schema.integration, ...problems },
    },
    handler: async (request) => {
      const { slug } = request.params;
      await show(platform, request, slug);
      await inTransaction(db, (tx) =>
        updateIntegration(tx, byOf(platform, request), { slug, ...request.body }),
      );
      return show(platform, request, slug);
    },
  });

  app.route({
    method: "POST",
    url: "/integrations/:slug/rotate-key",
    schema: {
      tags,
      summary: "Put another key in place of the old one, which is refused from now on",
      params,
      body: z.object({ key: schema.integrationKey.optional() }).strict().default({}),
      response: { 200: schema.integrationWithKey, ...problems },
    },
    handler: async (request) => {
      const { slug } = request.params;
      await show(platform, request, slug);
      const key = await inTransaction(db, (tx) =>
        rotateKey(tx, byOf(platform, request), { slug, key: request.body.key }),
      );
      return withKey(request, slug, key);
    },
  });

  async function withKey(request: Parameters<typeof actorOf>[0], slug: string, key: string) {
    const shown = await show(platform, request, slug);
    const source = findSource(shown.kind);
    return { ...shown, key, ...(source ? setupOf(platform, source, key) : { url: "", setup: "" }) };
  }
}

function verbRoutes(app: App, platform: Platform): void {
  const { db } = platform;
  for (const [verb, paused] of [
    ["pause", true],
    ["resume", false],
  ] as const)
    app.route({
      method: "POST",
      url: `/integrations/:slug/${verb}`,
      schema: {
        tags,
        summary: paused
          ? "Take in nothing until it is resumed; what fires is resolved"
          : "Take in events again",
        params,
        response: { 200: schema.integration, ...problems },
      },
      handler: async (request) => {
        const { slug } = request.params;
        await show(platform, request, slug);
        await inTransaction(db, (tx) => pauseIntegration(tx, byOf(platform, request), { slug, paused }));
        return show(platform, request, slug);
      },
    });

  app.route({
    method: "DELETE",
    url: "/integrations/:slug",
    schema: {
      tags,
      summary: "Delete an integration with what it received; what fires is resolved",
      params,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const { slug } = request.params;
      await show(platform, request, slug);
      await inTransaction(db, (tx) => deleteIntegration(tx, byOf(platform, request), slug));
      return reply.status(204).send(null);
    },
  });

  app.route({
    method: "POST",
    url: "/integrations/:slug/try",
    schema: {
      tags,
      summary: "What a payload would become; nothing is kept and nobody is paged",
      params,
      body: schema.tryInput,
      response: { 200: schema.tryResult, ...problems },
    },
    handler: async (request) => {
      await show(platform, request, request.params.slug);
      return tryPayload(platform, await findIntegration(db, request.params.slug), request.body);
    },
  });
}

/** Payloads may hold anything, so only those see them who may change the integration. */
function receivedRoutes(app: App, platform: Platform): void {
  const { db } = platform;

  app.route({
    method: "GET",
    url: "/integrations/:slug/received",
    schema: {
      tags,
      summary: "What came, newest first; kept 30 days",
      params,
      querystring: pageQuery.extend({ outcome: schema.receivedBrief.shape.outcome.optional() }),
      response: { 200: pageOf(schema.receivedBrief), ...problems },
    },
    handler: async (request) => {
      const { limit, cursor, outcome } = request.query;
      const integration = await findIntegration(db, request.params.slug);
      must(actorOf(request), "edit", resourceOf(integration));
      const after = decodeCursor(cursor, ["id"]);
      let query = db
        .selectFrom("received_events")
        .select(["id", "received_at", "method", "path", "content_type", "outcome", "why", "events"])
        .select(sql<number>`octet_length(body)`.as("size"))
        .where("integration_id", "=", integration.id);
      if (outcome) query = query.where("outcome", "=", outcome);
      if (after) query = query.where("id", "<", after[0] ?? "");
      const rows = await query
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      const item = ({ events, received_at, ...row }: (typeof rows)[number]) => ({
        ...row,
        received_at: received_at.toString(),
        events: events.map((event) => ({ ...event })),
      });
      return toPage(rows, { limit, key: (row) => [row.id], item });
    },
  });

  app.route({
    method: "GET",
    url: "/integrations/:slug/received/:id",
    schema: {
      tags,
      summary: "One request as it came",
      params: params.extend({ id }),
      response: { 200: schema.received, ...problems },
    },
    handler: async (request) => {
      const integration = await findIntegration(db, request.params.slug);
      must(actorOf(request), "edit", resourceOf(integration));
      const row = await db
        .selectFrom("received_events")
        .selectAll()
        .where("id", "=", request.params.id)
        .where("integration_id", "=", integration.id)
        .executeTakeFirst();
      if (!row) throw missing(`received event ${request.params.id}`);
      return receivedJson(row);
    },
  });
}
