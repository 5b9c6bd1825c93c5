import { sql } from "kysely";
import { z } from "zod";
import { must } from "../org/can.ts";
import { type PagingPause, pagingPause } from "../org/installation.ts";
import { actorOf } from "../org/request.ts";
import { allowedRows } from "../org/visible.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import { id, pageOf, pageQuery } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { missing } from "../platform/refusal.ts";
import * as schema from "./schema.ts";
import "./table.ts";

const tags = ["Alerts"];

const alertRows = (db: DbOrTx) =>
  db
    .selectFrom("alerts")
    .leftJoin("services", "services.id", "alerts.service_id")
    .leftJoin("incidents", "incidents.id", "alerts.incident_id")
    .selectAll("alerts")
    .select([
      "services.slug as service_slug",
      "services.name as service_name",
      "services.team_id as team",
      "services.visibility as visibility",
      "incidents.number as incident_number",
    ]);

type AlertRow = Awaited<ReturnType<ReturnType<typeof alertRows>["execute"]>>[number];

/** Of an alert that is over: what held it at its end. While nobody is paged at all, that holds every other one. */
function heldJson(row: AlertRow, pause: PagingPause | null): schema.AlertJson["held"] {
  if (row.held_by) {
    const until = row.held_until?.toString() ?? null;
    return { by: row.held_by, until, name: row.held_name ?? "", ref: row.held_ref ?? "" };
  }
  if (!pause || row.status === "resolved") return null;
  return { by: "pause", until: pause.until.toString(), name: `Paging is paused by ${pause.by}`, ref: "" };
}

const alertJson = (row: AlertRow, pause: PagingPause | null): schema.AlertJson => ({
  id: row.id,
  status: row.status,
  held: heldJson(row, pause),
  title: row.title,
  reason: row.reason,
  severity: row.severity,
  urgency: row.urgency,
  labels: row.labels,
  service: row.service_slug && row.service_name ? { slug: row.service_slug, name: row.service_name } : null,
  source: row.source ?? null,
  incident:
    row.incident_id && row.incident_number ? { id: row.incident_id, number: row.incident_number } : null,
  evidence: (row.evidence ?? null) as schema.AlertJson["evidence"],
  first_at: row.first_at.toString(),
  last_at: row.last_at.toString(),
  resolved_at: row.resolved_at?.toString() ?? null,
});

export function alertRoutes(app: App, platform: Platform): void {
  const { db } = platform;

  app.route({
    method: "GET",
    url: "/alerts",
    schema: {
      tags,
      summary: "List alerts, newest first",
      querystring: pageQuery.extend({
        status: z.enum(["firing", "resolved"]).optional(),
        service: z.string().optional(),
        held: z.enum(["true", "false"]).optional().describe("by maintenance, a silence or support hours"),
      }),
      response: { 200: pageOf(schema.alert), ...problems },
    },
    handler: async (request) => {
      const { limit, cursor, status, service, held } = request.query;
      const after = decodeCursor(cursor, ["instant", "id"]);
      let query = alertRows(db).where(
        allowedRows(actorOf(request), "read", {
          type: "alert",
          team: "services.team_id",
          visibility: "services.visibility",
        }),
      );
      if (status) query = query.where("alerts.status", "=", status);
      if (service) query = query.where("services.slug", "=", service);
      if (held) query = query.where("alerts.held_by", held === "true" ? "is not" : "is", null);
      if (after) {
        query = query.where(
          sql<boolean>`(alerts.first_at, alerts.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
        );
      }
      const rows = await query
        .orderBy("alerts.first_at", "desc")
        .orderBy("alerts.id", "desc")
        .limit(limit + 1)
        .execute();
      const pause = await pagingPause(db, platform.clock.now());
      const item = (row: AlertRow) => alertJson(row, pause);
      return toPage(rows, { limit, key: (row) => [row.first_at.toString(), row.id], item });
    },
  });

  app.route({
    method: "GET",
    url: "/alerts/:id",
    schema: {
      tags,
      summary: "Show an alert",
      params: z.object({ id }),
      response: { 200: schema.alert, ...problems },
    },
    handler: async (request) => {
      const row = await alertRows(db).where("alerts.id", "=", request.params.id).executeTakeFirst();
      if (!row) throw missing(`alert ${request.params.id}`);
      must(actorOf(request), "read", {
        type: "alert",
        team: row.team,
        visibility: row.visibility ?? "company",
      });
      return alertJson(row, await pagingPause(db, platform.clock.now()));
    },
  });
}
