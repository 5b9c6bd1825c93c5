import { z } from "zod";

export const shiftReminders = z
  .object({
    before_hours: z
      .array(z.number().int().min(1).max(168))
      .max(5)
      .describe("how many hours before a shift begins; none: not before"),
    at_start: z.boolean(),
    at_end: z.boolean(),
  })
  .strict()
  .meta({ id: "ShiftReminders" });
export type Reminders = z.output<typeof shiftReminders>;
