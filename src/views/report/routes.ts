import { z } from "zod";
import type { Actor } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { must } from "../../org/can.ts";
import { actorOf, byOf } from "../../org/request.ts";
import { findTeam } from "../../org/teams.ts";
import { checkTimeZone } from "../../org/time-zone.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { zoneOf } from "../zone.ts";
import { type ReportPorts, readReport } from "./read.ts";
import { reportMarkdown } from "./render.ts";
import * as schema from "./schema.ts";
import "./table.ts";

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
      const { team: slug, on } = request.body;
      await inTransaction(db, async (tx) => {
        const { id, name } = await findTeam(tx, slug);
        must(by.actor, "edit", { type: "team", team: id });
        const changed = on
          ? await tx.deleteFrom("oncall_reports_off").where("team_id", "=", id).executeTakeFirst()
          : await tx
              .insertInto("oncall_reports_off")
              .values({ team_id: id, since: by.at })
              .onConflict((conflict) => conflict.doNothing())
              .executeTakeFirst();
        const count = "numDeletedRows" in changed ? changed.numDeletedRows : changed.numInsertedOrUpdatedRows;
        if (!count) return;
        const [before, after] = [{ weekly_report: !on }, { weekly_report: on }];
        await audit(tx, by, { action: "updated", type: "team", id, name, before, after });
      });
      return { team: slug, on };
    },
  });
}
