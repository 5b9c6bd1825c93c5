import { z } from "zod";
import { createService } from "../catalog/services.ts";
import { must } from "../org/can.ts";
import { actorOf, byOf } from "../org/request.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { missing } from "../platform/refusal.ts";
import { createMonitor } from "../watch/monitors.ts";
import { monitorCommon } from "../watch/schema.ts";
import type { MailCatcher } from "./mail-catcher.ts";
import type { SampleShop } from "./sample-shop.ts";
import * as schema from "./schema.ts";

const tags = ["Sample shop"];
const SLUG = "sample-shop";

/** The sample shop's switchboard, and in the demo the mails that were caught. */
export function demoRoutes(
  app: App,
  platform: Platform,
  { shop, mails }: { shop: SampleShop; mails: MailCatcher | undefined },
): void {
  const { db } = platform;

  async function show(): Promise<z.infer<typeof schema.sampleShop>> {
    const row = await db.selectFrom("monitors").select("slug").where("slug", "=", SLUG).executeTakeFirst();
    return { url: shop.url, mode: shop.mode, monitor: row?.slug ?? null };
  }

  app.route({
    method: "GET",
    url: "/sample-shop",
    schema: {
      tags,
      summary: "The shop that comes with Keepwatch",
      response: { 200: schema.sampleShop, ...problems },
    },
    handler: async (request) => {
      actorOf(request);
      return show();
    },
  });

  app.route({
    method: "POST",
    url: "/sample-shop",
    schema: {
      tags,
      summary: "Break it or mend it",
      body: z.object({ mode: schema.shopMode }),
      response: { 200: schema.sampleShop, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "edit", { type: "sample shop", team: actorOf(request).teamScope });
      await shop.set(request.body.mode);
      return show();
    },
  });

  app.route({
    method: "POST",
    url: "/sample-shop/watch",
    schema: {
      tags,
      summary: "Watch it: a service and a monitor",
      response: { 200: schema.sampleShop, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "edit", { type: "sample shop", team: actorOf(request).teamScope });
      if ((await show()).monitor === null) {
        await inTransaction(db, async (tx) => {
          const by = byOf(platform, request);
          await createService(tx, by, { slug: SLUG, name: "Sample shop", runbook: { markdown: RUNBOOK } });
          await createMonitor(tx, by, {
            ...monitorCommon.parse({
              slug: SLUG,
              name: "Sample shop front page",
              kind: "http",
              service: SLUG,
              every: "10s",
              timeout: "5s",
              confirm: { failures: 2, retry_every: "1s" },
              severity: "SEV2",
              labels: { sample_shop: "true" },
            }),
            fields: {
              url: shop.url,
              expect: { status: "200-299", body_contains: "Add to basket", latency: "1s" },
            },
          });
        });
      }
      return show();
    },
  });

  app.route({
    method: "GET",
    url: "/caught-mail",
    schema: {
      tags,
      summary: "In the demo: the mails that would have been sent, newest first",
      response: { 200: z.object({ items: z.array(schema.caughtMail), next: z.null() }), ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "administer", { type: "mail catcher" });
      if (!mails) throw missing("mail catcher: mail is sent for real here");
      return { items: mails.list(), next: null };
    },
  });
}

const RUNBOOK = `1. Open the shop and look at what a customer sees.
2. Press **Mend it** on the monitor's page.
3. Watch the incident resolve itself.
`;
