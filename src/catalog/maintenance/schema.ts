import { z } from "zod";
import { duration, id, instant, named, pageQuery, patchOf, slug } from "../../platform/http/schema.ts";

const localTime = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/,
    "a local time without a zone, e.g. 2026-12-05T22:00; the zone is `time_zone`",
  );

/** When it happens: once, from `starts` to `ends`, or by `rrule` for `duration` each time. */
const timing = z.object({
  time_zone: z.string().default("UTC"),
  starts: localTime.describe("local to time_zone; with rrule, the first time of day that it may begin"),
  ends: localTime.nullable().default(null).describe("local to time_zone; not with rrule"),
  rrule: z
    .string()
    .max(500)
    .nullable()
    .default(null)
    .describe("RFC 5545, e.g. FREQ=WEEKLY;BYDAY=SU, on the wall clock of time_zone"),
  duration: duration
    .nullable()
    .default(null)
    .describe("with rrule: how long each one is, in time that passes"),
});

const slugs = z.array(slug).max(1000).default([]);

export const maintenanceCreate = timing
  .extend({
    slug: slug.optional().describe("made from the name when absent"),
    name: z.string().trim().min(1).max(120),
    description: z.string().max(2000).default(""),
    everything: z.boolean().default(false),
    services: slugs,
    monitors: slugs,
    labels: z.record(z.string(), z.string()).default({}).describe("what has all of these is in it"),
    exclude_from_uptime: z.boolean().default(true),
  })
  .strict();
export type MaintenanceInput = z.output<typeof maintenanceCreate>;
export const maintenancePatch = patchOf(maintenanceCreate.omit({ slug: true }));
export type MaintenanceChange = z.output<typeof maintenancePatch>;
export const maintenancePreview = timing.strict();

const period = z.object({ from: instant, to: instant });

export const maintenanceWindow = z
  .object({
    id,
    slug,
    name: z.string(),
    description: z.string(),
    everything: z.boolean(),
    services: z.array(named),
    monitors: z.array(named),
    labels: z.record(z.string(), z.string()),
    time_zone: z.string(),
    starts: z.string(),
    ends: z.string().nullable(),
    rrule: z.string().nullable(),
    duration: duration.nullable(),
    exclude_from_uptime: z.boolean(),
    state: z.enum(["on", "planned", "over"]),
    since: instant.nullable().describe("since when it is on"),
    until: instant.nullable().describe("when what goes on ends"),
    next: period.nullable().describe("the next one that begins"),
    sentence: z.string().describe("when it happens, in words"),
    managed_by: z.enum(["ui", "config"]),
    created_by: z.string(),
    created_at: instant,
  })
  .meta({ id: "MaintenanceWindow" });
export type MaintenanceWindow = z.infer<typeof maintenanceWindow>;

export const maintenanceQuery = pageQuery.extend({
  state: z.string().optional().describe("on, planned or over, several with commas"),
  service: slug.optional(),
  monitor: slug.optional(),
});

/** The next occurrences of a timing that is being written. */
export const preview = z.object({ items: z.array(period), sentence: z.string() });

/** The window in which something is right now. */
export const inMaintenance = z
  .object({ slug, name: z.string(), until: instant })
  .meta({ id: "InMaintenance" });
export type InMaintenance = z.infer<typeof inMaintenance>;

/** The silence that holds all that a service or monitor says, and until when. */
export const muted = z
  .object({ id, until: instant, reason: z.string(), by: z.string() })
  .meta({ id: "Muted" });
export type Muted = z.infer<typeof muted>;
