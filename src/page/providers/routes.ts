import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { must } from "../../org/can.ts";
import { actorOf, byOf } from "../../org/request.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import type { PageDeps } from "../engine.ts";
import { findProviderKind, providerKinds } from "./index.ts";
import {
  findProvider,
  listProviders,
  openProvider,
  parseSettings,
  putProvider,
  removeProvider,
} from "./providers.ts";
import * as schema from "./schema.ts";
import { providerJson } from "./show.ts";

const tags = ["Providers"];
const params = z.object({ slug: z.string() });
const CHECK_LIMIT_MS = 20_000;

/** `/api/v1/providers`: accounts with those who carry messages. Administrators only. */
export function providerRoutes(
  app: App,
  platform: Platform,
  deps: Pick<PageDeps, "resolve" | "guard">,
): void {
  const { db } = platform;
  const administer = (request: FastifyRequest) =>
    must(actorOf(request), "administer", { type: "installation" });

  app.route({
    method: "GET",
    url: "/provider-kinds",
    schema: {
      tags,
      summary: "The kinds of provider that this version knows, with their forms",
      response: { 200: z.object({ items: z.array(schema.providerKind), next: z.null() }), ...problems },
    },
    handler: async (request) => {
      administer(request);
      const items = providerKinds
        .filter((kind) => !kind.make)
        .map(({ id, label, form, docs, environment, answers }) => ({
          ...{ id, label, docs, answers },
          form: [...form],
          environment: { ...environment },
        }));
      return { items, next: null };
    },
  });

  app.route({
    method: "GET",
    url: "/providers",
    schema: {
      tags,
      summary: "Accounts that messages go through, in the order in which they are tried",
      response: { 200: z.object({ items: z.array(schema.provider), next: z.null() }), ...problems },
    },
    handler: async (request) => {
      administer(request);
      return { items: (await listProviders(db)).map((row) => providerJson(row, platform.url)), next: null };
    },
  });

  app.route({
    method: "PUT",
    url: "/providers/:slug",
    schema: {
      tags,
      summary: "Add a provider, or change it; secrets that are left out stay as they are",
      params,
      body: schema.providerInput,
      response: { 200: schema.provider, ...problems },
    },
    handler: async (request) => {
      administer(request);
      const by = byOf(platform, request);
      const { slug } = schema.providerSlug.parse(request.params);
      const row = await inTransaction(db, (tx) => putProvider(tx, by, { slug, ...request.body }));
      return providerJson(row, platform.url);
    },
  });

  app.route({
    method: "DELETE",
    url: "/providers/:slug",
    schema: { tags, summary: "Remove a provider", params, response: { 204: z.null(), ...problems } },
    handler: async (request, reply) => {
      administer(request);
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => removeProvider(tx, by, request.params));
      return reply.status(204).send(null);
    },
  });

  app.route({
    method: "POST",
    url: "/providers/check",
    schema: {
      tags,
      summary: "Ask the provider whether these settings work, before they are kept",
      body: schema.providerInput.extend({ slug: z.string().optional() }),
      response: { 200: schema.providerCheck, ...problems },
    },
    handler: async (request) => {
      administer(request);
      const { slug, kind, settings } = request.body;
      const stored = slug ? await findProvider(db, slug) : undefined;
      const kept = stored?.kind === kind ? openProvider(stored, platform.secrets)?.settings : {};
      const parsed = parseSettings(kind, { ...kept, ...settings });
      return check(parsed.kind.id, parsed.settings);
    },
  });

  async function check(kindId: string, settings: Record<string, unknown>) {
    const signal = AbortSignal.timeout(CHECK_LIMIT_MS);
    const context = { signal, now: platform.clock.now(), resolve: deps.resolve, guard: deps.guard };
    try {
      return (await findProviderKind(kindId)?.check(settings, context)) ?? { ok: false, text: "" };
    } catch (error) {
      if (signal.aborted) return { ok: false, text: `No answer within ${CHECK_LIMIT_MS / 1000} s` };
      throw error;
    }
  }
}
