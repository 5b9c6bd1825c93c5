import { z } from "zod";
import { createRateLimit } from "../../org/rate-limit.ts";
import { actorOf, byOf } from "../../org/request.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { parseDuration } from "../../platform/duration.ts";
import { id } from "../../platform/http/schema.ts";
import { type App, problems, toProblem } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { invalid, missing, Refusal } from "../../platform/refusal.ts";
import { createFeed, listFeeds, revokeFeed, rotateFeed } from "./feeds.ts";
import { readFeed } from "./read-feed.ts";
import * as schema from "./schema.ts";

const tags = ["Schedules"];
const params = z.object({ id });
/** As the addresses are made; anything else isn't looked for. */
const FILE = /^([\w-]{43})\.ics$/;
/** Programs ask a few times an hour. */
const MOST_READS = { window: 60, max: 30 };
const MOST_FROM_ONE_PLACE = { window: 60, max: 300 };
const CACHE_SECONDS = 60;
const LONGEST_REMINDER_MINUTES = 14 * 24 * 60;

/** Making, listing, rotating and ending the secret addresses; part of the API. */
export function calendarFeedRoutes(app: App, platform: Platform): void {
  const { db } = platform;
  app.route({
    method: "GET",
    url: "/calendar-feeds",
    schema: {
      tags,
      summary: "List calendar feeds: one's own, or as an administrator all",
      response: { 200: schema.calendarFeedList, ...problems },
    },
    handler: async (request) => ({ items: await listFeeds(db, actorOf(request)) }),
  });
  app.route({
    method: "POST",
    url: "/calendar-feeds",
    schema: {
      tags,
      summary: "Make a secret address at which calendar programs read shifts",
      body: schema.calendarFeedCreate,
      response: { 201: schema.calendarFeedMade, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      return reply.status(201).send(await inTransaction(db, (tx) => createFeed(tx, by, request.body)));
    },
  });
  app.route({
    method: "POST",
    url: "/calendar-feeds/:id/rotate",
    schema: {
      tags,
      summary: "Give a calendar feed another secret address; the old one ends",
      params,
      response: { 200: schema.calendarFeedMade, ...problems },
    },
    handler: (request) => {
      const by = byOf(platform, request);
      return inTransaction(db, (tx) => rotateFeed(tx, by, request.params.id));
    },
  });
  app.route({
    method: "DELETE",
    url: "/calendar-feeds/:id",
    schema: {
      tags,
      summary: "End a calendar feed",
      params,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => revokeFeed(tx, by, request.params.id));
      return reply.status(204).send(null);
    },
  });
}

/**
 * `/calendar/{token}.ics`, to be registered at the root: calendar programs have no account, so whoever has the address
 * reads it. `?remind=1h` adds a reminder to each shift. The address is never logged.
 */
export function calendarRoute(app: App, platform: Platform): void {
  void app.register((scope: App, _options, done) => {
    const feeds = createRateLimit(platform.clock);
    const places = createRateLimit(platform.clock);
    scope.addHook("onRequest", async (request, reply) => {
      reply.headers({ "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow" });
      const place = await places.consume(request.ip, MOST_FROM_ONE_PLACE);
      const file = (request.params as { file?: string }).file ?? "";
      const { allowed, retryAfter } = place.allowed ? await feeds.consume(file, MOST_READS) : place;
      if (allowed) return;
      reply.header("retry-after", String(retryAfter));
      throw new Refusal("too_many", "This calendar is read too often; a few times an hour are enough.");
    });
    scope.setErrorHandler((error, request, reply) => {
      const problem = toProblem(error);
      if (problem.status >= 500)
        platform.log.error({ error, url: "/calendar/…", method: request.method }, "a calendar failed");
      return reply
        .status(problem.status)
        .header("cache-control", "no-store")
        .type("application/problem+json")
        .send(JSON.stringify(problem));
    });
    scope.route({
      method: "GET",
      url: "/calendar/:file",
      schema: {
        hide: true,
        params: z.object({ file: z.string() }),
        querystring: z.object({ remind: z.string().optional() }),
      },
      handler: async (request, reply) => {
        const token = FILE.exec(request.params.file)?.[1];
        if (token === undefined) throw missing("calendar at this address");
        const remindMinutes = readReminder(request.query.remind);
        const feed = await inTransaction(platform.db, (tx) =>
          readFeed(tx, platform, { token, remindMinutes }),
        );
        reply.headers({
          etag: feed.etag,
          "last-modified": new Date(feed.changedAt.epochMilliseconds).toUTCString(),
          "cache-control": `private, max-age=${CACHE_SECONDS}`,
        });
        if (isKnown(request.headers["if-none-match"], feed.etag)) return reply.status(304).send();
        return reply
          .type("text/calendar; charset=utf-8")
          .header("content-disposition", 'inline; filename="on-call.ics"')
          .send(feed.body);
      },
    });
    done();
  });
}

function readReminder(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const minutes = (parseDuration(text) ?? Number.NaN) / 60_000;
  if (Number.isInteger(minutes) && minutes <= LONGEST_REMINDER_MINUTES) return minutes;
  throw invalid(
    "/remind",
    `"${text}" is not a reminder; write whole minutes, hours or days, e.g. 30m or 1h.`,
  );
}

/** A proxy that compresses may mark the tag as weak. */
const isKnown = (header: string | undefined, etag: string): boolean =>
  (header ?? "").split(",").some((each) => each.trim().replace(/^W\//, "") === etag || each.trim() === "*");
