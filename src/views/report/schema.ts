import { z } from "zod";
import { personLoad } from "../../oncall/fairness/schema.ts";
import { instant, named, personRef, slug } from "../../platform/http/schema.ts";

export const reportQuery = z.object({
  team: slug,
  week: z.iso
    .date("write any day of the week, e.g. 2026-11-16")
    .optional()
    .describe("any day of the week that is asked about; the last whole week unless given"),
  time_zone: z.string().optional().describe("whose days and nights: the reader's own unless given"),
});

const gap = z.object({ schedule: named, from: instant, to: instant });
const handOff = z.object({
  schedule: named,
  at: instant,
  from: z.array(personRef),
  to: z.array(personRef),
});
/** What the schedules of a team say of a week. */
export const rota = z.object({
  people: z.array(personLoad),
  hand_offs: z.array(handOff),
  gaps_ahead: z.array(gap).describe("within 14 days of now"),
});
export type Rota = z.infer<typeof rota>;

export const reportIncident = z.object({
  number: z.number().int(),
  title: z.string(),
  severity: z.string(),
  status: z.string(),
  service: named,
  opened_at: instant,
  acknowledged_after_ms: z.number().nullable(),
  resolved_after_ms: z.number().nullable(),
  pages: z.number().int(),
});

export const report = z
  .object({
    team: named,
    week: z.iso.date().describe("the Monday on which it begins"),
    from: instant,
    to: instant,
    time_zone: z.string(),
    incidents: z.array(reportIncident),
    pages: z.number().int().describe("to people while they were on call for the team"),
    night_pages: z.number().int().describe("of them, at night of whoever was paged"),
    interruptions: z.number().int(),
    acknowledge: z.object({
      median_ms: z.number().nullable(),
      p90_ms: z.number().nullable(),
      never: z.number().int().describe("incidents that nobody acknowledged"),
    }),
    noisiest: z.array(
      z.object({
        source: z.string(),
        alerts: z.number().int(),
        unanswered: z
          .number()
          .int()
          .describe("alerts of incidents that nobody acknowledged or resolved by hand"),
      }),
    ),
    rota,
    mail: z.object({
      on: z.boolean(),
      to: z.array(personRef).describe("the leads who get it on Monday at nine by their own clock"),
    }),
    url: z.string(),
  })
  .meta({ id: "OnCallReport" });
export type Report = z.infer<typeof report>;

export const reportSettings = z.object({ team: slug, on: z.boolean() }).strict();
