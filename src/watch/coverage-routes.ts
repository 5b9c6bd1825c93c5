import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { type App, problems } from "../platform/http/server.ts";
import { missing } from "../platform/refusal.ts";
import type { MonitorRow } from "./monitor-json.ts";
import type { CheckNow } from "./routes.ts";
import * as schema from "./schema.ts";

/** How many of a monitor's planned checks were made. `find` refuses what may not be seen. */
export function coverageRoute(
  app: App,
  find: (request: FastifyRequest<{ Params: { slug: string } }>) => Promise<MonitorRow>,
  checkNow: CheckNow,
): void {
  app.route({
    method: "GET",
    url: "/monitors/:slug/coverage",
    schema: {
      tags: ["Monitors"],
      summary: "Planned and performed checks since the prober's start",
      params: z.object({ slug: z.string() }),
      response: { 200: schema.coverage, ...problems },
    },
    handler: async (request) => {
      const row = await find(request);
      const counted = await checkNow.coverage?.(row.id);
      if (!counted) throw missing(`coverage of "${row.slug}": it is not being checked`);
      const { planned, onTime, late, skipped } = counted;
      return { planned, on_time: onTime, late, skipped, ratio: planned === 0 ? null : onTime / planned };
    },
  });
}
