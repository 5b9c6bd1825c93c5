import { parseWall, weekdayOf } from "../../lib/zone.ts";

/** How often a window comes, as the form offers it; `custom` is a rule that somebody wrote. */
export type Repeat = "once" | "daily" | "weekly" | "monthly" | "custom";

const CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
const NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const PLACES = ["first", "second", "third", "fourth", "last"] as const;

/** The day on which it starts: its weekday, and the how-manieth of its month. */
function dayOf(starts: string): { code: string; name: string; place: number } | null {
  const wall = parseWall(starts);
  if (wall === null) return null;
  const weekday = weekdayOf(wall);
  return {
    code: CODES[weekday] ?? "MO",
    name: NAMES[weekday] ?? "Monday",
    place: Math.ceil(wall.day / 7),
  };
}

/** The rule of one of the form's own choices, which follow the day on which it starts; null for the others. */
export function ruleOf(repeat: Repeat, starts: string): string | null {
  if (repeat === "daily") return "FREQ=DAILY";
  const day = dayOf(starts);
  if (day === null) return null;
  if (repeat === "weekly") return `FREQ=WEEKLY;BYDAY=${day.code}`;
  // A fifth Tuesday is not in every month: the last one is meant.
  if (repeat === "monthly") return `FREQ=MONTHLY;BYDAY=${day.place > 4 ? -1 : day.place}${day.code}`;
  return null;
}

/** Which of the form's choices a stored rule is. */
export function repeatOf(rrule: string | null, starts: string): Repeat {
  if (rrule === null) return "once";
  const plain = rrule.replace(/^RRULE:/, "");
  return (["daily", "weekly", "monthly"] as const).find((each) => ruleOf(each, starts) === plain) ?? "custom";
}

export function repeatOptions(starts: string): { value: Repeat; label: string }[] {
  const day = dayOf(starts);
  return [
    { value: "once", label: "Once" },
    { value: "daily", label: "Every day" },
    { value: "weekly", label: day === null ? "Every week" : `Every ${day.name}` },
    {
      value: "monthly",
      label:
        day === null ? "Every month" : `Every ${PLACES[day.place - 1] ?? "last"} ${day.name} of the month`,
    },
    { value: "custom", label: "By a rule of RFC 5545" },
  ];
}
