import { z } from "zod";
import { actorOf, byOf } from "../../org/request.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { id } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { ReadUrl } from "../../platform/net/read-url.ts";
import type { Platform } from "../../platform/platform.ts";
import { readImport } from "./engine.ts";
import { addImport, importRow, importsFor, removeImport } from "./imports.ts";
import * as schema from "./schema.ts";

const tags = ["Users"];
const params = z.object({ id });

/** Calendars elsewhere that say when people are away. */
export function calendarImportRoutes(app: App, platform: Platform, readUrl: ReadUrl): void {
  const { db } = platform;
  const one = async (actor: Parameters<typeof importsFor>[1], wanted: string) =>
    (await importsFor(db, actor)).find((each) => each.id === wanted)!;

  app.route({
    method: "GET",
    url: "/calendar-imports",
    schema: {
      tags,
      summary: "Calendars that are read for time away: one's own, or as an administrator all",
      response: { 200: schema.calendarImportList, ...problems },
    },
    handler: async (request) => ({ items: await importsFor(db, actorOf(request)) }),
  });

  app.route({
    method: "POST",
    url: "/calendar-imports",
    schema: {
      tags,
      summary: "Read a calendar for time away; it is read at once, and then every 15 minutes",
      body: schema.calendarImportCreate,
      response: { 201: schema.calendarImport, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      const made = await inTransaction(db, (tx) => addImport(tx, by, request.body));
      await readImport(platform, { id: made, readUrl });
      return reply.status(201).send(await one(by.actor, made));
    },
  });

  app.route({
    method: "POST",
    url: "/calendar-imports/:id/read",
    schema: {
      tags,
      summary: "Read a calendar now",
      params,
      response: { 200: schema.calendarImport, ...problems },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const row = await importRow(db, actor, request.params.id);
      await readImport(platform, { id: row.id, readUrl });
      return one(actor, row.id);
    },
  });

  app.route({
    method: "DELETE",
    url: "/calendar-imports/:id",
    schema: {
      tags,
      summary: "Read a calendar no more; what it said is to come goes",
      params,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => removeImport(tx, by, request.params.id));
      return reply.status(204).send(null);
    },
  });
}
