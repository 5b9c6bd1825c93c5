import { z } from "zod";
import { runbook, severity, urgency } from "../catalog/schema.ts";
import { email, id, instant, named, personRef, slug } from "../platform/http/schema.ts";

export const incidentStatus = z.enum(["triggered", "acknowledged", "resolved"]);
export type IncidentStatus = z.infer<typeof incidentStatus>;

/** An alert as its incident shows it. */
export const incidentAlert = z.object({
  id,
  status: z.enum(["firing", "resolved"]),
  title: z.string(),
  reason: z.string(),
  source: z.object({ type: z.string(), slug: z.string(), name: z.string() }).nullable(),
  evidence: z.unknown().nullable(),
  first_at: instant,
  last_at: instant,
  resolved_at: instant.nullable(),
});

export const incident = z
  .object({
    id,
    number: z.number().int(),
    title: z.string(),
    summary: z.string(),
    status: incidentStatus,
    severity,
    urgency,
    service: named.nullable(),
    team: named.nullable(),
    runbook: runbook.nullable(),
    alerts: z.array(incidentAlert),
    acknowledged_by: personRef.nullable(),
    acknowledged_at: instant.nullable(),
    acknowledged_until: instant.nullable(),
    acknowledgement_expires_at: instant
      .nullable()
      .describe("by the policy's acknowledge_timeout: unless renewed by then, it pages again"),
    resolved_by: personRef.nullable(),
    resolution: z.string().nullable(),
    started_at: instant.describe("when it began to fail, the first failing check"),
    opened_at: instant,
    resolved_at: instant.nullable(),
    url: z.string(),
    round: z.number().int(),
    policy: named
      .extend({
        path: z.object({ name: z.string().nullable(), because: z.string() }).nullable(),
        copied_at: instant.nullable().describe("the incident follows the policy as it was then"),
        acknowledge_timeout_ms: z.number().nullable(),
      })
      .nullable(),
    next_escalation: z
      .object({ at: instant, level: z.number().int(), people: z.array(personRef), text: z.string() })
      .nullable()
      .describe("whom the next level would page, and when"),
    paged: z.array(personRef),
    reached: z
      .boolean()
      .describe(
        "false when nobody is paged in this round, or no message to anybody could be delivered so far",
      ),
    responders: z
      .array(
        z.object({
          person: personRef,
          asked_by: z.string(),
          asked_at: instant,
          message: z.string(),
          answer: z.enum(["accepted", "declined"]).nullable(),
          answered_at: instant.nullable(),
        }),
      )
      .describe("people who were asked for help"),
    follows: z.object({ id, number: z.number().int() }).nullable(),
    postmortem: z.object({ id, title: z.string(), state: z.string(), url: z.string() }).nullable(),
    problem: z
      .object({
        number: z.number().int(),
        title: z.string(),
        state: z.string(),
        url: z.string(),
        repeat: z.boolean(),
        why_again: z.string().nullable(),
      })
      .nullable()
      .describe("the class of failure it was confirmed to be of"),
    similar: z.array(z.unknown()),
  })
  .meta({ id: "Incident" });
export type Incident = z.infer<typeof incident>;

export const incidentQuery = z.object({
  status: z.string().optional().describe("comma-separated: triggered,acknowledged,resolved"),
  service: slug.optional(),
  severity: z.string().optional(),
  q: z.string().max(200).optional(),
});

export const declare = z.object({
  title: z.string().trim().min(1).max(200),
  summary: z.string().max(10_000).default(""),
  service: slug.nullable().default(null),
  severity: severity.default("SEV3"),
  urgency: urgency.optional(),
  escalation_policy: slug.optional(),
});
export const acknowledge = z.object({ until: instant.optional() }).default({});
export const snooze = z.object({ minutes: z.number().int().min(1).max(10_080) });
export const resolve = z
  .object({
    note: z.string().max(10_000).optional(),
    still_failing: z
      .enum(["really_fixed", "silence"])
      .optional()
      .describe(
        "required while an alert still fires: look again in 5 minutes, or silence it until `silence_until`",
      ),
    silence_until: instant.optional().describe("with silence: until then what still fires pages nobody"),
  })
  .default({});
export const reassign = z.union([
  z.object({ user: email }).strict(),
  z.object({ escalation_policy: slug }).strict(),
]);
export const addResponders = z
  .object({
    users: z.array(email).max(50).optional(),
    teams: z.array(slug).max(20).optional().describe("all their members"),
    schedules: z.array(slug).max(20).optional().describe("who is on call in them now"),
    message: z.string().trim().max(500).optional().describe("what they read with the page"),
  })
  .strict();
export const answerResponder = z.object({ answer: z.enum(["accepted", "declined"]) }).strict();
export const policyInUse = z.object({
  slug: z.string(),
  name: z.string(),
  copied_at: instant.nullable(),
  path: z.object({ name: z.string().nullable(), because: z.string() }).nullable(),
  lines: z.array(z.string()).describe("what it says, as this incident follows it"),
  changes: z
    .array(z.string())
    .describe("what has been changed in the policy since; nothing of it counts here"),
});
export const note = z.object({ text: z.string().trim().min(1).max(10_000) });
export const merge = z.object({ into: id });
export const incidentPatch = z
  .object({ title: z.string().trim().min(1).max(200), summary: z.string().max(10_000), severity, urgency })
  .partial();

export const timelineEntry = z
  .object({
    id,
    at: instant,
    kind: z.string(),
    actor: z.object({
      type: z.enum(["user", "token", "system", "monitor", "integration", "link", "config"]),
      name: z.string(),
    }),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
    starred: z.boolean(),
  })
  .meta({ id: "TimelineEntry" });
export type TimelineEntry = z.infer<typeof timelineEntry>;
