import { z } from "zod";
import { must } from "../org/can.ts";
import { actorOf } from "../org/request.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { findIncident } from "./list.ts";
import { whyPaged } from "./why-paged.ts";
import { personRecord } from "./why-record.ts";

/** "Why was I (not) paged?" */
export function whyRoutes(app: App, { db }: Platform): void {
  app.route({
    method: "GET",
    url: "/incidents/:id/why",
    schema: {
      tags: ["Incidents"],
      summary: "Why a person was paged about the incident, or was not, in a sentence",
      params: z.object({ id: z.string().describe("the incident's id or its number") }),
      querystring: z.object({ person: z.string().describe("the person's id or e-mail address") }),
      response: {
        200: z.object({
          paged: z.boolean().describe("whether any message about it left for them"),
          sentence: z.string(),
        }),
        ...problems,
      },
    },
    handler: async (request) => {
      const found = await findIncident(db, request.params.id);
      must(actorOf(request), "read", { type: "incident", ...found });
      return whyPaged(await personRecord(db, { incidentId: found.id, person: request.query.person }));
    },
  });
}
