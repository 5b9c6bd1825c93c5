import { z } from "zod";
import { id, instant, named, personRef, slug } from "../../platform/http/schema.ts";

export const outOfOffice = z
  .object({
    id,
    from: instant,
    to: instant,
    source: z.enum(["manual", "ical"]),
    summary: z.string(),
  })
  .meta({ id: "OutOfOffice" });
export const outOfOfficeCreate = z
  .object({
    from: z
      .string()
      .describe("an instant, or local to the person's time zone; a day alone means its beginning"),
    to: z
      .string()
      .describe("the end, which is not part of it; a day alone means the whole day, as people say it"),
    summary: z.string().trim().max(200).default(""),
  })
  .strict();
export type OutOfOfficeInput = z.output<typeof outOfOfficeCreate>;
export const outOfOfficeList = z.object({ items: z.array(outOfOffice) });

export const calendarFeed = z
  .object({
    id,
    user: personRef,
    schedule: named.nullable().describe("null: all shifts of the person"),
    created_at: instant,
    last_read_at: instant.nullable(),
  })
  .meta({ id: "CalendarFeed" });
export const calendarFeedMade = calendarFeed.extend({
  url: z.string().describe("the secret address, shown this once"),
  webcal: z.string().describe("the same, as calendar programs open it"),
});
export const calendarFeedCreate = z
  .object({
    schedule: slug.nullable().default(null).describe("a schedule's shifts; without it the person's own"),
    user: z.string().optional().describe("whose feed it is, by id or e-mail; whoever asks unless given"),
  })
  .strict();
export const calendarFeedList = z.object({ items: z.array(calendarFeed) });
