import { z } from "zod";
import { actorOf } from "../../org/request.ts";
import { slug } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { proposeRotation } from "./propose.ts";
import * as schema from "./schema.ts";

/** A fair rotation for the next weeks. Applying it is an ordinary change of the schedule's layers. */
export function generatorRoutes(app: App, { db, clock }: Platform): void {
  app.route({
    method: "POST",
    url: "/schedules/:slug/propose",
    schema: {
      tags: ["Schedules"],
      summary: "Propose who is on call in the next weeks, as fair as can be under constraints; saves nothing",
      params: z.object({ slug }),
      body: schema.proposal,
      response: { 200: schema.proposed, ...problems },
    },
    handler: (request) =>
      proposeRotation(db, actorOf(request), {
        ...{ slug: request.params.slug, input: request.body, now: clock.now() },
      }),
  });
}
