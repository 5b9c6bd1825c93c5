import { z } from "zod";
import type { Actor } from "../org/actor.ts";
import { actorOf } from "../org/request.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { lastEnd, yesterdayIn } from "./numbers.ts";
import * as schema from "./schema.ts";
import { searchEverything } from "./search.ts";
import { serviceBars } from "./service-bars.ts";
import { todaySince } from "./today.ts";
import { zoneOf } from "./zone.ts";

/** What the overview shows of folders that it may not import; `main` hands it in. */
export interface ViewPorts {
  /** Open incidents that the actor may see. */
  burning(actor: Actor): Promise<schema.Overview["burning"]>;
  onCall(actor: Actor, at: Temporal.Instant): Promise<schema.Overview["on_call"]>;
  /** How many checks were planned, and how many of them ran on time. */
  coverage(): { planned: number; onTime: number };
}

export function viewsRoutes(app: App, platform: Platform, ports: ViewPorts): void {
  const { db, url } = platform;
  app.route({
    method: "GET",
    url: "/overview",
    schema: {
      tags: ["Overview"],
      summary: "Is anything wrong, and who has it? Days are the reader's own",
      response: { 200: schema.overview, ...problems },
    },
    handler: async (request) => overviewFor(platform, actorOf(request), ports),
  });
  app.route({
    method: "GET",
    url: "/search",
    schema: {
      tags: ["Overview"],
      summary: "Find incidents, monitors, services, postmortems, schedules and people by name or number",
      querystring: z.object({ q: z.string().max(200).default("") }),
      response: { 200: schema.search, ...problems },
    },
    handler: async (request) => ({
      items: await searchEverything(db, { actor: actorOf(request), url, q: request.query.q }),
    }),
  });
}

async function overviewFor(
  { db, clock, url }: Platform,
  actor: Actor,
  ports: ViewPorts,
): Promise<schema.Overview> {
  const now = clock.now();
  const zone = await zoneOf(db, actor);
  const midnight = now.toZonedDateTimeISO(zone).startOfDay().toInstant();
  // One query at a time: every open browser asks for this, and the pager shares the connections.
  const burning = await ports.burning(actor);
  const ended = burning.length > 0 ? null : await lastEnd(db, actor);
  const services = await serviceBars(db, { actor, now, zone });
  const onCall = await ports.onCall(actor, now);
  const yesterday = await yesterdayIn(db, { actor, now, zone });
  const today = await todaySince(db, { actor, url, from: midnight });
  const { planned, onTime } = ports.coverage();
  return {
    burning,
    quiet_since: ended?.toString() ?? null,
    services,
    on_call: onCall,
    yesterday,
    today,
    coverage: { planned, on_time: onTime, ratio: planned === 0 ? null : onTime / planned },
  };
}
