import { z } from "zod";
import { inTransaction } from "../platform/database/transaction.ts";
import { id } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { actorOf, byOf } from "./request.ts";
import * as schema from "./schema.ts";
import { createToken, listTokens, revokeToken } from "./tokens.ts";

const tags = ["API tokens"];

export function tokenRoutes(app: App, platform: Platform): void {
  const { db } = platform;

  app.route({
    method: "GET",
    url: "/tokens",
    schema: {
      tags,
      summary: "List API tokens: one's own, as an administrator all",
      response: { 200: z.object({ items: z.array(schema.apiToken), next: z.null() }), ...problems },
    },
    handler: async (request) => ({ items: await listTokens(db, actorOf(request)), next: null }),
  });

  app.route({
    method: "POST",
    url: "/tokens",
    schema: {
      tags,
      summary: "Make an API token; it is shown this once",
      body: schema.apiTokenCreate,
      response: { 201: schema.apiTokenMade, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      const made = await inTransaction(db, (tx) => createToken(tx, by, request.body));
      return reply.status(201).send(made);
    },
  });

  app.route({
    method: "DELETE",
    url: "/tokens/:id",
    schema: {
      tags,
      summary: "Revoke an API token",
      params: z.object({ id }),
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => revokeToken(tx, by, request.params.id));
      return reply.status(204).send(null);
    },
  });
}
