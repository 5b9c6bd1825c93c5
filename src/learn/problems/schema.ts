import { z } from "zod";
import { severity } from "../../catalog/schema.ts";
import { id, instant, named } from "../../platform/http/schema.ts";

/** Where the fix stands: nobody promised one, promised, shipped, proved by time; or it may stay as it is. */
export const problemState = z.enum(["open", "fix_promised", "fix_shipped", "verified", "accepted_risk"]);
export type ProblemState = z.infer<typeof problemState>;

/** Why something fails, or what sets it off. */
const word = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'use a word in lower-case letters, digits and dashes, e.g. "capacity"');

export const verdict = z.enum(["same_cause", "same_symptom", "unrelated"]);
export type Verdict = z.infer<typeof verdict>;

/** The five honest answers to "why again?". */
export const whyAgain = z.enum(["not_done", "ineffective", "did_not_cover", "regressed", "accepted_risk"]);
export type WhyAgain = z.infer<typeof whyAgain>;

const openAction = z.object({
  id,
  title: z.string(),
  owner: z.string().nullable(),
  due: z.string().nullable(),
  url: z.string(),
});

export const problemSummary = z
  .object({
    id,
    number: z.number().int(),
    title: z.string(),
    state: problemState,
    cause: z.string(),
    trigger: z.string(),
    service: named.nullable(),
    incidents: z.number().int(),
    repeats: z.number().int(),
    open_actions: z.number().int(),
    overdue_actions: z.number().int(),
    first_at: instant.nullable(),
    last_at: instant.nullable(),
    url: z.string(),
  })
  .meta({ id: "ProblemSummary" });

export const problem = problemSummary
  .extend({
    mechanism: z.string(),
    accepted_because: z.string().nullable(),
    occurrences: z.array(
      z.object({
        incident: z.object({
          id,
          number: z.number().int(),
          title: z.string(),
          severity,
          opened_at: instant,
          resolved_at: instant.nullable(),
          url: z.string(),
        }),
        repeat: z.boolean(),
        why_again: whyAgain.nullable(),
        why_again_text: z.string(),
        open_actions: z.array(openAction).describe("what was promised and still open when it happened"),
        confirmed_by: z.string(),
        confirmed_at: instant,
      }),
    ),
    postmortems: z.array(z.object({ id, title: z.string(), state: z.string(), url: z.string() })),
    actions: z.array(
      openAction.extend({ state: z.enum(["open", "done", "wont_do"]), reason: z.string().nullable() }),
    ),
    can_edit: z.boolean(),
  })
  .meta({ id: "FailureProblem" });

export const problemQuery = z.object({
  state: z.string().optional().describe("one or several states, separated by commas"),
  service: z.string().optional().describe("the slug of a service"),
  cause: z.string().optional(),
  q: z.string().max(200).optional(),
});

export const problemPatch = z
  .object({
    title: z.string().trim().min(1).max(200),
    mechanism: z.string().max(20_000),
    state: problemState,
    accepted_because: z.string().trim().max(2_000).nullable(),
    cause: word,
    trigger: word,
  })
  .partial()
  .strict();

export const problemCreate = z
  .object({
    incident: id.describe("its first occurrence"),
    title: z.string().trim().min(1).max(200).optional(),
    cause: word.optional(),
    trigger: word.optional(),
  })
  .strict();

export const problemMerge = z
  .object({ into: z.number().int().describe("the number of the problem that stays") })
  .strict();

export const saidVerdict = z.object({ other: id.describe("the earlier incident"), verdict }).strict();

export const saidWhyAgain = z
  .object({ why_again: whyAgain, text: z.string().trim().max(5_000).default("") })
  .strict();
