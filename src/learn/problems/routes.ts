import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { actorOf, byOf } from "../../org/request.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { id, pageOf, pageQuery } from "../../platform/http/schema.ts";
import { type App, problems as refusals } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { changeProblem, createProblem, listProblems, mergeProblems, showProblem } from "./problems.ts";
import * as schema from "./schema.ts";
import { sayVerdict, sayWhyAgain } from "./verdict.ts";

const tags = ["Problems"];
const params = z.object({ id: z.string().max(36).describe("its number or id") });

export function problemRoutes(app: App, platform: Platform): void {
  ledgerRoutes(app, platform);
  changeRoutes(app, platform);
  verdictRoutes(app, platform);
}

const today = ({ clock }: Platform): string => clock.now().toZonedDateTimeISO("UTC").toPlainDate().toString();

const show = (platform: Platform, request: FastifyRequest, key: string) =>
  showProblem(platform.db, { key, actor: actorOf(request), url: platform.url, today: today(platform) });

function ledgerRoutes(app: App, platform: Platform): void {
  app.route({
    method: "GET",
    url: "/problems",
    schema: {
      tags,
      summary: "The problem ledger: classes of failure, what happened last first",
      querystring: pageQuery.extend(schema.problemQuery.shape),
      response: { 200: pageOf(schema.problemSummary), ...refusals },
    },
    handler: (request) =>
      listProblems(platform.db, {
        actor: actorOf(request),
        url: platform.url,
        today: today(platform),
        input: request.query,
      }),
  });
  app.route({
    method: "GET",
    url: "/problems/:id",
    schema: { tags, summary: "Show a problem", params, response: { 200: schema.problem, ...refusals } },
    handler: (request) => show(platform, request, request.params.id),
  });
}

function changeRoutes(app: App, platform: Platform): void {
  app.route({
    method: "POST",
    url: "/problems",
    schema: {
      tags,
      summary: "Name a class of failure by its first incident",
      body: schema.problemCreate,
      response: { 201: schema.problem, ...refusals },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      const { number } = await inTransaction(platform.db, (tx) => createProblem(tx, by, request.body));
      return reply.status(201).send(await show(platform, request, String(number)));
    },
  });
  app.route({
    method: "PATCH",
    url: "/problems/:id",
    schema: {
      tags,
      summary: "Change what is known of it, or where its fix stands",
      params,
      body: schema.problemPatch,
      response: { 200: schema.problem, ...refusals },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      const key = request.params.id;
      await inTransaction(platform.db, (tx) => changeProblem(tx, by, { key, patch: request.body }));
      return show(platform, request, key);
    },
  });
  app.route({
    method: "POST",
    url: "/problems/:id/merge",
    schema: {
      tags,
      summary: "It is the same as another one, which stays",
      params,
      body: schema.problemMerge,
      response: { 200: schema.problem, ...refusals },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      const { number } = await inTransaction(platform.db, (tx) =>
        mergeProblems(tx, by, { key: request.params.id, into: request.body.into }),
      );
      return show(platform, request, String(number));
    },
  });
}

function verdictRoutes(app: App, platform: Platform): void {
  const incident = z.object({ id });
  const done = { 204: z.null(), ...refusals };
  app.route({
    method: "POST",
    url: "/incidents/:id/likeness",
    schema: {
      tags,
      summary:
        "Say whether it has the same cause as an earlier incident, only the same symptom, or nothing in common",
      params: incident,
      body: schema.saidVerdict,
      response: done,
    },
    handler: async (request, reply) => {
      const { other, verdict } = request.body;
      await inTransaction(platform.db, (tx) =>
        sayVerdict(tx, byOf(platform, request), { incidentId: request.params.id, otherId: other, verdict }),
      );
      return reply.status(204).send(null);
    },
  });
  app.route({
    method: "PUT",
    url: "/incidents/:id/why-again",
    schema: {
      tags,
      summary: "Say why it happened again",
      params: incident,
      body: schema.saidWhyAgain,
      response: done,
    },
    handler: async (request, reply) => {
      const { why_again, text } = request.body;
      await inTransaction(platform.db, (tx) =>
        sayWhyAgain(tx, byOf(platform, request), { incidentId: request.params.id, why: why_again, text }),
      );
      return reply.status(204).send(null);
    },
  });
}
