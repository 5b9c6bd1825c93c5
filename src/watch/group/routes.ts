import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { maintenanceOf, windowsOn } from "../../catalog/maintenance/store.ts";
import { actorOf } from "../../org/request.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../platform/refusal.ts";
import { membersOf } from "../kinds/group/group.ts";
import { type MonitorRow, visibleMonitors } from "../monitor-json.ts";
import { groupMembers } from "../schema.ts";

/** `find` refuses what may not be seen. */
export function groupRoutes(
  app: App,
  { db, clock }: Platform,
  find: (request: FastifyRequest<{ Params: { slug: string } }>) => Promise<MonitorRow>,
): void {
  app.route({
    method: "GET",
    url: "/monitors/:slug/members",
    schema: {
      ...{ tags: ["Monitors"], summary: "The members of a group, in its order, and how they are" },
      params: z.object({ slug: z.string() }),
      response: { 200: groupMembers, ...problems },
    },
    handler: async (request) => {
      const group = await find(request);
      if (group.kind !== "group")
        throw new Refusal("conflict", `"${group.slug}" is of kind ${group.kind}: only a group has members.`);
      const slugs = membersOf(group.config);
      const rows = await visibleMonitors(db, actorOf(request)).where("monitors.slug", "in", slugs).execute();
      const windows = await windowsOn(db, clock.now());
      const items = rows
        .toSorted((a, b) => slugs.indexOf(a.slug) - slugs.indexOf(b.slug))
        .map((row) => ({
          ...{ id: row.id, slug: row.slug, name: row.name },
          ...{ status: row.status, since: row.status_since.toString() },
          paused: row.paused_at !== null,
          maintenance: isIn(windows, row),
          last_check: row.last_check,
        }));
      return { items, hidden: slugs.length - items.length };
    },
  });
}

const isIn = (
  windows: Awaited<ReturnType<typeof windowsOn>>,
  { slug, service_slug, labels }: MonitorRow,
): boolean => maintenanceOf(windows, { monitor: slug, service: service_slug, labels }) !== null;
