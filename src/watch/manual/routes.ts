import { z } from "zod";
import { byOf } from "../../org/request.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { parseDuration } from "../../platform/duration.ts";
import { duration } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { invalid } from "../../platform/refusal.ts";
import { setStatus } from "./manual.ts";

const YEAR_MS = 365 * 86_400_000;

const body = z
  .strictObject({
    status: z.enum(["up", "degraded", "down"]),
    reason: z.string().trim().max(500).default(""),
    for: duration.optional().describe("how long it holds; until somebody sets another, without it"),
  })
  .refine(({ status, reason }) => status === "up" || reason !== "", {
    path: ["reason"],
    message: "say why it is not up: whoever is paged reads it",
  });

export function manualRoutes(app: App, platform: Platform): void {
  app.route({
    method: "POST",
    url: "/monitors/:slug/status",
    schema: {
      tags: ["Monitors"],
      summary: "Set the status of a manual monitor",
      params: z.object({ slug: z.string() }),
      body,
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const { status, reason, for: held } = request.body;
      const input = { slug: request.params.slug, status, reason, forMs: lengthOf(held) };
      await inTransaction(platform.db, (tx) => setStatus(tx, byOf(platform, request), input));
      return reply.status(204).send(null);
    },
  });
}

function lengthOf(held: string | undefined): number | null {
  if (held === undefined) return null;
  const ms = parseDuration(held);
  if (ms === undefined) throw invalid("/for", `"${held}" is not a duration such as 30m or 2h.`);
  if (ms < 1_000 || ms > YEAR_MS) throw invalid("/for", "A status holds for a second to a year.");
  return ms;
}
