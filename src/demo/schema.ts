import { z } from "zod";
import { instant } from "../platform/http/schema.ts";

export const shopMode = z.enum(["fine", "errors", "slow", "wrong", "gone"]);
export const sampleShop = z
  .object({
    url: z.string(),
    mode: shopMode,
    monitor: z.string().nullable().describe("slug of the monitor that watches it, when there is one"),
  })
  .meta({ id: "SampleShop" });
export const caughtMail = z.object({
  id: z.number().int(),
  at: instant,
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
});
