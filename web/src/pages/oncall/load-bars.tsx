import { cn } from "../../lib/cn.ts";
import type { PersonLoad } from "../../lib/types.ts";

/** Numbers of hours, rounded to what anybody compares. */
export const hoursText = (hours: number): string =>
  `${hours >= 100 ? Math.round(hours) : Math.round(hours * 10) / 10} h`;

/** What the load is made of, by weight; each darker than the one before. */
export const PARTS = [
  { id: "day", label: "Hours", className: "bg-brand-text/30", of: (load: PersonLoad) => load.hours },
  {
    id: "night",
    label: "More for nights",
    className: "bg-brand-text",
    of: (load: PersonLoad) => load.night_hours,
  },
  {
    id: "free",
    label: "More for weekends and holidays",
    className: "bg-brand-text/60",
    of: (load: PersonLoad) => load.weekend_hours + 2 * load.holiday_hours,
  },
] as const;

/** One person's load beside everybody's: the longest bar is `most`, the line is everybody's mean. */
export function LoadBar({ load, most, mean }: { load: PersonLoad; most: number; mean: number }) {
  const share = (points: number) => (most === 0 ? 0 : (points / most) * 100);
  return (
    <div className="flex items-center gap-3">
      <div
        role="img"
        aria-label={`${Math.round(load.points)} points; the mean is ${Math.round(mean)}`}
        className="relative h-3 min-w-0 flex-1 rounded-sm bg-sunken"
      >
        <div className="flex h-full overflow-hidden rounded-sm">
          {PARTS.map((part) => (
            <span
              key={part.id}
              className={cn("h-full", part.className)}
              style={{ width: `${share(part.of(load))}%` }}
            />
          ))}
        </div>
        <span
          className="absolute -inset-y-1 w-px bg-text"
          style={{ left: `min(${share(mean)}%, calc(100% - 1px))` }}
          aria-hidden
        />
      </div>
      <span className="w-12 text-right num">{Math.round(load.points)}</span>
    </div>
  );
}

/** What the colours of the bars mean. */
export const LoadLegend = () => (
  <ul className="flex flex-wrap gap-x-5 gap-y-1 text-xs text-muted">
    {PARTS.map((part) => (
      <li key={part.id} className="flex items-center gap-1.5">
        <span className={cn("size-2.5 rounded-[2px]", part.className)} aria-hidden /> {part.label}
      </li>
    ))}
    <li className="flex items-center gap-1.5">
      <span className="h-3 w-px bg-text" aria-hidden /> Everybody's mean
    </li>
  </ul>
);
