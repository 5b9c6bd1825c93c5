import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { later, msBetween } from "../platform/clock.ts";
import { instant } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { invalid } from "../platform/refusal.ts";
import { readDays } from "./days.ts";
import { badgeList, badgesOf } from "./export/badge-routes.ts";
import { checksCsv } from "./export/csv.ts";
import { readSeries } from "./history.ts";
import type { MonitorRow } from "./monitor-json.ts";
import { DAY_MS, HOUR_MS, readChecks } from "./results/store.ts";
import * as schema from "./schema.ts";

const params = z.object({ slug: z.string() });
const range = z.object({ from: instant.optional(), to: instant.optional() });
const tags = ["Monitors"];

/** What was measured, in the shapes that charts, bars, spreadsheets and READMEs want. `find` refuses what may not be seen. */
export function historyRoutes(
  app: App,
  platform: Platform,
  find: (request: FastifyRequest<{ Params: { slug: string } }>) => Promise<MonitorRow>,
): void {
  const { db, clock } = platform;

  /** The span asked for, which ends now and is `lengthMs` long unless told. */
  function span({ from, to }: z.infer<typeof range>, limit: { lengthMs: number; days: number }) {
    const end = to ? Temporal.Instant.from(to) : clock.now();
    const start = from ? Temporal.Instant.from(from) : later(end, -limit.lengthMs);
    const lengthMs = msBetween(start, end);
    if (lengthMs <= 0 || lengthMs > limit.days * DAY_MS)
      throw invalid("/from", `The range must be positive and ${limit.days} days at the most.`);
    return { from: start, to: end };
  }

  app.route({
    method: "GET",
    url: "/monitors/:slug/series",
    schema: {
      tags,
      summary: "Response times and states over a range, the last hour unless told",
      params,
      querystring: range,
      response: { 200: schema.series, ...problems },
    },
    handler: async (request) => {
      const row = await find(request);
      return readSeries(db, row.id, span(request.query, { lengthMs: HOUR_MS, days: 400 }));
    },
  });

  app.route({
    method: "GET",
    url: "/monitors/:slug/days",
    schema: {
      tags,
      summary: "Seconds in each state per day, the last 90 days",
      params,
      querystring: z.object({
        days: z.coerce.number().int().min(1).max(400).default(90),
        time_zone: z.string().default("UTC"),
      }),
      response: { 200: schema.days, ...problems },
    },
    handler: async (request) => {
      const row = await find(request);
      const { days: count, time_zone: zone } = request.query;
      return { items: await readDays(db, row.id, { now: clock.now(), count, zone }) };
    },
  });

  app.route({
    method: "GET",
    url: "/monitors/:slug/checks.csv",
    schema: {
      tags,
      summary: "Single checks as CSV, the last day unless told",
      params,
      querystring: range,
      response: { 200: z.string(), ...problems },
    },
    handler: async (request, reply) => {
      const row = await find(request);
      const checks = await readChecks(db, row.id, span(request.query, { lengthMs: DAY_MS, days: 31 }));
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="${row.slug}-checks.csv"`)
        .send(checksCsv(checks));
    },
  });

  app.route({
    method: "GET",
    url: "/monitors/:slug/badges",
    schema: {
      tags,
      summary: "Pictures of its state for a README or a wiki, which anybody with the address may see",
      params,
      response: { 200: badgeList, ...problems },
    },
    handler: async (request) => ({ items: badgesOf(platform, await find(request)) }),
  });
}
