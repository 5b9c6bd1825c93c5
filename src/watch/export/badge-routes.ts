import { z } from "zod";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { missing } from "../../platform/refusal.ts";
import { type Figures, readFigures } from "../history.ts";
import { type MonitorRow, monitorRows } from "../monitor-json.ts";
import { type Badge, badgeSvg, responseBadge, statusBadge, uptimeBadge } from "./badge.ts";

/** Keeps these signatures apart from every other use of the installation's secret. */
const PURPOSE = "badge";
const KEY_LENGTH = 22;
const CACHE_SECONDS = 60;

export const BADGES = ["status", "uptime-24h", "uptime-30d", "response"] as const;
type BadgeName = (typeof BADGES)[number];

/**
 * A badge is a picture that anybody may see who was given its address: a README's readers have no account. The key in
 * the address can't be guessed, and shows nothing but what the badge says.
 */
const keyOf = ({ secrets }: Pick<Platform, "secrets">, monitorId: string): string =>
  secrets.sign(PURPOSE, monitorId).slice(0, KEY_LENGTH);

/** The addresses of a monitor's badges, each with the Markdown that shows it. */
export function badgesOf(platform: Platform, monitor: { id: string; name: string }) {
  return BADGES.map((name) => {
    const url = `${platform.url}/badge/${monitor.id}/${keyOf(platform, monitor.id)}/${name}.svg`;
    const alt = monitor.name.replace(/[[\]\\]/g, "\\$&");
    return { name, url, markdown: `![${alt}](${url})` };
  });
}

export const badgeList = z.object({
  items: z.array(z.object({ name: z.enum(BADGES), url: z.string(), markdown: z.string() })),
});

/** Serves the pictures; registered outside the API, because they are shown to strangers. */
export function badgeRoutes(app: App, platform: Platform): void {
  app.route({
    method: "GET",
    url: "/badge/:id/:key/:file",
    schema: {
      hide: true,
      params: z.object({ id: z.string(), key: z.string(), file: z.string() }),
      querystring: z.object({ label: z.string().max(60).optional() }),
      response: { 200: z.string(), ...problems },
    },
    handler: async (request, reply) => {
      const { id, key, file } = request.params;
      const name = BADGES.find((each) => file === `${each}.svg`);
      // Looked at only with the right key, so that a stranger learns nothing of what there is.
      const isRight = z.uuid().safeParse(id).success && key === keyOf(platform, id);
      const row =
        isRight && name
          ? await monitorRows(platform.db).where("monitors.id", "=", id).executeTakeFirst()
          : undefined;
      if (!row || !name) throw missing("badge at this address");
      const figures = (await readFigures(platform.db, [row.id], platform.clock.now())).get(row.id);
      const badge = make(name, { row, figures, label: request.query.label });
      return reply
        .type("image/svg+xml; charset=utf-8")
        .header("cache-control", `public, max-age=${CACHE_SECONDS}`)
        .header("access-control-allow-origin", "*")
        .header("cross-origin-resource-policy", "cross-origin")
        .send(badgeSvg(badge));
    },
  });
}

interface Shown {
  row: MonitorRow;
  figures: Figures | undefined;
  label: string | undefined;
}

function make(name: BadgeName, { row, figures, label }: Shown): Badge {
  switch (name) {
    case "status":
      return statusBadge(label ?? row.name, row.paused_at === null ? row.status : "paused");
    case "uptime-24h":
      return uptimeBadge(label ?? "uptime 24 h", figures?.uptime.day ?? null);
    case "uptime-30d":
      return uptimeBadge(label ?? "uptime 30 d", figures?.uptime.month ?? null);
    case "response":
      return responseBadge(label ?? "response", figures?.latency.p50 ?? null);
  }
}
