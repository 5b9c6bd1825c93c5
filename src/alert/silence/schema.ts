import { z } from "zod";
import { severity } from "../../catalog/schema.ts";
import { duration, id, instant, pageQuery, slug } from "../../platform/http/schema.ts";

const someSlugs = z.array(slug).min(1).max(1000);

/** All parts that are given must match; of a list, any one. */
export const matchers = z
  .object({
    services: someSlugs,
    monitors: someSlugs,
    severities: z.array(severity).min(1),
    text: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .describe("in the title or in a label (`key=value`), in whatever case"),
    labels: z
      .record(z.string(), z.string())
      .refine((labels) => Object.keys(labels).length > 0, "give at least one label"),
  })
  .partial()
  .strict()
  .refine(
    (given) => Object.values(given).some((part) => part !== undefined),
    "say what to silence: services, monitors, severities, text or labels",
  );

const howLong = {
  for: duration.optional().describe('from now on, e.g. "30m"'),
  until: instant.optional().describe("instead of `for`"),
};
const reason = z.string().trim().max(1000);

export const silenceCreate = z.object({ matchers, ...howLong, reason: reason.default("") }).strict();
export const silencePatch = z.object({ ...howLong, reason: reason.optional() }).strict();
/** Body of POST /monitors/{slug}/mute and /services/{slug}/mute. */
export const mute = z.object({ ...howLong, reason: reason.default("") }).strict();

export const silence = z
  .object({
    id,
    matchers: z.object({
      services: z.array(z.string()).optional(),
      monitors: z.array(z.string()).optional(),
      severities: z.array(severity).optional(),
      text: z.string().optional(),
      labels: z.record(z.string(), z.string()).optional(),
      problems: z.array(z.string()).optional().describe("these very problems, as an incident left them"),
    }),
    sentence: z.string().describe("what it is about, in words"),
    reason: z.string(),
    on: z.boolean(),
    until: instant,
    ended_at: instant.nullable(),
    ended_by: z.string().nullable(),
    held: z.number().int().describe("firing alerts that it holds"),
    created_by: z.string(),
    created_at: instant,
  })
  .meta({ id: "Silence" });
export type SilenceJson = z.infer<typeof silence>;

export const silenceQuery = pageQuery.extend({ on: z.enum(["true", "false"]).optional() });
