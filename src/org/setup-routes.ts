import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { inTransaction } from "../platform/database/transaction.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { headersOf } from "./auth-routes.ts";
import { setupNeeded } from "./installation.ts";
import { acceptInvitation, invitedBy } from "./invitations.ts";
import { hashPassword } from "./passwords.ts";
import type { OrgDeps } from "./routes.ts";
import * as schema from "./schema.ts";
import { completeSetup } from "./setup.ts";

const tags = ["Set-up"];
/** These are for strangers: the one-time token is what admits them. */
const security: never[] = [];

export function setupRoutes(app: App, platform: Platform, deps: OrgDeps): void {
  const { db, clock } = platform;

  /** Whoever has just chosen a password is signed in with it. */
  async function signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    credentials: { email: string; password: string },
  ): Promise<void> {
    for (const cookie of await deps.auth.signIn(credentials, headersOf(request)))
      reply.header("set-cookie", cookie);
  }

  app.route({
    method: "GET",
    url: "/setup",
    schema: {
      tags,
      security,
      summary: "Is the set-up still to be done?",
      response: { 200: schema.setupState, ...problems },
    },
    handler: async () => ({
      needed: await setupNeeded(db),
      demo: deps.demo,
      mail: platform.mail.available,
    }),
  });

  app.route({
    method: "POST",
    url: "/setup",
    schema: {
      tags,
      security,
      summary: "Make the first administrator with the printed one-time token, and sign in",
      body: schema.setup,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const { password, ...input } = request.body;
      const hash = await hashPassword(password);
      await inTransaction(db, (tx) => completeSetup(tx, platform, { ...input, hash }));
      await signIn(request, reply, { email: input.email, password });
      return reply.status(204).send(null);
    },
  });

  const params = z.object({ token: z.string().max(200) });

  app.route({
    method: "GET",
    url: "/invitations/:token",
    schema: {
      tags,
      security,
      summary: "Whom an invitation is for",
      params,
      response: { 200: schema.invited, ...problems },
    },
    handler: async (request) => {
      const { email, name, time_zone } = await invitedBy(db, request.params.token, clock.now());
      return { email, name, time_zone };
    },
  });

  app.route({
    method: "POST",
    url: "/invitations/:token",
    schema: {
      tags,
      security,
      summary: "Take up an invitation: choose a password, and sign in",
      params,
      body: schema.invitationAccept,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const { password, name, time_zone: timeZone } = request.body;
      const { token } = request.params;
      await invitedBy(db, token, clock.now());
      const hash = await hashPassword(password);
      const email = await inTransaction(db, (tx) =>
        acceptInvitation(tx, platform, { token, hash, name, timeZone }),
      );
      await signIn(request, reply, { email, password });
      return reply.status(204).send(null);
    },
  });
}
