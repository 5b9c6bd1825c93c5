import { sql } from "kysely";
import { actorOf } from "../../org/request.ts";
import { allowedRows } from "../../org/visible.ts";
import { decodeCursor, toPage } from "../../platform/http/cursor.ts";
import { pageOf } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import * as schema from "./schema.ts";
import "./table.ts";

/** `/api/v1/change-events`: deploys and the like, as integrations told of them. */
export function changeRoutes(app: App, { db }: Platform): void {
  app.route({
    method: "GET",
    url: "/change-events",
    schema: {
      tags: ["Integrations"],
      summary: "What changed outside, newest first; kept 90 days",
      querystring: schema.changeQuery,
      response: { 200: pageOf(schema.changeEvent), ...problems },
    },
    handler: async (request) => {
      const { limit, cursor, service, from, to } = request.query;
      const after = decodeCursor(cursor, ["instant", "id"]);
      let query = db
        .selectFrom("change_events")
        .leftJoin("services", "services.id", "change_events.service_id")
        .leftJoin("integrations", "integrations.id", "change_events.integration_id")
        .selectAll("change_events")
        .select(["services.slug as service_slug", "services.name as service_name"])
        .select(["integrations.slug as integration_slug", "integrations.name as integration_name"])
        .where(
          allowedRows(actorOf(request), "read", {
            type: "change",
            team: "services.team_id",
            visibility: "services.visibility",
          }),
        );
      if (service) query = query.where("services.slug", "=", service);
      if (from) query = query.where("change_events.at", ">=", Temporal.Instant.from(from));
      if (to) query = query.where("change_events.at", "<", Temporal.Instant.from(to));
      if (after)
        query = query.where(
          sql<boolean>`(change_events.at, change_events.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
        );
      const rows = await query
        .orderBy("change_events.at", "desc")
        .orderBy("change_events.id", "desc")
        .limit(limit + 1)
        .execute();
      return toPage(rows, {
        limit,
        key: (row) => [row.at.toString(), row.id],
        item: (row) => ({
          ...{ id: row.id, summary: row.summary, source: row.source, details: row.details ?? null },
          ...{ at: row.at.toString(), received_at: row.received_at.toString() },
          links: row.links.map((link) => ({ ...link })),
          service: namedOr(row.service_slug, row.service_name),
          integration: namedOr(row.integration_slug, row.integration_name),
        }),
      });
    },
  });
}

const namedOr = (slug: string | null, name: string | null) =>
  slug !== null && name !== null ? { slug, name } : null;
