import type { FastifyRequest } from "fastify";
import { sql } from "kysely";
import { z } from "zod";
import type { By } from "../org/actor.ts";
import { must } from "../org/can.ts";
import { actorOf, byOf } from "../org/request.ts";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import { pageOf, pageQuery } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { missing } from "../platform/refusal.ts";
import { coverageRoute } from "./coverage-routes.ts";
import { groupRoutes } from "./group/routes.ts";
import { guessFor, guessMonitor } from "./guess.ts";
import { heartbeatRoutes } from "./heartbeat/routes.ts";
import { historyRoutes } from "./history-routes.ts";
import { type MonitorKind, monitorKinds } from "./kinds/index.ts";
import type { FormField } from "./kinds/kind.ts";
import { manualRoutes } from "./manual/routes.ts";
import { monitorRows, monitorsJson, visibleMonitors } from "./monitor-json.ts";
import {
  createMonitor,
  deleteMonitor,
  kindFields,
  kindOf,
  type MonitorChange,
  pauseMonitor,
  updateMonitor,
} from "./monitors.ts";
import type { Coverage } from "./prober/protocol.ts";
import { proposeMonitor } from "./propose.ts";
import * as schema from "./schema.ts";

const bySlug = z.object({ slug: z.string() });
const tags = ["Monitors"];

/** What the running prober does for a request: one check now, nothing saved. */
export interface CheckNow {
  stored(slug: string): Promise<schema.Check>;
  /** What became of the monitor's due checks since the prober's start; undefined of one that isn't watched. */
  coverage?(monitorId: string): Promise<Coverage | undefined>;
  tried(input: { kind: string; timeout: string; fields: Record<string, unknown> }): Promise<schema.Check>;
}

export function monitorRoutes(app: App, platform: Platform, checkNow: CheckNow): void {
  const { db, secrets } = platform;

  async function find(request: FastifyRequest<{ Params: { slug: string } }>) {
    const row = await monitorRows(db).where("monitors.slug", "=", request.params.slug).executeTakeFirst();
    if (!row) throw missing(`monitor "${request.params.slug}"`);
    must(actorOf(request), "read", { type: "monitor", team: row.team, visibility: row.visibility });
    return row;
  }

  async function show(slug: string): Promise<schema.Monitor> {
    const rows = await monitorRows(db).where("monitors.slug", "=", slug).execute();
    const [item] = await monitorsJson(db, rows, { now: platform.clock.now(), secrets });
    if (!item) throw missing(`monitor "${slug}"`);
    return item;
  }

  const change = (request: FastifyRequest, verb: (tx: Tx, by: By) => Promise<unknown>) =>
    inTransaction(db, (tx) => verb(tx, byOf(platform, request)));

  app.route({
    method: "GET",
    url: "/monitors",
    schema: {
      tags,
      summary: "List monitors by name",
      querystring: pageQuery.extend({
        q: z.string().max(200).optional(),
        status: z.string().optional(),
        service: z.string().optional(),
        kind: z.string().optional(),
        sort: z.enum(["name", "service", "kind", "status"]).default("name").describe("each then by name"),
      }),
      response: { 200: pageOf(schema.monitor), ...problems },
    },
    handler: async (request) => {
      const { limit, cursor, q, status, service, kind, sort } = request.query;
      const after = decodeCursor(cursor, ["text", "id"]);
      const order = ORDERS[sort];
      let query = visibleMonitors(db, actorOf(request)).select(order.as("sort"));
      if (q) {
        const like = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
        query = query.where((eb) =>
          eb.or([
            eb("monitors.name", "ilike", like),
            eb("monitors.slug", "ilike", like),
            sql<boolean>`monitors.labels::text ilike ${like}`,
          ]),
        );
      }
      if (status) query = query.where("monitors.status", "in", status.split(",") as schema.MonitorStatus[]);
      if (service) query = query.where("services.slug", "=", service);
      if (kind) query = query.where("monitors.kind", "=", kind);
      if (after)
        query = query.where(sql<boolean>`(${order}, monitors.id) > (${after[0]}, ${after[1]}::uuid)`);
      const rows = await query
        .orderBy(order)
        .orderBy("monitors.id")
        .limit(limit + 1)
        .execute();
      const items = await monitorsJson(db, rows, { now: platform.clock.now(), secrets });
      const byId = new Map(items.map((item) => [item.id, item]));
      return toPage(rows, {
        limit,
        key: (row) => [row.sort, row.id],
        item: (row) => byId.get(row.id)!,
      });
    },
  });

  app.route({
    method: "POST",
    url: "/monitors",
    schema: {
      tags,
      summary: "Watch something",
      body: schema.monitorCreate,
      response: { 201: schema.monitor, ...problems },
    },
    handler: async (request, reply) => {
      const made = await inTransaction(db, async (tx) => {
        const hand = byOf(platform, request);
        return createMonitor(tx, hand, await proposeMonitor(tx, hand, request.body));
      });
      return reply.status(201).send(await show(made.slug));
    },
  });

  app.route({
    method: "POST",
    url: "/monitors/guess",
    schema: {
      tags,
      summary: "Say how to watch what was typed or pasted",
      body: z.object({
        text: z.string().trim().min(1).max(2000),
        kind: z.string().optional().describe("read it for this kind, whatever it looks like"),
      }),
      response: { 200: schema.guess, ...problems },
    },
    handler: async (request) => {
      actorOf(request);
      const { text, kind } = request.body;
      return kind === undefined ? guessMonitor(text) : guessFor(kindOf(kind), text);
    },
  });

  app.route({
    method: "POST",
    url: "/monitors/try",
    schema: {
      tags,
      summary: "Check once, save nothing",
      body: schema.monitorTry,
      response: { 200: schema.check, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "edit", { type: "monitor", team: actorOf(request).teamScope });
      const { kind, timeout } = request.body;
      return checkNow.tried({ kind, timeout, fields: kindFields(request.body) });
    },
  });

  app.route({
    method: "GET",
    url: "/monitors/kinds",
    schema: {
      tags,
      summary: "The kinds of monitor, with their forms",
      response: { 200: z.object({ items: z.array(schema.kindInfo) }), ...problems },
    },
    handler: async () => ({
      items: monitorKinds.map(({ id, label, form, docs, example, probed = true }: MonitorKind) => ({
        id,
        label,
        summary: summaryOf(docs),
        probed,
        form: form.map(formJson),
        docs,
        example,
      })),
    }),
  });

  app.route({
    method: "GET",
    url: "/monitors/:slug",
    schema: {
      tags,
      summary: "Show a monitor",
      params: bySlug,
      response: { 200: schema.monitor, ...problems },
    },
    handler: async (request) => show((await find(request)).slug),
  });

  app.route({
    method: "PATCH",
    url: "/monitors/:slug",
    schema: {
      tags,
      summary: "Change a monitor",
      params: bySlug,
      body: schema.monitorPatch,
      response: { 200: schema.monitor, ...problems },
    },
    handler: async (request) => {
      const { slug } = request.params;
      await change(request, (tx, by) => updateMonitor(tx, by, { slug, change: changeOf(request.body) }));
      return show(slug);
    },
  });

  for (const verb of ["pause", "resume"] as const) {
    app.route({
      method: "POST",
      url: `/monitors/:slug/${verb}`,
      schema: {
        tags,
        summary: verb === "pause" ? "Stop checking" : "Check again",
        params: bySlug,
        response: { 200: schema.monitor, ...problems },
      },
      handler: async (request) => {
        const { slug } = request.params;
        await change(request, (tx, by) => pauseMonitor(tx, by, { slug, paused: verb === "pause" }));
        return show(slug);
      },
    });
  }

  app.route({
    method: "DELETE",
    url: "/monitors/:slug",
    schema: {
      tags,
      summary: "Delete a monitor and its history",
      params: bySlug,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      await change(request, (tx, by) => deleteMonitor(tx, by, request.params.slug));
      return reply.status(204).send(null);
    },
  });

  app.route({
    method: "POST",
    url: "/monitors/:slug/check",
    schema: {
      tags,
      summary: "Check now and show everything; the state does not change",
      params: bySlug,
      response: { 200: schema.check, ...problems },
    },
    handler: async (request) => {
      const row = await find(request);
      must(actorOf(request), "respond", { type: "monitor", team: row.team, visibility: row.visibility });
      return checkNow.stored(row.slug);
    },
  });

  historyRoutes(app, platform, find);
  heartbeatRoutes(app, platform, find);
  groupRoutes(app, platform, find);
  manualRoutes(app, platform);
  coverageRoute(app, find, checkNow);
}

/** What a list is ordered by; what comes first is told from the name by a character that neither has. */
const ORDERS = {
  name: sql<string>`lower(monitors.name)`,
  service: sql<string>`lower(services.name) || chr(1) || lower(monitors.name)`,
  kind: sql<string>`monitors.kind || chr(1) || lower(monitors.name)`,
  status: sql<string>`case when monitors.paused_at is not null then '5' else
    case monitors.status when 'down' then '1' when 'degraded' then '2' when 'unknown' then '3' else '4' end end
    || chr(1) || lower(monitors.name)`,
} as const;

function formJson(field: FormField): schema.FormField {
  switch (field.type) {
    case "select":
      return { ...field, options: [...field.options] };
    case "list":
      return { ...field, of: field.of.map(formJson) };
    default:
      return { ...field };
  }
}

/** The first sentence of a kind's page, on one line. */
const summaryOf = (docs: string): string =>
  (/^.+?[.!](?=\s|$)/s.exec(docs)?.[0] ?? docs).replaceAll("\n", " ").replaceAll("`", "");

/** The common fields that were sent, and the kind's own when any was. */
function changeOf(body: z.infer<typeof schema.monitorPatch>): MonitorChange {
  const { name, service, every, timeout, confirm, slow, severity, urgency, labels, keep } = body;
  const fields = kindFields(body);
  const given = { name, service, every, timeout, confirm, slow, severity, urgency, labels, keep };
  return { ...given, fields: Object.keys(fields).length > 0 ? fields : undefined };
}
