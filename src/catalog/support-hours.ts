import type { z } from "zod";
import { checkTimeZone } from "../org/time-zone.ts";
import type { SupportHours } from "../platform/hours/schema.ts";
import { beginsAt, endsAt, refuseHalfHours, type WeekHours } from "../platform/hours/week.ts";
import type { serviceCreate } from "./schema.ts";

/** As written: with or without the days left out. */
export type WrittenSupportHours = NonNullable<z.input<typeof serviceCreate>["support_hours"]>;

/** The hours in the form in which they are kept. Refuses what is no time zone, and half a stretch of hours. */
export function checkSupportHours({ time_zone, hours, except = [] }: WrittenSupportHours): SupportHours {
  refuseHalfHours(hours, "/support_hours/hours");
  return {
    time_zone: checkTimeZone(time_zone, "/support_hours/time_zone"),
    hours,
    except: [...new Set(except)].sort(),
  };
}

const weekHours = ({ time_zone, hours, except }: SupportHours): WeekHours => ({
  timeZone: time_zone,
  hours,
  except,
});

/** When support begins again; null while it is there. */
export const supportBegins = (hours: SupportHours, at: Temporal.Instant): Temporal.Instant | null =>
  beginsAt(weekHours(hours), at);

/** Whether support is there, and when that changes. */
export function supportNow(
  hours: SupportHours,
  at: Temporal.Instant,
): { open: boolean; until: string | null } {
  const begins = supportBegins(hours, at);
  if (begins) return { open: false, until: begins.toString() };
  return { open: true, until: endsAt(weekHours(hours), at)?.toString() ?? null };
}
