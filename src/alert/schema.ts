import { z } from "zod";
import { severity, urgency } from "../catalog/schema.ts";
import { id, instant, named } from "../platform/http/schema.ts";
import { evidence } from "../watch/schema.ts";

const href = z.string();
/** What an integration sent beside the words; a monitor's alerts have a check's evidence. */
export const sentEvidence = z.object({
  kind: z.literal("sent"),
  details: z.unknown().nullable(),
  links: z.array(z.object({ href, text: z.string() })),
  images: z.array(z.object({ src: href, href: href.optional(), alt: z.string().optional() })),
});
export type SentEvidence = z.infer<typeof sentEvidence>;

export const alert = z
  .object({
    id,
    status: z.enum(["firing", "resolved"]),
    held: z
      .object({
        by: z.enum(["maintenance", "silence", "support_hours", "pause"]),
        until: instant.nullable(),
        name: z
          .string()
          .describe(
            "the maintenance window's, why it was silenced, or the service whose support hours begin then",
          ),
        ref: z.string().describe("the maintenance window's slug, the silence's id, the service's slug"),
      })
      .nullable()
      .describe("why it pages nobody"),
    title: z.string(),
    reason: z.string(),
    severity,
    urgency,
    labels: z.record(z.string(), z.string()),
    service: named.nullable(),
    source: z.object({ type: z.string(), slug: z.string(), name: z.string() }).nullable(),
    incident: z.object({ id, number: z.number().int() }).nullable(),
    evidence: z.union([sentEvidence, evidence]).nullable(),
    first_at: instant,
    last_at: instant,
    resolved_at: instant.nullable(),
  })
  .meta({ id: "Alert" });
export type AlertJson = z.infer<typeof alert>;
