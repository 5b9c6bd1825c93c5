import { z } from "zod";
import { email, instant, personRef } from "../../platform/http/schema.ts";
import { layer } from "../schema.ts";

export const skill = z
  .object({ name: z.string().trim().min(1).max(60), people: z.array(email).min(1).max(200) })
  .strict();

export const proposal = z
  .object({
    as: z
      .enum(["shifts", "rotation"])
      .default("shifts")
      .describe("shifts: written out, around everybody's time away; rotation: the best order of a ring"),
    layer: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe(
        "propose for this layer alone, in its hours: needed where layers have different hours or zones",
      ),
    people: z
      .array(email)
      .min(1)
      .max(50)
      .optional()
      .describe("who takes part; those in the schedule's layers unless given"),
    from: z
      .string()
      .optional()
      .describe("local to the schedule's zone; the next turn after the next hand-off unless given"),
    weeks: z.number().int().min(1).max(52).default(12),
    turn: z
      .string()
      .regex(/^([1-9]|[12]\d)d$|^[1-4]w$/, 'a turn is a number of days or weeks, e.g. "1d" or "1w"')
      .optional()
      .describe("as long as the schedule's now unless given"),
    seats: z.number().int().min(1).max(5).default(1).describe("how many people are on call at once"),
    history_days: z
      .number()
      .int()
      .min(0)
      .max(400)
      .default(180)
      .describe("whose past load counts: who had more gets less"),
    constraints: z
      .object({
        back_to_back: z.boolean().default(false).describe("whether two turns in a row are allowed"),
        max_nights: z
          .object({ count: z.number().int().min(1).max(400), days: z.number().int().min(1).max(400) })
          .strict()
          .nullable()
          .default(null)
          .describe("at most so many nights for one person within any so many days"),
        time_off: z.boolean().default(true).describe("nobody is on call while they are out of office"),
        skills: z.array(skill).max(10).default([]).describe("somebody of each list must be in every turn"),
      })
      .strict()
      .prefault({}),
    seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("another seed, another proposal"),
  })
  .strict();
export type ProposalInput = z.output<typeof proposal>;

const carried = z.object({
  hours: z.number(),
  nights: z.number().int(),
  weekend_hours: z.number(),
  holidays: z.number().int(),
  points: z.number(),
  total_points: z.number().describe("with those of the history"),
});

export const proposed = z
  .object({
    from: instant,
    to: instant,
    time_zone: z.string(),
    turn: z.string(),
    shifts: z.array(z.object({ users: z.array(email), from: instant, to: instant })),
    order: z.array(email).nullable().describe("of the ring, for a rotation"),
    unmet: z
      .array(
        z.object({
          from: instant,
          to: instant,
          kind: z.enum(["open-seat", "skill", "away", "back-to-back", "nights"]),
          text: z.string(),
        }),
      )
      .describe("what can't be met, and why"),
    people: z.array(
      z.object({ person: personRef, history_points: z.number(), before: carried, after: carried }),
    ),
    balance: z.object({ before: z.number(), after: z.number() }).describe("per cent, history included"),
    spread: z
      .object({ before: z.number(), after: z.number() })
      .describe("points between who carries most and who carries least, history included"),
    layers: z
      .array(layer)
      .describe("all layers of the schedule with the proposal: send them as a PATCH to apply it"),
    applied_from: instant.describe("when those layers would take over"),
  })
  .meta({ id: "Proposal" });
export type ProposalJson = z.infer<typeof proposed>;
