import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { By } from "../org/actor.ts";
import { type Action, must } from "../org/can.ts";
import { actorOf, byOf } from "../org/request.ts";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { pageOf, pageQuery } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { invalid, missing } from "../platform/refusal.ts";
import { declareIncident } from "./declare.ts";
import type { Enrich } from "./enrich.ts";
import { incidentsJson, type LearnedOf } from "./json.ts";
import { findIncident, listIncidents } from "./list.ts";
import { policyInUse } from "./policy-in-use.ts";
import { addResponders, answerRequest } from "./responders.ts";
import * as schema from "./schema.ts";
import { timelineOf } from "./timeline.ts";
import { acknowledge, addNote, changeIncident, escalateNow, reassign, resolve } from "./verbs.ts";
import { whyRoutes } from "./why-routes.ts";

function silenceEnd(until: string | undefined): Temporal.Instant {
  if (until === undefined) throw invalid("/silence_until", "Say until when it is to be silenced.");
  return Temporal.Instant.from(until);
}

const byRef = z.object({ id: z.string().describe("the incident's id or its number") });
const tags = ["Incidents"];

export interface IncidentPorts {
  learnedOf: LearnedOf;
  enrich: Enrich;
  /** Silences what of the incident still fires, in the transaction that resolves it. */
  silence(
    tx: Tx,
    by: By,
    input: { incidentId: string; until: Temporal.Instant; reason: string },
  ): Promise<void>;
}

export function incidentRoutes(app: App, platform: Platform, ports: IncidentPorts): void {
  const { db, url } = platform;
  whyRoutes(app, platform);

  async function show(request: FastifyRequest, id: string): Promise<schema.Incident> {
    const [item] = await incidentsJson(db, [id], {
      url,
      now: platform.clock.now(),
      learnedOf: ports.learnedOf,
    });
    if (!item) throw missing(`incident ${id}`);
    const similar = await ports.enrich.similar({ incidentId: id, viewer: actorOf(request) });
    return { ...item, similar };
  }

  /** Finds it, checks that the actor may, runs the verb in one transaction, answers with the incident as it is then. */
  async function change(
    request: FastifyRequest<{ Params: { id: string } }>,
    action: Action,
    verb: (tx: Tx, by: By, id: string) => Promise<unknown>,
  ): Promise<schema.Incident> {
    const found = await findIncident(db, request.params.id);
    must(actorOf(request), action, { type: "incident", ...found });
    await inTransaction(db, (tx) => verb(tx, byOf(platform, request), found.id));
    return show(request, found.id);
  }

  app.route({
    method: "GET",
    url: "/incidents",
    schema: {
      tags,
      summary: "List incidents, newest first",
      querystring: pageQuery.extend(schema.incidentQuery.shape),
      response: { 200: pageOf(schema.incident), ...problems },
    },
    handler: async (request) => {
      const { ids, next } = await listIncidents(db, actorOf(request), request.query);
      const context = { url, now: platform.clock.now(), learnedOf: ports.learnedOf };
      return { items: await incidentsJson(db, ids, context), next };
    },
  });

  app.route({
    method: "POST",
    url: "/incidents",
    schema: {
      tags,
      summary: "Declare an incident by hand",
      body: schema.declare,
      response: { 201: schema.incident, ...problems },
    },
    handler: async (request, reply) => {
      const { id } = await inTransaction(db, (tx) =>
        declareIncident(tx, byOf(platform, request), request.body),
      );
      return reply.status(201).send(await show(request, id));
    },
  });

  app.route({
    method: "GET",
    url: "/incidents/:id",
    schema: {
      tags,
      summary: "Show an incident",
      params: byRef,
      response: { 200: schema.incident, ...problems },
    },
    handler: async (request) => {
      const found = await findIncident(db, request.params.id);
      must(actorOf(request), "read", { type: "incident", ...found });
      return show(request, found.id);
    },
  });

  app.route({
    method: "GET",
    url: "/incidents/:id/timeline",
    schema: {
      tags,
      summary: "The incident's record, oldest first",
      params: byRef,
      response: { 200: z.object({ items: z.array(schema.timelineEntry), next: z.null() }), ...problems },
    },
    handler: async (request) => {
      const found = await findIncident(db, request.params.id);
      must(actorOf(request), "read", { type: "incident", ...found });
      return { items: await timelineOf(db, found.id), next: null };
    },
  });

  const verb = { params: byRef, tags, response: { 200: schema.incident, ...problems } };

  app.route({
    method: "PATCH",
    url: "/incidents/:id",
    schema: { ...verb, summary: "Correct title, summary, severity or urgency", body: schema.incidentPatch },
    handler: (request) =>
      change(request, "respond", (tx, by, id) => changeIncident(tx, by, { id, ...request.body })),
  });
  app.route({
    method: "POST",
    url: "/incidents/:id/acknowledge",
    schema: { ...verb, summary: "Take it on: escalation stops", body: schema.acknowledge.optional() },
    handler: (request) =>
      change(request, "respond", (tx, by, id) => {
        const until = request.body?.until ? Temporal.Instant.from(request.body.until) : null;
        return acknowledge(tx, by, { id, until, how: "Keepwatch" });
      }),
  });
  app.route({
    method: "POST",
    url: "/incidents/:id/snooze",
    schema: { ...verb, summary: "Acknowledge for a while: it rings again afterwards", body: schema.snooze },
    handler: (request) =>
      change(request, "respond", (tx, by, id) =>
        acknowledge(tx, by, { id, until: by.at.add({ minutes: request.body.minutes }), how: "Keepwatch" }),
      ),
  });
  app.route({
    method: "POST",
    url: "/incidents/:id/resolve",
    schema: { ...verb, summary: "End it by hand", body: schema.resolve.optional() },
    handler: (request) =>
      change(request, "respond", async (tx, by, id) => {
        const { note, still_failing: answer, silence_until: until } = request.body ?? {};
        const silencedUntil = answer === "silence" ? silenceEnd(until) : undefined;
        // Before the incident is taken: whoever changes what holds alerts waits for those that take events in.
        if (silencedUntil)
          await ports.silence(tx, by, { incidentId: id, until: silencedUntil, reason: note ?? "" });
        return resolve(tx, by, {
          ...{ id, note, silencedUntil, how: "Keepwatch" },
          reallyFixed: answer === "really_fixed",
        });
      }),
  });
  app.route({
    method: "POST",
    url: "/incidents/:id/escalate",
    schema: { ...verb, summary: "Wake the next person now" },
    handler: (request) =>
      change(request, "respond", (tx, by, id) => escalateNow(tx, by, { id, how: "Keepwatch" })),
  });
  app.route({
    method: "POST",
    url: "/incidents/:id/reassign",
    schema: { ...verb, summary: "Hand it to a person or another policy", body: schema.reassign },
    handler: (request) =>
      change(request, "respond", (tx, by, id) => reassign(tx, by, { id, to: request.body })),
  });
  app.route({
    method: "POST",
    url: "/incidents/:id/responders",
    schema: {
      ...verb,
      summary: "Ask people for help: they are paged at once, and the escalation goes on as it would have",
      body: schema.addResponders,
    },
    handler: (request) =>
      change(request, "respond", (tx, by, id) => addResponders(tx, by, { id, ...request.body })),
  });
  app.route({
    method: "POST",
    url: "/incidents/:id/responders/answer",
    schema: { ...verb, summary: "Say whether you can help, having been asked", body: schema.answerResponder },
    handler: (request) =>
      change(request, "respond", (tx, by, id) => answerRequest(tx, by, { id, ...request.body })),
  });
  app.route({
    method: "GET",
    url: "/incidents/:id/policy",
    schema: {
      tags,
      summary: "The escalation policy as this incident follows it, and what has been changed in it since",
      params: byRef,
      response: { 200: schema.policyInUse, ...problems },
    },
    handler: async (request) => {
      const found = await findIncident(db, request.params.id);
      must(actorOf(request), "read", { type: "incident", ...found });
      return policyInUse(db, found.id);
    },
  });
  app.route({
    method: "POST",
    url: "/incidents/:id/note",
    schema: { ...verb, summary: "Write a note on the timeline", body: schema.note },
    handler: (request) =>
      change(request, "respond", (tx, by, id) => addNote(tx, by, { id, text: request.body.text })),
  });
}
