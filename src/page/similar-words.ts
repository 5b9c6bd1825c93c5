import type { PageMessage } from "./message.ts";
import type { Similar } from "./model.ts";

/**
 * What was seen before, in one sentence for three in the morning: what it is like, what fixed it then, and what was
 * promised and is still open. `day` is today where the reader is.
 */
export function similarWords(
  { likeness, why, times, fix, open_actions }: Similar,
  day: Temporal.PlainDate,
): string {
  const again = (times ?? 1) > 1 ? `${times} times. ` : "";
  const known = fix ? `Fix then: ${fix}` : `${likeness === "same" ? "" : "Alike: "}${why.join("; ")}`;
  const [promise, ...others] = open_actions;
  if (!promise) return `${again}${known}`;
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  return `${again}${known} — promised and still open: ${promise.title}${more}${late(promise.due, day)}`;
}

function late(due: string | null, day: Temporal.PlainDate): string {
  if (due === null) return "";
  const days = Temporal.PlainDate.from(due).until(day).days;
  if (days <= 0) return `, due ${due}`;
  return `, ${days} ${days === 1 ? "day" : "days"} overdue`;
}

/** Today where the person is who reads it. */
export const dayOf = ({ sentAt, person }: Pick<PageMessage, "sentAt" | "person">): Temporal.PlainDate =>
  sentAt.toZonedDateTimeISO(person.timeZone).toPlainDate();
