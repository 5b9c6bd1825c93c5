import { z } from "zod";
import type { Actor } from "../org/actor.ts";
import { must } from "../org/can.ts";
import { actorOf, byOf } from "../org/request.ts";
import { checkTimeZone } from "../org/time-zone.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { pageOf, pageQuery, slug } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import {
  createPolicy,
  deletePolicy,
  findPolicy,
  listPolicies,
  type PolicyJson,
  policiesJson,
  updatePolicy,
} from "./policies.ts";
import type { OncallPorts } from "./routes.ts";
import { readMoment } from "./schedule-json.ts";
import * as schema from "./schema.ts";
import { simulateService } from "./simulation.ts";

const tags = ["Escalation policies"];
const params = z.object({ slug });

export function policyRoutes(app: App, platform: Platform, ports: OncallPorts): void {
  const { db } = platform;

  async function show(viewer: Actor, slug: string): Promise<PolicyJson> {
    const found = await findPolicy(db, slug);
    must(viewer, "read", { type: "escalation policy", team: found.team_id });
    return (await policiesJson(db, [found], viewer))[0]!;
  }

  app.route({
    method: "GET",
    url: "/escalation-policies",
    schema: {
      tags,
      summary: "List escalation policies by name",
      querystring: pageQuery,
      response: { 200: pageOf(schema.policy), ...problems },
    },
    handler: async (request) => {
      const viewer = actorOf(request);
      const { items, next } = await listPolicies(db, request.query);
      return { items: await policiesJson(db, items, viewer), next };
    },
  });

  app.route({
    method: "POST",
    url: "/escalation-policies",
    schema: {
      tags,
      summary: "Create an escalation policy",
      body: schema.policyCreate,
      response: { 201: schema.policy, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => createPolicy(tx, by, request.body));
      return reply.status(201).send(await show(by.actor, request.body.slug));
    },
  });

  app.route({
    method: "GET",
    url: "/escalation-policies/:slug",
    schema: {
      tags,
      summary: "Show an escalation policy",
      params,
      response: { 200: schema.policy, ...problems },
    },
    handler: (request) => show(actorOf(request), request.params.slug),
  });

  app.route({
    method: "PATCH",
    url: "/escalation-policies/:slug",
    schema: {
      tags,
      summary: "Change an escalation policy; open incidents keep the one they began with",
      params,
      body: schema.policyPatch,
      response: { 200: schema.policy, ...problems },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      const { slug } = request.params;
      await inTransaction(db, (tx) => updatePolicy(tx, by, { ...request.body, slug }));
      return show(by.actor, slug);
    },
  });

  app.route({
    method: "DELETE",
    url: "/escalation-policies/:slug",
    schema: {
      tags,
      summary: "Delete an escalation policy that no service uses",
      params,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => deletePolicy(tx, by, request.params.slug));
      return reply.status(204).send(null);
    },
  });

  app.route({
    method: "POST",
    url: "/simulate",
    schema: {
      tags,
      summary: "Who would be paged, when and how, if a service failed, with the answers that are given",
      body: schema.simulateInput,
      response: { 200: schema.simulation, ...problems },
    },
    handler: (request) => {
      const { at: written, ...question } = request.body;
      const timeZone = checkTimeZone(question.time_zone);
      const at =
        written === undefined ? platform.clock.now() : readMoment(written, { pointer: "/at", timeZone });
      return simulateService(db, actorOf(request), { ...question, at, methodsOf: ports.methodsOf });
    },
  });
}
