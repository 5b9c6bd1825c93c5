import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { By } from "../../org/actor.ts";
import { actorOf, byOf } from "../../org/request.ts";
import type { Tx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { decodeCursor, encodeCursor } from "../../platform/http/cursor.ts";
import { pageOf, slug } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { missing } from "../../platform/refusal.ts";
import { readTiming, timingInWords } from "./definition.ts";
import { covers, upcoming } from "./model.ts";
import type { MaintenancePorts } from "./ports.ts";
import * as schema from "./schema.ts";
import { windowsJson } from "./show.ts";
import { scopeOf, type WindowRow } from "./store.ts";
import { createWindow, deleteWindow, endWindow, updateWindow } from "./windows.ts";

const tags = ["Maintenance"];
const params = z.object({ slug });
const PREVIEW = 5;

export function maintenanceRoutes(app: App, platform: Platform, ports: MaintenancePorts): void {
  const { db } = platform;

  async function show(request: FastifyRequest, slug: string): Promise<schema.MaintenanceWindow> {
    const rows = await db.selectFrom("maintenance_windows").selectAll().where("slug", "=", slug).execute();
    const viewing = { viewer: actorOf(request), now: platform.clock.now(), ports };
    const [item] = await windowsJson(db, rows, viewing);
    if (!item) throw missing(`maintenance window "${slug}"`);
    return item;
  }

  async function change<T>(request: FastifyRequest, verb: (tx: Tx, by: By) => Promise<T>): Promise<T> {
    return inTransaction(db, (tx) => verb(tx, byOf(platform, request)));
  }

  app.route({
    method: "GET",
    url: "/maintenance-windows",
    schema: {
      tags,
      summary: "List maintenance windows: those that are on, then by when they come next, then what is over",
      querystring: schema.maintenanceQuery,
      response: { 200: pageOf(schema.maintenanceWindow), ...problems },
    },
    handler: async (request) => {
      const { state, service, monitor, limit, cursor } = request.query;
      const rows = await db.selectFrom("maintenance_windows").selectAll().execute();
      const touching = await filterBySubject(rows, { service, monitor });
      const viewing = { viewer: actorOf(request), now: platform.clock.now(), ports };
      const states = state?.split(",");
      const all = (await windowsJson(db, touching, viewing))
        .filter((each) => !states || states.includes(each.state))
        .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
      const after = decodeCursor(cursor, ["text"])?.[0];
      const rest = after === undefined ? all : all.filter((each) => orderOf(each) > after);
      const items = rest.slice(0, limit);
      const last = items.at(-1);
      return { items, next: last && rest.length > limit ? encodeCursor([orderOf(last)]) : null };
    },
  });

  async function filterBySubject(
    rows: readonly WindowRow[],
    { service, monitor }: { service?: string; monitor?: string },
  ): Promise<readonly WindowRow[]> {
    if (!service && !monitor) return rows;
    const found = monitor ? (await ports.monitorsNamed(db, [monitor])).get(monitor) : undefined;
    const subject = {
      monitor: monitor ?? null,
      service: service ?? found?.service ?? null,
      labels: found?.labels ?? {},
    };
    return rows.filter((row) => covers(scopeOf(row), subject));
  }

  app.route({
    method: "POST",
    url: "/maintenance-windows",
    schema: {
      tags,
      summary: "Plan work",
      body: schema.maintenanceCreate,
      response: { 201: schema.maintenanceWindow, ...problems },
    },
    handler: async (request, reply) => {
      const made = await change(request, (tx, by) => createWindow(tx, by, { input: request.body, ports }));
      return reply.status(201).send(await show(request, made));
    },
  });

  app.route({
    method: "POST",
    url: "/maintenance-windows/preview",
    schema: {
      tags,
      summary: `The next ${PREVIEW} times that this would be on; saves nothing`,
      body: schema.maintenancePreview,
      response: { 200: schema.preview, ...problems },
    },
    handler: async (request) => {
      actorOf(request);
      const timing = readTiming(request.body);
      const items = upcoming({ timing, endedAt: null }, platform.clock.now(), PREVIEW);
      return {
        items: items.map(({ from, to }) => ({ from: from.toString(), to: to.toString() })),
        sentence: timingInWords(timing),
      };
    },
  });

  app.route({
    method: "GET",
    url: "/maintenance-windows/:slug",
    schema: {
      tags,
      summary: "Show a maintenance window",
      params,
      response: { 200: schema.maintenanceWindow, ...problems },
    },
    handler: (request) => show(request, request.params.slug),
  });

  app.route({
    method: "PATCH",
    url: "/maintenance-windows/:slug",
    schema: {
      tags,
      summary: "Change a maintenance window, from now on",
      params,
      body: schema.maintenancePatch,
      response: { 200: schema.maintenanceWindow, ...problems },
    },
    handler: async (request) => {
      const { slug } = await show(request, request.params.slug);
      await change(request, (tx, by) => updateWindow(tx, by, { slug, change: request.body, ports }));
      return show(request, slug);
    },
  });

  app.route({
    method: "POST",
    url: "/maintenance-windows/:slug/end",
    schema: {
      tags,
      summary: "End now what goes on; one that recurs comes again as planned",
      params,
      response: { 200: schema.maintenanceWindow, ...problems },
    },
    handler: async (request) => {
      const { slug } = await show(request, request.params.slug);
      await change(request, (tx, by) => endWindow(tx, by, { slug, ports }));
      return show(request, slug);
    },
  });

  app.route({
    method: "DELETE",
    url: "/maintenance-windows/:slug",
    schema: {
      tags,
      summary: "Delete a maintenance window; the past stays as it was",
      params,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const { slug } = await show(request, request.params.slug);
      await change(request, (tx, by) => deleteWindow(tx, by, { slug, ports }));
      return reply.status(204).send(null);
    },
  });
}

/** On before planned before over; within these by what comes soonest, then by slug. */
const orderOf = (window: schema.MaintenanceWindow): string => {
  const rank = { on: "0", planned: "1", over: "2" }[window.state];
  return `${rank} ${window.until ?? window.next?.from ?? ""} ${window.slug}`;
};
