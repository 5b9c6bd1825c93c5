import { z } from "zod";
import { severity, urgency } from "../catalog/schema.ts";
import { restriction, weekday } from "../platform/hours/schema.ts";
import { duration, email, id, instant, named, patchOf, personRef, slug } from "../platform/http/schema.ts";
import { FINDINGS } from "./finding-kinds.ts";
import { MOST_SHIFTS } from "./schedule/list.ts";

const localDateTime = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/,
    "a local date and time without a zone, e.g. 2026-11-23T09:00",
  );

export { restriction };

export const listedShift = z
  .object({
    user: email.optional(),
    users: z.array(email).min(1).optional(),
    from: z.string().describe("local to the layer's zone, or an instant with an offset"),
    to: z.string(),
  })
  .strict();

/**
 * Turns: `starts`, `users` and either `rotation` or `every`; a seat is a person, several people, or null (vacant). Or
 * `shifts`, written out.
 */
export const layer = z
  .object({
    rotation: z.enum(["hourly", "daily", "weekly", "monthly"]).optional(),
    every: duration.optional(),
    starts: localDateTime.optional().describe("when the first turn begins"),
    ends: localDateTime.optional(),
    time_zone: z.string().optional(),
    users: z
      .array(z.union([email, z.array(email).min(1), z.null()]))
      .min(1, "name at least one person")
      .optional(),
    shifts: z
      .array(listedShift)
      .max(MOST_SHIFTS, "a layer lists 2,000 shifts at most; spread them over layers")
      .optional()
      .describe("instead of turns; where they overlap, all of them are on call"),
    days: z.array(weekday).min(1).optional(),
    only: z.array(restriction).min(1).optional(),
  })
  .strict();
export type LayerInput = z.infer<typeof layer>;

export const overrideInput = z
  .object({
    user: email.optional(),
    replaces: email.optional(),
    removes: email.optional(),
    adds: z.literal(true).optional(),
    from: z.string().describe("local to the schedule's zone, or an instant with an offset"),
    to: z.string(),
  })
  .strict();
export type OverrideInput = z.infer<typeof overrideInput>;

export const override = z.object({
  id,
  user: personRef.nullable(),
  replaces: personRef.nullable(),
  removes: personRef.nullable(),
  adds: z.boolean(),
  from: instant,
  to: instant,
  created_by: z.string(),
  managed_by: z.enum(["ui", "config"]),
});

export const schedule = z
  .object({
    id,
    slug,
    name: z.string(),
    time_zone: z.string(),
    team: named.nullable(),
    layers: z.array(layer),
    layers_from: instant
      .nullable()
      .describe(
        "when these layers take over from those in force, at the next hand-off; null when they are in force",
      ),
    overrides: z.array(override).describe("those that have not ended"),
    now: z.object({ users: z.array(personRef), until: instant.nullable(), next: z.array(personRef) }),
    managed_by: z.enum(["ui", "config"]),
  })
  .meta({ id: "Schedule" });
export const scheduleCreate = z.object({
  slug,
  name: z.string().trim().min(1).max(120),
  time_zone: z.string(),
  team: slug.nullable().default(null),
  layers: z.array(layer).min(1, "a schedule needs at least one layer"),
});
export const schedulePatch = patchOf(scheduleCreate.omit({ slug: true }));

export const shift = z.object({
  user: email,
  from: instant,
  to: instant,
  source: z.enum(["layer", "override"]),
  layer: z.number().int().nullable(),
});
export const shifts = z.object({
  items: z.array(shift),
  gaps: z.array(z.object({ from: instant, to: instant })),
  layers: z.array(z.array(shift)).optional().describe("each layer on its own, with ?layers=true"),
});
export const shiftsQuery = z.object({
  from: z
    .string()
    .optional()
    .describe("an instant, or local to the schedule's zone (also a day alone); now unless given"),
  to: z.string().optional().describe("30 days after `from` unless given"),
  layers: z.enum(["true", "false"]).default("false"),
});
export const preview = z
  .object({
    schedule: slug
      .optional()
      .describe("preview an edit of this schedule: with its overrides, from its next hand-off on"),
    time_zone: z.string(),
    layers: z.array(layer).min(1, "a schedule needs at least one layer"),
    days: z.number().int().min(1).max(120).default(28),
    from: z.string().optional().describe("as in the shifts of a schedule; now unless given"),
  })
  .strict();
export const previewed = shifts.required({ layers: true }).extend({
  layers_from: instant.nullable().describe("when the edit would take over; null for at once"),
  changes: z
    .array(z.object({ from: instant, to: instant, before: z.array(email), after: z.array(email) }))
    .describe("who would be on call instead; empty for a new schedule"),
});
export const onCallNow = z.object({
  at: instant,
  items: z.array(
    z.object({
      schedule: z.string(),
      name: z.string(),
      time_zone: z.string(),
      users: z.array(email),
      people: z.array(personRef),
      until: instant.nullable(),
      next: z.array(email),
      next_people: z.array(personRef),
      services: z.array(named),
    }),
  ),
});

export const target = z.union([
  z.object({ schedule: slug }).strict(),
  z.object({ user: email }).strict(),
  z.object({ team: slug }).strict(),
  z.object({ next: slug.describe("of this schedule whoever is on call next") }).strict(),
  z.object({ lead: slug.describe("who leads this team; its members if nobody does") }).strict(),
]);
export type TargetInput = z.infer<typeof target>;
export const level = z
  .object({
    targets: z.array(target).min(1, "name at least one target"),
    wait: duration.default("5m"),
    round_robin: z
      .boolean()
      .optional()
      .describe("page one of its people for each incident, in turn, instead of all of them"),
  })
  .strict();
export type LevelInput = z.infer<typeof level>;

/** Hours of the week in a time zone; with `outside` all others. */
const pathHours = restriction.extend({
  time_zone: z.string(),
  outside: z.literal(true).optional().describe("at all other times instead"),
});
export const path = z
  .object({
    name: z.string().trim().min(1).max(60),
    when: z
      .object({
        urgency: urgency.optional(),
        severity: z.array(severity).min(1).optional().describe("one of these"),
        labels: z
          .record(z.string(), z.string())
          .optional()
          .describe("all of them, on one of the incident's alerts"),
        hours: pathHours.optional(),
      })
      .strict()
      .describe("all that is given must hold"),
    levels: z.array(level).min(1, "a path needs at least one level"),
    repeat: z.number().int().min(0).max(20).default(0),
    fallback: z.array(target).default([]),
  })
  .strict();
export type PathInput = z.output<typeof path>;
const paths = z
  .array(path)
  .max(20)
  .describe(
    "other levels for some incidents: the first that fits when a round starts, or else the policy's own",
  );
const acknowledgeTimeout = duration
  .nullable()
  .describe("an acknowledgement that is not renewed for so long runs out, and it pages again");

export const policy = z
  .object({
    id,
    slug,
    name: z.string(),
    team: named.nullable(),
    repeat: z.number().int(),
    levels: z.array(level.extend({ targets: z.array(target) })),
    fallback: z.array(target),
    paths: z.array(path),
    acknowledge_timeout: z.string().nullable(),
    services: z.array(named),
    managed_by: z.enum(["ui", "config"]),
  })
  .meta({ id: "EscalationPolicy" });
export const policyCreate = z.object({
  slug,
  name: z.string().trim().min(1).max(120),
  team: slug.nullable().default(null),
  repeat: z.number().int().min(0).max(20).default(0),
  levels: z.array(level).min(1, "a policy needs at least one level"),
  fallback: z.array(target).default([]),
  paths: paths.optional(),
  acknowledge_timeout: acknowledgeTimeout.optional(),
});
export const policyPatch = patchOf(policyCreate.omit({ slug: true }));

export const notificationRules = z.object({
  high: z.array(z.object({ via: z.string(), after: duration.optional() }).strict()),
  low: z.array(z.object({ via: z.string(), after: duration.optional() }).strict()),
});

/** What makes it doubtful that pages reach somebody. */
export const finding = z.object({
  kind: z.enum(FINDINGS),
  serious: z.boolean().describe("a page may not wake them, or not reach them at all"),
  text: z.string(),
  methods: z.array(z.string()).describe("slugs of the contact methods it is about"),
});
export const findings = z.object({ items: z.array(finding) });
export const peopleFindings = z.object({
  items: z.array(z.object({ person: personRef, findings: z.array(finding) })),
});

export const simulateInput = z.object({
  service: slug,
  at: z
    .string()
    .optional()
    .describe("an instant, a time with [Europe/Paris] after it, or local to `time_zone`; now unless given"),
  time_zone: z.string().default("UTC").describe("of a time without an offset"),
  urgency: urgency.optional(),
  severity: severity.default("SEV3").describe("for policies with paths"),
  labels: z.record(z.string(), z.string()).default({}).describe("for policies with paths"),
  hours: z.number().min(0.1).max(72).default(4),
  answers: z
    .array(
      z
        .object({
          person: email,
          does: z.enum(["acknowledge", "resolve"]).default("acknowledge"),
          after: duration.default("0s").describe("since the first message that reaches them"),
        })
        .strict(),
    )
    .max(20)
    .default([])
    .describe("who answers; everybody else doesn't"),
});
export const simulation = z.object({
  at: instant.describe("when the service fails"),
  held_until: instant
    .nullable()
    .describe("low urgency outside of the service's support hours: it pages only when they begin"),
  policy: named.nullable(),
  path: z
    .object({ name: z.string().nullable(), because: z.string() })
    .nullable()
    .describe("which path of the policy is taken, and why; null for a policy without paths"),
  items: z.array(
    z.object({
      at: instant,
      after_ms: z.number(),
      paged_at: instant.describe("when the person's page is made, from which its rules count"),
      level: z.number().int(),
      repeat: z.number().int(),
      person: personRef,
      method: z.string(),
      channel: z.string(),
      waits: z.string().nullable().describe("why it comes later than the person's rule says"),
    }),
  ),
  answers: z
    .array(z.object({ at: instant, person: personRef, does: z.enum(["acknowledge", "resolve"]) }))
    .describe("those of the given answers that come"),
  notes: z.array(z.object({ at: instant, text: z.string() })),
});
