import { z } from "zod";
import type { Actor } from "../org/actor.ts";
import { must } from "../org/can.ts";
import { actorOf, byOf } from "../org/request.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { id, pageOf, pageQuery, slug } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { missing } from "../platform/refusal.ts";
import { createOverride, deleteOverride } from "./overrides.ts";
import { previewSchedule } from "./preview.ts";
import { readRange, type ScheduleJson, schedulesJson, shiftsJson } from "./schedule-json.ts";
import { createSchedule, deleteSchedule, scheduleResource, updateSchedule } from "./schedules.ts";
import * as schema from "./schema.ts";
import { listSchedules, scheduleBySlug } from "./stored.ts";

const tags = ["Schedules"];
const params = z.object({ slug });

export function scheduleRoutes(app: App, platform: Platform): void {
  const { db, clock } = platform;

  async function show(viewer: Actor, slug: string): Promise<ScheduleJson> {
    const at = clock.now();
    const stored = await scheduleBySlug(db, slug, { at });
    must(viewer, "read", scheduleResource(stored.team?.id ?? null));
    return (await schedulesJson(db, [stored], at))[0]!;
  }

  app.route({
    method: "GET",
    url: "/schedules",
    schema: {
      tags,
      summary: "List schedules by name",
      querystring: pageQuery,
      response: { 200: pageOf(schema.schedule), ...problems },
    },
    handler: async (request) => {
      actorOf(request);
      const at = clock.now();
      const { items, next } = await listSchedules(db, request.query, at);
      return { items: await schedulesJson(db, items, at), next };
    },
  });

  app.route({
    method: "POST",
    url: "/schedules",
    schema: {
      tags,
      summary: "Create a schedule",
      body: schema.scheduleCreate,
      response: { 201: schema.schedule, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => createSchedule(tx, by, request.body));
      return reply.status(201).send(await show(by.actor, request.body.slug));
    },
  });

  app.route({
    method: "POST",
    url: "/schedules/preview",
    schema: {
      tags,
      summary: "See the shifts of layers that are not saved",
      body: schema.preview,
      response: { 200: schema.previewed, ...problems },
    },
    handler: (request) => previewSchedule(db, actorOf(request), { input: request.body, now: clock.now() }),
  });

  app.route({
    method: "GET",
    url: "/schedules/:slug",
    schema: { tags, summary: "Show a schedule", params, response: { 200: schema.schedule, ...problems } },
    handler: (request) => show(actorOf(request), request.params.slug),
  });

  app.route({
    method: "PATCH",
    url: "/schedules/:slug",
    schema: {
      tags,
      summary: "Change a schedule; whoever is on call stays until the next hand-off",
      params,
      body: schema.schedulePatch,
      response: { 200: schema.schedule, ...problems },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      const { slug } = request.params;
      await inTransaction(db, (tx) => updateSchedule(tx, by, { ...request.body, slug }));
      return show(by.actor, slug);
    },
  });

  app.route({
    method: "DELETE",
    url: "/schedules/:slug",
    schema: {
      tags,
      summary: "Delete a schedule that no policy names",
      params,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => deleteSchedule(tx, by, request.params.slug));
      return reply.status(204).send(null);
    },
  });

  app.route({
    method: "GET",
    url: "/schedules/:slug/shifts",
    schema: {
      tags,
      summary: "Who is on call in a range of time, and when nobody is",
      params,
      querystring: schema.shiftsQuery,
      response: { 200: schema.shifts, ...problems },
    },
    handler: async (request) => {
      const viewer = actorOf(request);
      const now = clock.now();
      const { slug } = request.params;
      const { timeZone, team } = await scheduleBySlug(db, slug, { at: now });
      must(viewer, "read", scheduleResource(team?.id ?? null));
      const range = readRange(request.query, { timeZone, now });
      const { rules } = await scheduleBySlug(db, slug, { at: now, since: range.from });
      return shiftsJson(db, rules, { ...range, layers: request.query.layers === "true" });
    },
  });

  app.route({
    method: "POST",
    url: "/schedules/:slug/overrides",
    schema: {
      tags,
      summary: "Put somebody on call, or take somebody off, for a stretch",
      params,
      body: schema.overrideInput,
      response: { 201: schema.override, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      const { slug } = request.params;
      const made = await inTransaction(db, (tx) => createOverride(tx, by, { ...request.body, slug }));
      return reply.status(201).send(await overrideOf(by.actor, slug, made));
    },
  });

  /** Also of an override that is over already, which a schedule no longer shows. */
  async function overrideOf(
    viewer: Actor,
    slug: string,
    id: string,
  ): Promise<ScheduleJson["overrides"][number]> {
    const since = Temporal.Instant.fromEpochMilliseconds(0);
    const stored = await scheduleBySlug(db, slug, { at: clock.now(), since });
    must(viewer, "read", scheduleResource(stored.team?.id ?? null));
    const [json] = await schedulesJson(db, [stored], clock.now());
    const found = json?.overrides.find((override) => override.id === id);
    if (!found) throw missing(`override ${id} of this schedule`);
    return found;
  }

  app.route({
    method: "DELETE",
    url: "/schedules/:slug/overrides/:id",
    schema: {
      tags,
      summary: "Take an override back; one that runs ends now",
      params: params.extend({ id }),
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => deleteOverride(tx, by, request.params));
      return reply.status(204).send(null);
    },
  });
}
