import { z } from "zod";
import { actorOf } from "../../org/request.ts";
import { toCsv } from "../../platform/csv.ts";
import { pageOf } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { listDeliveries } from "./list.ts";
import * as schema from "./schema.ts";

const tags = ["Pages"];
const MOST_LINES = 10_000;

/** The ledger of deliveries as something to search. */
export function deliveryRoutes(app: App, { db }: Platform): void {
  app.route({
    method: "GET",
    url: "/deliveries",
    schema: {
      tags,
      summary: "Search what was sent to people, with each try and what the provider said; newest first",
      querystring: schema.deliveriesQuery,
      response: { 200: pageOf(schema.ledgerEntry), ...problems },
    },
    handler: (request) => listDeliveries(db, actorOf(request), request.query),
  });

  app.route({
    method: "GET",
    url: "/deliveries.csv",
    schema: {
      tags,
      summary: "The same as CSV, one line a delivery, the newest 10,000 at most",
      querystring: schema.filters,
      response: { 200: z.string(), ...problems },
    },
    handler: async (request, reply) => {
      const { items } = await listDeliveries(db, actorOf(request), { ...request.query, limit: MOST_LINES });
      const lines = items.map((item) => Object.values(COLUMNS).map((read) => read(item)));
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="deliveries.csv"')
        .send(toCsv([Object.keys(COLUMNS), ...lines]));
    },
  });
}

const COLUMNS: Record<string, (item: schema.LedgerEntry) => string | number | null> = {
  id: (item) => item.id,
  created_at: (item) => item.created_at,
  person: (item) => item.person.name,
  email: (item) => item.person.email,
  incident: (item) => item.incident?.number ?? null,
  title: (item) => item.incident?.title ?? null,
  purpose: (item) => item.purpose,
  channel: (item) => item.channel,
  destination: (item) => item.destination,
  status: (item) => item.status,
  reason: (item) => item.reason,
  due_at: (item) => item.due_at,
  sent_at: (item) => item.sent_at,
  delivered_at: (item) => item.delivered_at,
  seen_at: (item) => item.seen_at,
  provider_id: (item) => item.provider_id,
  tries: (item) => item.attempts.length,
  last_outcome: (item) => item.attempts.at(-1)?.outcome ?? null,
  last_ms: (item) => item.attempts.at(-1)?.ms ?? null,
  last_detail: (item) => item.attempts.at(-1)?.detail ?? null,
};
