import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { pageOf } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import type { By } from "./actor.ts";
import { audit } from "./audit.ts";
import { must } from "./can.ts";
import { deactivateUser, reactivateUser, usesInTeams } from "./deactivation.ts";
import { invite, mailInvitation } from "./invitations.ts";
import { findUser, listUsers, type UserRecord, usersJson } from "./people.ts";
import { createUser, updateUser } from "./people-changes.ts";
import { actorOf, byOf } from "./request.ts";
import { makeReset } from "./reset.ts";
import type { OrgDeps } from "./routes.ts";
import * as schema from "./schema.ts";

const tags = ["Users"];
const params = z.object({ id: z.string().describe("the person's id or e-mail address") });

export function userRoutes(app: App, platform: Platform, deps: OrgDeps): void {
  const { db } = platform;
  const show = async (id: string) => (await usersJson(db, [await findUser(db, id)]))[0]!;

  /** As an administrator: runs the verb on the person in one transaction and answers with them as they are then. */
  async function administer(
    request: FastifyRequest<{ Params: { id: string } }>,
    verb: (tx: Tx, by: By, user: UserRecord) => Promise<unknown>,
  ) {
    must(actorOf(request), "administer", { type: "user" });
    const user = await findUser(db, request.params.id);
    await inTransaction(db, (tx) => verb(tx, byOf(platform, request), user));
    return show(user.id);
  }

  app.route({
    method: "GET",
    url: "/users",
    schema: {
      tags,
      summary: "List people by name",
      querystring: schema.userQuery,
      response: { 200: pageOf(schema.user), ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "read", { type: "user" });
      return listUsers(db, request.query);
    },
  });

  app.route({
    method: "POST",
    url: "/users",
    schema: {
      tags,
      summary: "Add a person and invite them",
      body: schema.userCreate,
      response: { 201: schema.userMade, ...problems },
    },
    handler: async (request, reply) => {
      must(actorOf(request), "administer", { type: "user" });
      const by = byOf(platform, request);
      const { invite: mailed, ...input } = request.body;
      const { id, made } = await inTransaction(db, async (tx) => {
        const id = await createUser(tx, by, input);
        return { id, made: await invite(tx, by, id) };
      });
      const invitation = await mailInvitation(by, made, { mail: mailed });
      return reply.status(201).send({ ...(await show(id)), invitation });
    },
  });

  app.route({
    method: "GET",
    url: "/users/:id",
    schema: { tags, summary: "Show a person", params, response: { 200: schema.user, ...problems } },
    handler: async (request) => {
      must(actorOf(request), "read", { type: "user" });
      return show(request.params.id);
    },
  });

  app.route({
    method: "PATCH",
    url: "/users/:id",
    schema: {
      tags,
      summary: "Change a person: their role and teams as an administrator, the rest also oneself",
      params,
      body: schema.userPatch,
      response: { 200: schema.user, ...problems },
    },
    handler: async (request) => {
      const user = await findUser(db, request.params.id);
      const { role, teams } = request.body;
      const own = role === undefined && teams === undefined;
      must(actorOf(request), own ? "edit" : "administer", { type: "user", owner: user.id });
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => updateUser(tx, by, { ...request.body, id: user.id }));
      return show(user.id);
    },
  });

  app.route({
    method: "POST",
    url: "/users/:id/invitation",
    schema: {
      tags,
      summary: "Invite again: the earlier link stops working",
      params,
      response: { 200: schema.invitation, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "administer", { type: "user" });
      const by = byOf(platform, request);
      const user = await findUser(db, request.params.id);
      const made = await inTransaction(db, (tx) => invite(tx, by, user.id));
      return mailInvitation(by, made, { mail: true });
    },
  });

  app.route({
    method: "POST",
    url: "/users/:id/reset-link",
    schema: {
      tags,
      summary: "A link to choose a new password by, to hand over oneself; it works once and for an hour",
      params,
      response: { 200: schema.resetLink, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "administer", { type: "user" });
      const { id, email, name } = await findUser(db, request.params.id);
      const { url, expiresAt } = await makeReset(platform, email);
      await audit(db, byOf(platform, request), { action: "made a reset link", type: "user", id, name });
      return { url, expires_at: expiresAt.toString() };
    },
  });

  app.route({
    method: "GET",
    url: "/users/:id/uses",
    schema: {
      tags,
      summary: "Where the person is still needed",
      params,
      response: { 200: schema.userUses, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "administer", { type: "user" });
      const user = await findUser(db, request.params.id);
      const uses = await Promise.all([...deps.uses, usesInTeams].map((usesOf) => usesOf(db, user.id)));
      return { items: uses.flat() };
    },
  });

  app.route({
    method: "POST",
    url: "/users/:id/deactivate",
    schema: {
      tags,
      summary: "End a person's access and hand on their places",
      params,
      body: schema.userRemove.optional(),
      response: { 200: schema.user, ...problems },
    },
    handler: (request) =>
      administer(request, (tx, by, user) =>
        deactivateUser(tx, by, {
          id: user.id,
          replaceWith: request.body?.replace_with ?? null,
          replacers: deps.replace,
        }),
      ),
  });

  app.route({
    method: "POST",
    url: "/users/:id/reactivate",
    schema: { tags, summary: "Let a person in again", params, response: { 200: schema.user, ...problems } },
    handler: (request) => administer(request, (tx, by, user) => reactivateUser(tx, by, user.id)),
  });
}
