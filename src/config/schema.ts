import { z } from "zod";
import { instant, problemDetails } from "../platform/http/schema.ts";

export const configInput = z
  .object({
    files: z
      .array(z.object({ name: z.string().max(1000).describe("for messages"), text: z.string() }))
      .min(1, "send at least one file")
      .max(500),
    variables: z
      .record(z.string(), z.string())
      .default({})
      .describe("values for the references in the files, from the caller's own environment"),
    prune: z.boolean().default(false).describe("delete also what was made by hand and is not in the files"),
  })
  .strict();

export const configProblem = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  key: z.string().describe("e.g. monitors[0].expect.status"),
  message: z.string(),
});

export const configOutcome = z
  .object({
    changes: z.array(
      z.object({
        action: z.enum(["create", "update", "delete"]),
        section: z.string(),
        key: z.string().describe("a slug, for people the e-mail address"),
        fields: z
          .array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
          .describe("what differs; secrets are masked"),
      }),
    ),
    shifts: z
      .array(
        z.object({
          schedule: z.string(),
          time_zone: z.string(),
          from: instant,
          to: instant,
          before: z.array(z.string()),
          after: z.array(z.string()),
        }),
      )
      .describe("who else is on call in the next 30 days"),
    problems: z.array(configProblem),
  })
  .meta({ id: "ConfigOutcome" });
export type ConfigOutcome = z.infer<typeof configOutcome>;

/** What is wrong with the files, each problem at its line. */
export const configRefused = problemDetails
  .extend({ problems: z.array(configProblem) })
  .meta({ id: "ConfigProblem" });
