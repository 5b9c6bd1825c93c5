import { z } from "zod";
import { id, instant, personRef, slug } from "../../platform/http/schema.ts";

const stretch = z.object({ from: instant, to: instant });
const moment = z.string().describe("an instant, or local to the schedule's time zone");

export const shiftOffer = z
  .object({
    id,
    kind: z.enum(["swap", "cover", "away"]).describe("a shift to come, from now on, or for time away"),
    state: z.enum(["open", "taken", "declined", "withdrawn", "expired", "moved"]),
    schedule: z.object({ slug: z.string(), name: z.string(), time_zone: z.string() }),
    owner: personRef.describe("who is on call then, and stays so until somebody takes it"),
    from: instant,
    to: instant,
    asked: z.array(personRef).nullable().describe("null: everybody of the schedule and its team"),
    note: z.string(),
    expires_at: instant,
    taken_by: personRef.nullable(),
    moved: z.boolean().describe("the shift was changed after it was offered or taken"),
    declined: z.array(personRef),
    trades: z.array(stretch.extend({ user: personRef })).describe("who would take it in exchange for what"),
    may_take: z.boolean(),
    may_withdraw: z.boolean(),
    created_at: instant,
  })
  .meta({ id: "ShiftOffer" });
export const shiftOfferList = z.object({ items: z.array(shiftOffer) });
export const shiftOfferQuery = z.object({ schedule: slug.optional() });

export const shiftOfferCreate = z
  .object({
    schedule: slug,
    kind: z.enum(["swap", "cover"]).default("swap").describe("cover: from now on, whatever `from` says"),
    from: moment.optional().describe("left out: now"),
    to: moment,
    user: z.string().optional().describe("whose shift it is, by e-mail; whoever asks unless given"),
    asked: z
      .array(z.string())
      .min(1, "name somebody, or leave it out to ask everybody")
      .nullable()
      .default(null)
      .describe("people by e-mail; null asks everybody of the schedule and its team"),
    note: z.string().trim().max(500).default(""),
    expires: moment.optional().describe("until when it can be taken; the end of the shift unless given"),
  })
  .strict();
export type ShiftOfferInput = z.output<typeof shiftOfferCreate>;
export const tradeInput = z
  .object({ from: moment, to: moment })
  .strict()
  .describe("a stretch of your own shifts on the same schedule, which the other one is to take");
