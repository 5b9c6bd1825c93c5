import { z } from "zod";
import { supportHours } from "../platform/hours/schema.ts";
import { id, instant, named, pageQuery, patchOf, slug } from "../platform/http/schema.ts";
import { inMaintenance, muted } from "./maintenance/schema.ts";

export const severity = z.enum(["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]);
export type Severity = z.infer<typeof severity>;
export const urgency = z.enum(["high", "low"]);
export type Urgency = z.infer<typeof urgency>;

export const runbook = z.union([
  z.object({ url: z.url() }).strict(),
  z.object({ markdown: z.string().max(100_000) }).strict(),
]);
export type Runbook = z.infer<typeof runbook>;

export const service = z
  .object({
    id,
    slug,
    name: z.string(),
    description: z.string(),
    team: named.nullable(),
    escalation_policy: named.nullable(),
    urgency,
    depends_on: z.array(named),
    runbook: runbook.nullable(),
    support_hours: supportHours.nullable().describe("outside of them low urgency waits; null: always on"),
    support: z
      .object({ open: z.boolean(), until: instant.nullable().describe("when that changes, if it does") })
      .nullable()
      .describe("whether its support hours are on now"),
    visibility: z.enum(["company", "team"]),
    managed_by: z.enum(["ui", "config"]),
    status: z.enum(["up", "degraded", "down", "unknown"]).describe("the worst of its monitors"),
    monitors: z.number().int(),
    open_incidents: z.number().int(),
    maintenance: inMaintenance.nullable().describe("the window it is in"),
    muted: muted.nullable().describe("the silence that holds all of its alerts"),
    created_at: instant,
  })
  .meta({ id: "Service" });
export type Service = z.infer<typeof service>;

export const serviceCreate = z.object({
  slug,
  name: z.string().trim().min(1).max(120),
  description: z.string().max(2000).default(""),
  team: slug.nullable().default(null),
  escalation_policy: slug.nullable().default(null),
  urgency: urgency.default("high"),
  depends_on: z.array(slug).default([]),
  runbook: runbook.nullable().default(null),
  support_hours: supportHours
    .nullable()
    .default(null)
    .describe("low-urgency alerts outside of these hours are held until they begin"),
  visibility: z.enum(["company", "team"]).default("company"),
});
export const servicePatch = patchOf(serviceCreate.omit({ slug: true }));
export const serviceQuery = pageQuery.extend({
  q: z.string().max(200).optional().describe("in name and slug"),
  team: slug.optional(),
});
