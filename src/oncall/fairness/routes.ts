import { z } from "zod";
import type { Actor } from "../../org/actor.ts";
import { must } from "../../org/can.ts";
import { actorOf, byOf } from "../../org/request.ts";
import { findTeam } from "../../org/teams.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { slug } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { invalid, missing } from "../../platform/refusal.ts";
import { readMoment, readRange } from "../schedule-json.ts";
import { scheduleResource } from "../schedules.ts";
import { scheduleRows, withRules } from "../stored.ts";
import { fairnessCsv } from "./csv.ts";
import { fairnessOf, type PagesWithin } from "./fairness.ts";
import { createHolidayList, deleteHolidayList, holidayLists, updateHolidayList } from "./holidays.ts";
import * as schema from "./schema.ts";

export interface FairnessPorts {
  /** Pages about what the viewer may see. */
  pagesFor(viewer: Actor): PagesWithin;
}

type Query = z.output<typeof schema.fairnessQuery>;
const tags = ["On call"];

/** Who carries how much of being on call, and the holidays that weigh in it. */
export function fairnessRoutes(app: App, platform: Platform, ports: FairnessPorts): void {
  const { db, clock } = platform;

  async function answer(viewer: Actor, query: Query): Promise<schema.FairnessJson> {
    if (query.schedule && query.team)
      throw invalid("/team", "Ask for a schedule or for a team, not for both at once.");
    const now = clock.now();
    const team = query.team ? await findTeam(db, query.team) : undefined;
    const rows = await scheduleRows(db)
      .$if(query.schedule !== undefined, (q) => q.where("schedules.slug", "=", query.schedule!))
      .$if(team !== undefined, (q) => q.where("schedules.team_id", "=", team!.id))
      .orderBy("schedules.name")
      .orderBy("schedules.slug")
      .execute();
    if (query.schedule && rows.length === 0) throw missing(`schedule "${query.schedule}"`);
    for (const row of rows) must(viewer, "read", scheduleResource(row.team_id));
    const timeZone = query.schedule ? rows[0]!.time_zone : "UTC";
    const zone = { timeZone, now };
    const { from, to } = readRange(spanOf(query, zone), zone);
    const schedules = await withRules(db, rows, { at: now, since: from });
    const members = team
      ? await db.selectFrom("team_members").select("user_id").where("team_id", "=", team.id).execute()
      : [];
    return fairnessOf(db, {
      ...{ from, to, now, schedules, members: members.map((row) => row.user_id) },
      ...{ onlyOnCall: Boolean(query.schedule ?? query.team), pages: ports.pagesFor(viewer) },
    });
  }

  app.route({
    method: "GET",
    url: "/fairness",
    schema: {
      tags,
      summary: "Who carries how much of being on call: hours, nights, weekends, holidays, pages",
      querystring: schema.fairnessQuery,
      response: { 200: schema.fairness, ...problems },
    },
    handler: (request) => answer(actorOf(request), request.query),
  });

  app.route({
    method: "GET",
    url: "/fairness.csv",
    schema: {
      tags,
      summary: "The same as CSV, one line a person",
      querystring: schema.fairnessQuery,
      response: { 200: z.string(), ...problems },
    },
    handler: async (request, reply) => {
      const found = await answer(actorOf(request), request.query);
      const name = request.query.schedule ?? request.query.team ?? "everybody";
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="on-call-load-${name}.csv"`)
        .send(fairnessCsv(found));
    },
  });

  holidayRoutes(app, platform);
}

/** 90 days back unless told; with `from` alone, 90 days from there. */
function spanOf({ from, to }: Query, zone: { timeZone: string; now: Temporal.Instant }) {
  const days = 90;
  if (from !== undefined) return { from, to, days };
  const end = to === undefined ? zone.now : readMoment(to, { pointer: "/to", timeZone: zone.timeZone });
  return { from: end.subtract({ hours: days * 24 }).toString(), to: end.toString(), days };
}

function holidayRoutes(app: App, platform: Platform): void {
  const { db } = platform;
  const params = z.object({ slug });

  async function show(slug: string): Promise<schema.HolidayListJson> {
    const found = (await holidayLists(db)).find((list) => list.slug === slug);
    if (!found) throw missing(`list of holidays "${slug}"`);
    return found;
  }

  app.route({
    method: "GET",
    url: "/holiday-lists",
    schema: {
      tags,
      summary: "List the lists of holidays",
      response: { 200: schema.holidayLists, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "read", { type: "list of holidays" });
      return { items: await holidayLists(db) };
    },
  });

  app.route({
    method: "POST",
    url: "/holiday-lists",
    schema: {
      tags,
      summary: "Write down holidays of teams, schedules or everybody",
      body: schema.holidayListCreate,
      response: { 201: schema.holidayList, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => createHolidayList(tx, by, request.body));
      return reply.status(201).send(await show(request.body.slug));
    },
  });

  app.route({
    method: "PATCH",
    url: "/holiday-lists/:slug",
    schema: {
      tags,
      summary: "Change a list of holidays",
      params,
      body: schema.holidayListPatch,
      response: { 200: schema.holidayList, ...problems },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      const { slug } = request.params;
      await inTransaction(db, (tx) => updateHolidayList(tx, by, { ...request.body, slug }));
      return show(slug);
    },
  });

  app.route({
    method: "DELETE",
    url: "/holiday-lists/:slug",
    schema: { tags, summary: "Delete a list of holidays", params, response: { 204: z.null(), ...problems } },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => deleteHolidayList(tx, by, request.params.slug));
      return reply.status(204).send(null);
    },
  });
}
