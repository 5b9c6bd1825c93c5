import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { By } from "../org/actor.ts";
import { can, must, type Resource } from "../org/can.ts";
import { findUser } from "../org/people.ts";
import { actorOf, byOf } from "../org/request.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { pageOf } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { invalid, missing, Refusal } from "../platform/refusal.ts";
import { type AnyChannel, noProvider } from "./channels/channel.ts";
import { channels, findChannel } from "./channels/index.ts";
import {
  addContactMethod,
  type ContactMethodRow,
  findMethod,
  methodJson,
  methodsOf,
  removeContactMethod,
} from "./contact-methods.ts";
import type { PageDeps } from "./engine.ts";
import { listPages } from "./pages.ts";
import { listProviders, providersOf } from "./providers/providers.ts";
import { beginPairing } from "./replies/pairing.ts";
import * as schema from "./schema.ts";
import { sendCode, sendTest } from "./try-out.ts";
import { checkCode, refuseUnverified } from "./verification.ts";
import { webPushRoutes } from "./web-push-routes.ts";

const ofPerson = z.object({ id: z.string().describe("the person's id or e-mail address") });
const ofMethod = ofPerson.extend({ method: z.string().describe("the contact method's id or slug") });
const tags = ["Contact methods"];

export function pageRoutes(app: App, platform: Platform, deps: PageDeps): void {
  contactMethodRoutes(app, platform, deps);
  webPushRoutes(app, platform);

  app.route({
    method: "GET",
    url: "/channels",
    schema: {
      tags,
      summary: "The ways to reach a person that this installation knows",
      response: { 200: z.object({ items: z.array(schema.channelInfo), next: z.null() }), ...problems },
    },
    handler: async (request) => {
      actorOf(request);
      const there = await listProviders(platform.db);
      const kinds = there.map(({ kind }) => kind);
      return { items: channels.map((channel) => channelJson(channel.any, platform, kinds)), next: null };
    },
  });

  app.route({
    method: "GET",
    url: "/pages",
    schema: {
      tags: ["Pages"],
      summary: "Who was paged about an incident, which way, and what came of it",
      querystring: schema.pagesQuery,
      response: { 200: pageOf(schema.page), ...problems },
    },
    handler: async (request) => {
      const { incident, ...cut } = request.query;
      const resource = await deps.answer.resource(platform.db, incident);
      if (!resource) throw missing(`incident ${incident}`);
      must(actorOf(request), "read", resource);
      return listPages(platform.db, { subjectId: incident, ...cut });
    },
  });
}

function channelJson(channel: AnyChannel, platform: Platform, kinds: readonly string[]) {
  const { id, label, receipt, wakes, providers, form, docs } = channel;
  const lacks = providers.length > 0 && !providers.some((kind) => kinds.includes(kind));
  const unavailable = channel.unavailable(platform) ?? (lacks ? noProvider(label) : null);
  return {
    ...{ id, label, receipt, wakes, providers: [...providers], pairing: channel.pairing !== undefined },
    available: unavailable === null,
    unavailable_reason: unavailable,
    form: [...form],
    docs,
  };
}

function contactMethodRoutes(app: App, platform: Platform, deps: PageDeps): void {
  const { db, secrets } = platform;
  const show = (row: ContactMethodRow, owner = true) => methodJson(row, { secrets, owner });

  /** Whose methods these are, and the hand that changes them: the person's own, or an administrator's. */
  async function change(
    request: FastifyRequest<{ Params: { id: string } }>,
  ): Promise<{ by: By; userId: string }> {
    const { user, resource } = await personOf(platform, request.params.id);
    must(actorOf(request), "edit", resource);
    return { by: byOf(platform, request), userId: user.id };
  }

  app.route({
    method: "GET",
    url: "/users/:id/contact-methods",
    schema: {
      tags,
      summary: "The ways to reach a person, in their order",
      params: ofPerson,
      response: { 200: pageOf(schema.contactMethod), ...problems },
    },
    handler: async (request) => {
      const { user, resource } = await personOf(platform, request.params.id);
      must(actorOf(request), "read", resource);
      const owner = can(actorOf(request), "edit", resource);
      return { items: (await methodsOf(db, user.id)).map((row) => show(row, owner)), next: null };
    },
  });

  app.route({
    method: "POST",
    url: "/users/:id/contact-methods/pairings",
    schema: {
      tags,
      summary: "Make a code that ties an account to the person: whoever sends it through the channel is they",
      params: ofPerson,
      body: schema.pairingInput,
      response: { 201: schema.pairing, ...problems },
    },
    handler: async (request, reply) => {
      const { by, userId } = await change(request);
      const channel = findChannel(request.body.channel);
      if (!channel?.pairing)
        throw invalid("/channel", "This channel takes no code; add it by its address instead.");
      const [provider] = await providersOf(db, channel.providers);
      if (!provider) throw new Refusal("conflict", noProvider(channel.label));
      const { code, expiresAt } = await inTransaction(db, (tx) =>
        beginPairing(tx, by, { userId, channel: channel.id }),
      );
      const told = channel.pairing(code, { ...provider.settings, ...provider.state });
      return reply.status(201).send({ code, ...told, expires_at: expiresAt.toString() });
    },
  });

  app.route({
    method: "POST",
    url: "/users/:id/contact-methods",
    schema: {
      tags,
      summary: "Add a way to be reached; it carries pages once it is verified",
      params: ofPerson,
      body: schema.contactMethodCreate,
      response: { 201: schema.contactMethod, ...problems },
    },
    handler: async (request, reply) => {
      const { by, userId } = await change(request);
      const row = await inTransaction(db, (tx) => addContactMethod(tx, by, { ...request.body, userId }));
      return reply.status(201).send(show(row));
    },
  });

  app.route({
    method: "DELETE",
    url: "/users/:id/contact-methods/:method",
    schema: {
      tags,
      summary: "Remove a way to be reached",
      params: ofMethod,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const { by, userId } = await change(request);
      await inTransaction(db, (tx) => removeContactMethod(tx, by, { userId, ref: request.params.method }));
      return reply.status(204).send(null);
    },
  });

  app.route({
    method: "POST",
    url: "/users/:id/contact-methods/:method/send-code",
    schema: {
      tags,
      summary: "Send a six-digit code through the method; it works for 15 minutes and five tries",
      params: ofMethod,
      response: { 200: schema.contactMethodTest, ...problems },
    },
    handler: async (request) => {
      const { by, userId } = await change(request);
      return sendCode(by, deps, { userId, ref: request.params.method });
    },
  });

  app.route({
    method: "POST",
    url: "/users/:id/contact-methods/:method/verify",
    schema: {
      tags,
      summary: "Verify the method by the code that was sent to it",
      params: ofMethod,
      body: schema.contactMethodVerify,
      response: { 200: schema.contactMethod, ...problems },
    },
    handler: async (request) => {
      const { by, userId } = await change(request);
      const which = { userId, ref: request.params.method };
      refuseUnverified(
        await inTransaction(db, (tx) => checkCode(tx, by, { ...which, code: request.body.code })),
      );
      return show(await findMethod(db, which));
    },
  });

  app.route({
    method: "POST",
    url: "/users/:id/contact-methods/:method/test",
    schema: {
      tags,
      summary: "Send a test that really rings, and say what the provider said",
      params: ofMethod,
      response: { 200: schema.contactMethodTest, ...problems },
    },
    handler: async (request) => {
      const { by, userId } = await change(request);
      return sendTest(by, deps, { userId, ref: request.params.method });
    },
  });
}

async function personOf(platform: Platform, ref: string) {
  const user = await findUser(platform.db, ref);
  const resource: Resource = { type: "contact method", owner: user.id };
  return { user, resource };
}
