/** "Tue 24 Nov, 09:00": an instant to the minute by a zone's clock, where the year goes without saying. */
export const dayTime = (at: Temporal.Instant, timeZone: string): string =>
  at.toZonedDateTimeISO(timeZone).toLocaleString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
