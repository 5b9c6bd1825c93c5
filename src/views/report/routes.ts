import { z } from "zod";
import type { Actor } from "../../org/actor.ts";
import { must } from "../../org/can.ts";
import { actorOf, byOf } from "../../org/request.ts";
import { checkTimeZone } from "../../org/time-zone.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { zoneOf } from "../zone.ts";
import { type ReportPorts, readReport } from "./read.ts";
import { reportMarkdown } from "./render.ts";
import * as schema from "./schema.ts";
import { switchReport } from "./settings.ts";

const tags = ["On call"];

/** The on-call report of a team's week, and whether its leads get it by mail. */
export function reportRoutes(app: App, platform: Platform, ports: ReportPorts): void {
  const { db, clock, url } = platform;

  async function read(viewer: Actor, query: z.output<typeof schema.reportQuery>): Promise<schema.Report> {
    must(viewer, "read", { type: "team" });
    const zone = query.time_zone === undefined ? await zoneOf(db, viewer) : checkTimeZone(query.time_zone);
    const week = query.week === undefined ? null : Temporal.PlainDate.from(query.week);
    return readReport(db, viewer, {
      asked: { team: query.team, week, zone, now: clock.now(), url },
      ports,
    });
  }

  app.route({
    method: "GET",
    url: "/oncall/report",
    schema: {
      tags,
      summary:
        "The on-call report of a team's week: incidents, who was on call, time to acknowledge, noise, gaps ahead",
      querystring: schema.reportQuery,
      response: { 200: schema.report, ...problems },
    },
    handler: (request) => read(actorOf(request), request.query),
  });

  app.route({
    method: "GET",
    url: "/oncall/report.md",
    schema: {
      tags,
      summary: "The same as Markdown",
      querystring: schema.reportQuery,
      response: { 200: z.string(), ...problems },
    },
    handler: async (request, reply) => {
      const report = await read(actorOf(request), request.query);
      return reply.type("text/markdown; charset=utf-8").send(reportMarkdown(report));
    },
  });

  app.route({
    method: "PUT",
    url: "/oncall/report/settings",
    schema: {
      tags,
      summary: "Whether a team's leads get the report by mail",
      body: schema.reportSettings,
      response: { 200: schema.reportSettings, ...problems },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => switchReport(tx, by, request.body));
      return request.body;
    },
  });
}
