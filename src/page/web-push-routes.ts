import { z } from "zod";
import { actorOf } from "../org/request.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../platform/refusal.ts";
import { noProvider } from "./channels/channel.ts";
import { openProviders } from "./providers/providers.ts";
import { webPushSettings } from "./providers/web-push.ts";

/** What a browser must know before it can be connected. */
export function webPushRoutes(app: App, platform: Platform): void {
  app.route({
    method: "GET",
    url: "/web-push",
    schema: {
      tags: ["Contact methods"],
      summary: "The public key (VAPID) that a browser's push subscription is made for",
      response: {
        200: z.object({ public_key: z.string().describe("an uncompressed point on P-256, base64url") }),
        ...problems,
      },
    },
    handler: async (request) => {
      actorOf(request);
      const [provider] = await openProviders(platform.db, platform.secrets, ["web_push"]);
      if (!provider) throw new Refusal("conflict", noProvider("Web push"));
      return { public_key: webPushSettings.parse(provider.settings).public_key };
    },
  });
}
