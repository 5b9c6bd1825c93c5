import { z } from "zod";
import { incident } from "../incident/schema.ts";
import { onCallNow } from "../oncall/schema.ts";
import { id, instant, named } from "../platform/http/schema.ts";
import { day, monitorStatus } from "../watch/schema.ts";

export const overview = z.object({
  burning: z.array(incident),
  quiet_since: instant
    .nullable()
    .describe("when the last incident ended; null when one burns or none ever was"),
  services: z.array(
    named.extend({
      status: monitorStatus,
      team: named.nullable(),
      monitors: z.number().int(),
      days: z.array(day),
      uptime: z.number().nullable(),
    }),
  ),
  on_call: onCallNow.shape.items,
  yesterday: z.object({
    checks: z.number().int(),
    failed: z.number().int(),
    incidents: z.number().int(),
    pages: z.number().int(),
    acknowledge_ms: z.number().nullable().describe("median time to acknowledge"),
  }),
  today: z.array(z.object({ at: instant, type: z.string(), text: z.string(), url: z.string().nullable() })),
  coverage: z.object({ planned: z.number(), on_time: z.number(), ratio: z.number().nullable() }),
});
export type Overview = z.infer<typeof overview>;

export const search = z.object({
  items: z.array(
    z.object({
      type: z.string(),
      id: z.string().optional(),
      title: z.string(),
      subtitle: z.string(),
      url: z.string(),
    }),
  ),
});

/** One message of the live stream: what changed; `data` is the object as its own endpoint would give it, when small. */
export const liveEvent = z.object({
  type: z.enum([
    "incident",
    "alert",
    "monitor",
    "check",
    "page",
    "timeline",
    "postmortem",
    "oncall",
    "maintenance",
    "problem",
    "silence",
    "integration",
    "installation",
  ]),
  id,
  data: z.unknown().optional(),
});
