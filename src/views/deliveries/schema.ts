import { z } from "zod";
import { delivery, deliveryStatus } from "../../page/schema.ts";
import { id, instant, pageQuery, personRef } from "../../platform/http/schema.ts";

export const filters = z.object({
  person: z.string().optional().describe("id or e-mail address"),
  channel: z.string().max(64).optional(),
  status: deliveryStatus.optional(),
  incident: z.string().optional().describe("id or number"),
  provider_id: z.string().max(500).optional().describe("the id by which the provider knows the message"),
  from: instant.optional().describe("written then or later"),
  to: instant.optional().describe("written before then"),
  q: z
    .string()
    .max(200)
    .optional()
    .describe("in the incident's title, the destination, the reason or what the provider said"),
});
export type Filters = z.output<typeof filters>;

export const deliveriesQuery = filters.extend(pageQuery.shape);

export const ledgerEntry = delivery
  .omit({ purpose: true })
  .extend({
    purpose: z.string(),
    person: personRef,
    incident: z.object({ id, number: z.number().int(), title: z.string() }).nullable(),
    page: id.nullable().describe("the page that it belongs to"),
    created_at: instant,
    delivered_at: instant.nullable(),
    seen_at: instant.nullable(),
    provider_id: z.string().nullable().describe("the id by which the provider knows the message"),
  })
  .meta({ id: "LedgerEntry" });
export type LedgerEntry = z.infer<typeof ledgerEntry>;
