import { toCsv } from "../../platform/csv.ts";
import type { FairnessJson, PersonLoad } from "./schema.ts";

const COLUMNS: Record<string, (item: PersonLoad) => string | number> = {
  name: (item) => item.person.name,
  email: (item) => item.person.email,
  time_zone: (item) => item.time_zone,
  hours: (item) => item.hours,
  planned_hours: (item) => item.planned_hours,
  nights: (item) => item.nights,
  night_hours: (item) => item.night_hours,
  weekend_hours: (item) => item.weekend_hours,
  holidays: (item) => item.holidays,
  holiday_hours: (item) => item.holiday_hours,
  shifts: (item) => item.shifts,
  pages: (item) => item.pages,
  night_pages: (item) => item.night_pages,
  interruptions: (item) => item.interruptions,
  points: (item) => item.points,
};

/** One line a person, RFC 4180. A name that a spreadsheet would take for a formula begins with an apostrophe. */
export const fairnessCsv = ({ items }: FairnessJson): string =>
  toCsv([Object.keys(COLUMNS), ...items.map((item) => Object.values(COLUMNS).map((read) => read(item)))]);
