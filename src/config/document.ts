import { z } from "zod";
import { integrationCreate } from "../alert/integrations/schema.ts";
import { maintenanceCreate } from "../catalog/maintenance/schema.ts";
import { runbook, urgency } from "../catalog/schema.ts";
import { holidayListCreate } from "../oncall/fairness/schema.ts";
import { layer, level, overrideInput, path, target } from "../oncall/schema.ts";
import { role } from "../org/schema.ts";
import { quietHours, supportHours } from "../platform/hours/schema.ts";
import { duration, email, slug } from "../platform/http/schema.ts";
import { monitorCommon } from "../watch/schema.ts";

/**
 * Configuration as code: what a document may hold. Only `slug` (for users `email`) and what a thing cannot do
 * without are required. An absent key means its default, which is why `export` leaves defaults out.
 */
const name = z.string().trim().min(1).max(120);

export const teamEntry = z
  .object({
    slug,
    name: name.optional(),
    members: z.array(email).default([]),
    leads: z.array(email).default([]),
    lead: email.optional().describe("the same for one alone"),
    weekly_report: z
      .boolean()
      .optional()
      .describe("whether leads get the on-call report by mail; as it was unless given"),
  })
  .strict();

/** A channel's address beside the slug: `{slug: mail, email: ada@example.com}`. Which channels exist is checked with their own schemas. */
export const contactMethodEntry = z.object({ slug }).catchall(z.unknown());

const rule = z.object({ via: slug, after: duration.optional() }).strict();

/**
 * Name, role, time zone and notification rules are also a person's or an administrator's to set: a key that is left
 * out leaves them as they are. A new person is a responder in UTC, called by the first half of the address.
 */
export const userEntry = z
  .object({
    email,
    name: name.optional(),
    role: role.optional(),
    time_zone: z.string().optional(),
    contact_methods: z.array(contactMethodEntry).default([]),
    quiet_hours: quietHours.nullable().optional(),
    notification_rules: z
      .object({ high: z.array(rule).default([]), low: z.array(rule).default([]) })
      .strict()
      .optional(),
  })
  .strict();

export const scheduleEntry = z
  .object({
    slug,
    name: name.optional(),
    team: slug.nullable().default(null),
    time_zone: z.string().default("UTC"),
    layers: z.array(layer).min(1, "a schedule needs at least one layer"),
    overrides: z.array(overrideInput).default([]),
  })
  .strict();

export const policyEntry = z
  .object({
    slug,
    name: name.optional(),
    team: slug.nullable().default(null),
    repeat: z.number().int().min(0).max(20).default(0),
    levels: z.array(level).min(1, "a policy needs at least one level"),
    fallback: z.array(target).default([]),
    paths: z.array(path).default([]),
    acknowledge_timeout: duration.nullable().default(null),
  })
  .strict();

export const serviceEntry = z
  .object({
    slug,
    name: name.optional(),
    description: z.string().max(2000).default(""),
    team: slug.nullable().default(null),
    escalation_policy: slug.nullable().default(null),
    urgency: urgency.default("high"),
    depends_on: z.array(slug).default([]),
    runbook: runbook.nullable().default(null),
    support_hours: supportHours.nullable().default(null),
    visibility: z.enum(["company", "team"]).default("company"),
  })
  .strict();

/**
 * The common fields; what else stands there belongs to the kind and is checked with the kind's schema. Without
 * `paused` a pause made by hand stays.
 */
export const monitorEntry = monitorCommon
  .partial({ name: true })
  .extend({ paused: z.boolean().optional() })
  .catchall(z.unknown());

/** Planned work. Silences and mutes are made by hand and never stand here. */
export const maintenanceEntry = maintenanceCreate.extend({ slug, name: name.optional() });

/** Days that weigh more in the load of being on call. */
export const holidayListEntry = holidayListCreate.extend({ name: name.optional() });

/** An account that messages go through. Its kind's settings stand beside these and are checked with the kind's schema. */
export const providerEntry = z.object({ slug, kind: z.string() }).catchall(z.unknown());

/**
 * Where others' monitoring sends to. The kind's settings are checked with its own schema. Without `paused` a pause made
 * by hand stays; without `key` one is made, and stays.
 */
export const integrationEntry = integrationCreate.extend({
  key: z.string().optional(),
  paused: z.boolean().optional(),
});

export const document = z
  .object({
    keepwatch: z.literal(1, "write `keepwatch: 1` at the head: it is the format's version"),
    prune: z.boolean().default(false),
    providers: z.array(providerEntry).default([]),
    teams: z.array(teamEntry).default([]),
    users: z.array(userEntry).default([]),
    schedules: z.array(scheduleEntry).default([]),
    escalation_policies: z.array(policyEntry).default([]),
    services: z.array(serviceEntry).default([]),
    monitors: z.array(monitorEntry).default([]),
    integrations: z.array(integrationEntry).default([]),
    maintenance_windows: z.array(maintenanceEntry).default([]),
    holiday_lists: z.array(holidayListEntry).default([]),
  })
  .strict();
export type ConfigDocument = z.infer<typeof document>;

/** The sections in the order in which they are applied: what is pointed at comes before what points. */
export const SECTIONS = [
  "providers",
  "users",
  "teams",
  "schedules",
  "escalation_policies",
  "services",
  "monitors",
  "integrations",
  "maintenance_windows",
  "holiday_lists",
] as const;
export type Section = (typeof SECTIONS)[number];

/** What an entry is called: a user by address, everything else by slug. */
export const keyOf = (section: Section, entry: { slug?: string; email?: string }): string =>
  (section === "users" ? entry.email?.toLowerCase() : entry.slug) ?? "";
