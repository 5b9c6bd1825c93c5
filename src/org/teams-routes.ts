import { z } from "zod";
import { inTransaction } from "../platform/database/transaction.ts";
import { pageOf, pageQuery, slug } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { must } from "./can.ts";
import { actorOf, byOf } from "./request.ts";
import type { OrgDeps } from "./routes.ts";
import * as schema from "./schema.ts";
import { createTeam, deleteTeam, findTeam, listTeams, teamsJson, updateTeam } from "./teams.ts";

const tags = ["Teams"];
const params = z.object({ slug });
/** `?force=true` is the only way to say yes. */
export const forceQuery = z.object({ force: z.enum(["true", "false"]).default("false") });

export function teamRoutes(app: App, platform: Platform, deps: OrgDeps): void {
  const { db } = platform;
  const show = async (slug: string) =>
    (await teamsJson(db, [await findTeam(db, slug)], deps.servicesPerTeam))[0]!;

  app.route({
    method: "GET",
    url: "/teams",
    schema: {
      tags,
      summary: "List teams by name",
      querystring: pageQuery,
      response: { 200: pageOf(schema.team), ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "read", { type: "team" });
      const { items, next } = await listTeams(db, request.query);
      return { items: await teamsJson(db, items, deps.servicesPerTeam), next };
    },
  });

  app.route({
    method: "POST",
    url: "/teams",
    schema: {
      tags,
      summary: "Create a team",
      body: schema.teamCreate,
      response: { 201: schema.team, ...problems },
    },
    handler: async (request, reply) => {
      must(actorOf(request), "administer", { type: "team" });
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => createTeam(tx, by, request.body));
      return reply.status(201).send(await show(request.body.slug));
    },
  });

  app.route({
    method: "GET",
    url: "/teams/:slug",
    schema: { tags, summary: "Show a team", params, response: { 200: schema.team, ...problems } },
    handler: async (request) => {
      must(actorOf(request), "read", { type: "team" });
      return show(request.params.slug);
    },
  });

  app.route({
    method: "PATCH",
    url: "/teams/:slug",
    schema: {
      tags,
      summary: "Change a team's name, members and leads; its own members may",
      params,
      body: schema.teamPatch,
      response: { 200: schema.team, ...problems },
    },
    handler: async (request) => {
      const { id, slug } = await findTeam(db, request.params.slug);
      must(actorOf(request), "edit", { type: "team", team: id });
      await inTransaction(db, (tx) => updateTeam(tx, byOf(platform, request), { ...request.body, slug }));
      return show(slug);
    },
  });

  app.route({
    method: "DELETE",
    url: "/teams/:slug",
    schema: {
      tags,
      summary: "Delete a team; one that is still used only with ?force=true",
      params,
      querystring: forceQuery,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const { slug } = await findTeam(db, request.params.slug);
      must(actorOf(request), "administer", { type: "team" });
      const force = request.query.force === "true";
      await inTransaction(db, (tx) =>
        deleteTeam(tx, byOf(platform, request), { slug, force, uses: deps.teamUses }),
      );
      return reply.status(204).send(null);
    },
  });
}
