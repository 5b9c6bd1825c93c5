import { z } from "zod";
import { instant, named, patchOf, personRef, slug } from "../../platform/http/schema.ts";

const date = z.iso.date("write a date like 2026-12-25");

export const holiday = z.object({ date, name: z.string().trim().min(1).max(120) }).strict();
export type Holiday = z.infer<typeof holiday>;

export const holidayListCreate = z
  .object({
    slug,
    name: z.string().trim().min(1).max(120),
    teams: z.array(slug).max(200).default([]),
    schedules: z.array(slug).max(500).default([]),
    everywhere: z.boolean().default(false).describe("for every schedule, whatever teams and schedules say"),
    days: z.array(holiday).max(1000).default([]),
  })
  .strict();
export type HolidayListInput = z.output<typeof holidayListCreate>;
export const holidayListPatch = patchOf(holidayListCreate.omit({ slug: true })).strict();
export type HolidayListChange = z.output<typeof holidayListPatch>;
export const holidayList = z
  .object({
    slug,
    name: z.string(),
    everywhere: z.boolean(),
    teams: z.array(named),
    schedules: z.array(named),
    days: z.array(holiday),
    managed_by: z.enum(["ui", "config"]),
  })
  .meta({ id: "HolidayList" });
export type HolidayListJson = z.infer<typeof holidayList>;
export const holidayLists = z.object({ items: z.array(holidayList) });

export const fairnessQuery = z.object({
  schedule: slug.optional().describe("one schedule; not together with team"),
  team: slug.optional().describe("the schedules of a team; without either, all of the company"),
  from: z
    .string()
    .optional()
    .describe(
      "an instant, or local to the schedule's zone (UTC for several); 90 days before `to` unless given",
    ),
  to: z.string().optional().describe("may lie in the future, then by what is planned; now unless given"),
});

export const personLoad = z.object({
  person: personRef,
  time_zone: z.string(),
  hours: z.number(),
  planned_hours: z.number().describe("of `hours`, those that are still to come"),
  nights: z.number().int().describe("nights (22:00 to 07:00 on the person's own clock) with an hour or more"),
  night_hours: z.number(),
  weekend_hours: z.number(),
  holidays: z.number().int(),
  holiday_hours: z.number(),
  shifts: z.number().int(),
  pages: z.number().int(),
  night_pages: z.number().int(),
  interruptions: z.number().int().describe("pages that the person answered at night"),
  points: z
    .number()
    .describe("weighted hours: 1, and 1 more at night, 1 more on weekends, 2 more on holidays"),
});
export type PersonLoad = z.infer<typeof personLoad>;

export const scheduleQuality = z.object({
  schedule: named,
  total: z.number(),
  coverage: z.number(),
  balance: z.number(),
  overloaded: z.array(z.object({ person: personRef, percent: z.number() })),
  comment: z.string().nullable(),
});

export const fairness = z
  .object({
    from: instant,
    to: instant,
    now: instant,
    balance: z.number().describe("per cent: how alike the points of those on call are"),
    items: z.array(personLoad),
    schedules: z.array(scheduleQuality),
  })
  .meta({ id: "Fairness" });
export type FairnessJson = z.infer<typeof fairness>;
