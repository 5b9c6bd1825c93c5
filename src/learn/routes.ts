import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { By } from "../org/actor.ts";
import { actorOf, byOf } from "../org/request.ts";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { id, pageOf, pageQuery } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { actionItemRoutes } from "./action-item-routes.ts";
import { createPostmortem } from "./create.ts";
import { listPostmortems } from "./library.ts";
import { fileName, toMarkdown } from "./markdown.ts";
import {
  changePostmortem,
  deletePostmortem,
  publishPostmortem,
  refreshPostmortem,
  reopenPostmortem,
} from "./postmortems.ts";
import { problemRoutes } from "./problems/routes.ts";
import * as schema from "./schema.ts";
import { type PostmortemJson, showPostmortem } from "./show.ts";

const params = z.object({ id });
const tags = ["Postmortems"];

export function learnRoutes(app: App, platform: Platform): void {
  postmortemRoutes(app, platform);
  postmortemVerbs(app, platform);
  actionItemRoutes(app, platform);
  problemRoutes(app, platform);
}

const show = (platform: Platform, request: FastifyRequest, id: string): Promise<PostmortemJson> =>
  showPostmortem(platform.db, { id, actor: actorOf(request), url: platform.url });

function postmortemRoutes(app: App, platform: Platform): void {
  const { db, url } = platform;
  app.route({
    method: "GET",
    url: "/postmortems",
    schema: {
      tags,
      summary: "The library: newest first, or with q the best match first",
      querystring: pageQuery.extend(schema.postmortemQuery.shape),
      response: { 200: pageOf(schema.postmortemSummary), ...problems },
    },
    handler: (request) => listPostmortems(db, { actor: actorOf(request), url, input: request.query }),
  });
  app.route({
    method: "POST",
    url: "/postmortems",
    schema: {
      tags,
      summary: "Start a postmortem from what was recorded of its incidents",
      body: schema.postmortemCreate,
      response: { 201: schema.postmortem, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      const made = await inTransaction(db, (tx) => createPostmortem(tx, by, request.body));
      return reply.status(201).send(await show(platform, request, made));
    },
  });
  app.route({
    method: "GET",
    url: "/postmortems/:id",
    schema: { tags, summary: "Show a postmortem", params, response: { 200: schema.postmortem, ...problems } },
    handler: (request) => show(platform, request, request.params.id),
  });
  app.route({
    method: "GET",
    url: "/postmortems/:id.md",
    schema: {
      tags,
      summary: "The postmortem as one Markdown document",
      params,
      response: { 200: z.string().describe("text/markdown"), ...problems },
    },
    handler: async (request, reply) => {
      const postmortem = await show(platform, request, request.params.id);
      return reply
        .type("text/markdown; charset=utf-8")
        .header("content-disposition", `attachment; filename="${fileName(postmortem)}"`)
        .serializer((text: unknown) => String(text))
        .send(toMarkdown(postmortem));
    },
  });
}

function postmortemVerbs(app: App, platform: Platform): void {
  const { db } = platform;
  const verb = { tags, params, response: { 200: schema.postmortem, ...problems } };

  async function change(
    request: FastifyRequest<{ Params: { id: string } }>,
    apply: (tx: Tx, by: By, id: string) => Promise<void>,
  ): Promise<PostmortemJson> {
    const by = byOf(platform, request);
    await inTransaction(db, (tx) => apply(tx, by, request.params.id));
    return show(platform, request, request.params.id);
  }

  app.route({
    method: "PATCH",
    url: "/postmortems/:id",
    schema: { ...verb, summary: "Write it; a stale version is a conflict", body: schema.postmortemPatch },
    handler: (request) => change(request, (tx, by, id) => changePostmortem(tx, by, { ...request.body, id })),
  });
  app.route({
    method: "POST",
    url: "/postmortems/:id/publish",
    schema: { ...verb, summary: "Publish it to the library" },
    handler: (request) => change(request, publishPostmortem),
  });
  app.route({
    method: "POST",
    url: "/postmortems/:id/reopen",
    schema: { ...verb, summary: "Back to a draft" },
    handler: (request) => change(request, reopenPostmortem),
  });
  app.route({
    method: "POST",
    url: "/postmortems/:id/refresh",
    schema: { ...verb, summary: "Read the facts again; what a person wrote stays" },
    handler: (request) => change(request, refreshPostmortem),
  });
  app.route({
    method: "DELETE",
    url: "/postmortems/:id",
    schema: { tags, params, summary: "Throw a draft away", response: { 204: z.null(), ...problems } },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => deletePostmortem(tx, by, request.params.id));
      return reply.status(204).send(null);
    },
  });
}
