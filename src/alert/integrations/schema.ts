import { z } from "zod";
import { severity, urgency } from "../../catalog/schema.ts";
import { duration, id, instant, named, pageQuery, patchOf, slug } from "../../platform/http/schema.ts";
import { formField } from "../../watch/schema.ts";

export const integrationKey = z
  .string()
  .regex(
    /^[\w.~-]{8,128}$/,
    "a key is 8 to 128 letters, digits and - _ . ~; 32 hexadecimal digits suit every sender",
  );

const severities = z
  .record(
    z.string().min(1).max(60),
    z.object({ severity: severity.optional(), urgency: urgency.optional() }).strict(),
  )
  .describe('what a word of theirs means here: {"page": {"severity": "SEV1", "urgency": "high"}}');

const fields = z.object({
  name: z.string().trim().min(1).max(120),
  service: slug.nullable().default(null).describe("whose alerts they are, unless an event names another"),
  settings: z.record(z.string(), z.unknown()).default({}).describe("the kind's own"),
  severity: severity.nullable().default(null).describe("for events that say nothing of it; null: SEV3"),
  urgency: urgency
    .nullable()
    .default(null)
    .describe("for events that say nothing of it; null: the service's"),
  severities: severities.default({}),
  auto_resolve_after: duration
    .nullable()
    .default(null)
    .describe("an alert of which nothing was heard for so long is resolved; null: never"),
  rate_limit: z.number().int().min(1).max(1_000_000).default(6_000).describe("requests a minute"),
});

export const integrationCreate = fields
  .extend({
    slug,
    kind: z.string(),
    name: fields.shape.name.optional(),
    key: integrationKey.optional().describe("one is made when it is left out"),
    paused: z.boolean().default(false),
  })
  .strict();
export type IntegrationCreate = z.output<typeof integrationCreate>;

export const integrationPatch = patchOf(fields).strict();
export type IntegrationPatch = z.output<typeof integrationPatch>;

export const integrationQuery = pageQuery.extend({ kind: z.string().optional(), service: slug.optional() });

const outcome = z.enum(["understood", "not_understood", "refused", "ignored"]);

export const integration = z
  .object({
    id,
    slug,
    name: z.string(),
    kind: z.string(),
    title: z.string().describe("the kind's name for people"),
    service: named.nullable(),
    settings: z.record(z.string(), z.unknown()).describe("secret ones left out"),
    severity: severity.nullable(),
    urgency: urgency.nullable(),
    severities,
    auto_resolve_after: z.string().nullable(),
    rate_limit: z.number().int(),
    paused: z.boolean(),
    state: z
      .enum(["waiting", "working", "not_understood", "paused"])
      .describe("waiting: nothing has come yet"),
    last_received: z.object({ at: instant, outcome, why: z.string().nullable() }).nullable(),
    firing: z.number().int().describe("alerts of it that fire now"),
    managed_by: z.enum(["ui", "config"]),
    may_edit: z.boolean(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: "Integration" });
export type IntegrationJson = z.infer<typeof integration>;

/** Only where the key was just made. */
export const integrationWithKey = integration.extend({
  key: z.string().describe("shown this once"),
  url: z.string().describe("where to send to"),
  setup: z.string().describe("how to set it up over there, in Markdown"),
});

export const integrationKind = z.object({
  kind: z.string(),
  title: z.string(),
  docs: z.string(),
  setup: z.string().describe("in Markdown, with KEY in place of the key"),
  form: z.array(formField),
  examples: z.array(
    z.object({
      name: z.string(),
      body: z.string(),
      content_type: z.string(),
      path: z.string().describe("empty: /in/{key}"),
    }),
  ),
});
export type IntegrationKindJson = z.infer<typeof integrationKind>;

export const receivedBrief = z
  .object({
    id,
    received_at: instant,
    method: z.string(),
    path: z.string(),
    content_type: z.string().nullable(),
    size: z.number().int(),
    outcome,
    why: z.string().nullable(),
    events: z.array(z.object({ action: z.string(), dedup_key: z.string() })),
  })
  .meta({ id: "ReceivedEvent" });
export const received = receivedBrief.extend({
  headers: z.record(z.string(), z.string()),
  body: z.string().describe("as text; the key is left out"),
});
export type ReceivedJson = z.infer<typeof received>;

export const tryInput = z.object({ body: z.string().max(524_288), content_type: z.string().default("") });
export const tryResult = z.object({
  outcome: z.enum(["understood", "not_understood", "refused"]),
  why: z.string().nullable(),
  events: z.array(
    z.object({
      action: z.string(),
      dedup_key: z.string(),
      title: z.string().nullable(),
      reason: z.string(),
      severity: severity.nullable(),
      urgency: urgency.nullable(),
      labels: z.record(z.string(), z.string()),
      service: z.string().nullable(),
    }),
  ),
  changes: z.array(z.object({ summary: z.string(), at: instant })),
});

const link = z.object({ href: z.string(), text: z.string() });
export const changeEvent = z
  .object({
    id,
    at: instant,
    received_at: instant,
    summary: z.string(),
    source: z.string(),
    links: z.array(link),
    details: z.unknown().nullable(),
    service: named.nullable(),
    integration: named.nullable(),
  })
  .meta({ id: "ChangeEvent" });
export const changeQuery = pageQuery.extend({
  service: slug.optional(),
  from: instant.optional(),
  to: instant.optional(),
});
