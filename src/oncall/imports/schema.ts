import { z } from "zod";
import { id, instant, personRef } from "../../platform/http/schema.ts";

export const calendarImport = z
  .object({
    id,
    user: personRef.nullable().describe("whose time away it is; null: whoever each event names"),
    host: z.string().describe("where it is read; the whole address is a secret"),
    words: z.array(z.string()),
    last_tried_at: instant.nullable(),
    last_read_at: instant.nullable(),
    failure: z.string().nullable().describe("why the last try failed; what was read before stays in force"),
    events: z.number().int().describe("times away that it says, from now on"),
    unmatched: z.array(z.string()).describe("titles of events that name nobody known"),
  })
  .meta({ id: "CalendarImport" });
export const calendarImportList = z.object({ items: z.array(calendarImport) });
export const calendarImportCreate = z
  .object({
    url: z.string().trim().max(2_000).describe("https, http or webcal"),
    user: z
      .string()
      .nullable()
      .optional()
      .describe(
        "by id or e-mail; whoever asks unless given; null: whoever each event names, by an attendee or the title",
      ),
    words: z.array(z.string().trim().min(1).max(60)).max(20).default([]),
  })
  .strict();
export type CalendarImportInput = z.output<typeof calendarImportCreate>;
