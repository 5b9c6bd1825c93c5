import { z } from "zod";

export const localTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day "HH:MM", 00:00 to 23:59');
export const weekday = z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

/** `from` and `to` go together; without them: whole days. */
export const restriction = z
  .object({
    days: z.array(weekday).min(1).optional(),
    from: localTime.optional(),
    to: localTime.optional(),
  })
  .strict();

/** Hours of the week, some of them at least. */
export const weekHours = z.array(restriction).min(1, "name at least one stretch of hours").max(14);

export const supportHours = z
  .object({
    time_zone: z.string().describe("an IANA name"),
    hours: weekHours.describe("each belongs to the day on which it begins, and may cross midnight"),
    except: z.array(z.iso.date()).max(400).default([]).describe("days on which no hours begin: holidays"),
  })
  .strict();
export type SupportHours = z.output<typeof supportHours>;

/** Hours of the week in a person's own time zone. */
export const quietHours = weekHours.describe(
  "low-urgency pages wait until they end; in the person's own time zone",
);
export type QuietHours = z.output<typeof quietHours>;
