import { invalid } from "../platform/refusal.ts";

/**
 * The zone's IANA name in its proper case (`europe/paris` → `Europe/Paris`; aliases stay as they are).
 * An offset like `+02:00` is refused: it forgets daylight saving. `pointer` names the field in the refusal.
 */
export function checkTimeZone(name: string, pointer = "/time_zone"): string {
  try {
    if (/^[a-z]/i.test(name))
      return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    // falls through to the refusal
  }
  throw invalid(pointer, `"${name}" is not a time zone. Use an IANA name, e.g. Europe/Paris or UTC.`);
}
