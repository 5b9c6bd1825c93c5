import { z } from "zod";
import { actorOf, byOf } from "../org/request.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { id, pageOf, pageQuery } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { missing } from "../platform/refusal.ts";
import { type ActionItem, actionItemJson, listActionItems } from "./action-item-list.ts";
import { changeActionItem, createActionItem, deleteActionItem } from "./action-items.ts";
import * as schema from "./schema.ts";

const params = z.object({ id });
const tags = ["Action items"];

export function actionItemRoutes(app: App, platform: Platform): void {
  const { db, url } = platform;

  async function show(id: string): Promise<ActionItem> {
    const item = await actionItemJson(db, id, url);
    if (!item) throw missing(`action item ${id}`);
    return item;
  }

  app.route({
    method: "GET",
    url: "/action-items",
    schema: {
      tags,
      summary: "List action items, the soonest due first",
      querystring: pageQuery.extend(schema.actionItemQuery.shape),
      response: { 200: pageOf(schema.actionItem), ...problems },
    },
    handler: (request) => listActionItems(db, { actor: actorOf(request), url, input: request.query }),
  });
  app.route({
    method: "POST",
    url: "/action-items",
    schema: {
      tags,
      summary: "Add a measure to a postmortem",
      body: schema.actionItemCreate,
      response: { 201: schema.actionItem, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      const made = await inTransaction(db, (tx) => createActionItem(tx, by, request.body));
      return reply.status(201).send(await show(made));
    },
  });
  app.route({
    method: "PATCH",
    url: "/action-items/:id",
    schema: {
      tags,
      summary: "Change it, or say that it is done or won't be",
      params,
      body: schema.actionItemPatch,
      response: { 200: schema.actionItem, ...problems },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => changeActionItem(tx, by, { ...request.body, id: request.params.id }));
      return show(request.params.id);
    },
  });
  app.route({
    method: "DELETE",
    url: "/action-items/:id",
    schema: {
      tags,
      summary: "Take it off its postmortem",
      params,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => deleteActionItem(tx, by, request.params.id));
      return reply.status(204).send(null);
    },
  });
}
