import { Replace } from "lucide-react";
import { cn } from "../../lib/cn.ts";
import { initials } from "../../lib/format.ts";
import { browserZone, dayTime, toMs } from "../../lib/time.ts";
import type { Shift } from "../../lib/types.ts";
import { cityOf, wallOf, wallText } from "../../lib/zone.ts";
import { Tooltip } from "../../ui/tooltip.tsx";

/** How a person looks in the calendar: their name and one of a few tints; the reader's own shifts stand out. */
export interface Look {
  name: string;
  tint: number;
  isMe: boolean;
}
export type LookOf = (email: string) => Look;

// Tints only tell neighbours apart; the name says who it is.
const TINTS = [
  "bg-phase-1/35 text-text ring-phase-2/60",
  "bg-surface text-text ring-line-strong/50",
  "bg-phase-2/35 text-text ring-phase-3/60",
  "bg-unknown-soft text-text ring-line-strong/50",
];

/** One stretch of one person. With `onOpen` it is a button. */
export function ShiftBar({
  shift,
  look,
  style,
  zone,
  quiet,
  onOpen,
}: {
  shift: Shift;
  look: Look;
  style: React.CSSProperties;
  zone: string;
  quiet?: boolean;
  onOpen?: () => void;
}) {
  const words = `${look.name}: ${stretchWords(shift, zone)}${shift.source === "override" ? ", override" : ""}`;
  const className = cn(
    "@container absolute inset-y-0 min-w-0.5 overflow-hidden rounded-sm text-left ring-1 ring-inset",
    look.isMe && !quiet ? "bg-brand text-on-brand ring-brand" : TINTS[look.tint % TINTS.length],
    quiet && "opacity-80",
    shift.source === "override" && "border-l-4 border-brand-text",
  );
  const inside = (
    <span
      className={cn(
        "flex h-full items-center gap-1 px-1.5",
        quiet ? "text-[0.6875rem]" : "text-xs font-medium",
      )}
      aria-hidden
    >
      {shift.source === "override" && <Replace size={12} className="hidden shrink-0 @[3.5rem]:block" />}
      <span className="hidden truncate @[4.5rem]:block">{look.name}</span>
      <span
        className="hidden truncate before:content-[attr(data-initials)] @[1.25rem]:block @[4.5rem]:hidden"
        data-initials={initials(look.name)}
      />
    </span>
  );
  return (
    <Tooltip content={words} side="top">
      {onOpen ? (
        <button
          type="button"
          aria-label={`${words}. Override it`}
          className={cn(className, "focus-visible:z-10")}
          style={style}
          onClick={onOpen}
        >
          {inside}
        </button>
      ) : (
        <span role="img" aria-label={words} className={className} style={style}>
          {inside}
        </span>
      )}
    </Tooltip>
  );
}

/** A stretch in which nobody is on call. */
export const GapBar = ({
  gap,
  style,
  zone,
  quiet,
}: {
  gap: { from: string; to: string };
  style: React.CSSProperties;
  zone: string;
  quiet?: boolean;
}) => (
  <Tooltip content={`Nobody is on call: ${stretchWords(gap, zone)}`} side="top">
    <span
      role="img"
      aria-label={`Nobody is on call: ${stretchWords(gap, zone)}`}
      className={cn(
        "@container absolute inset-y-0 grid place-items-center overflow-hidden rounded-sm",
        !quiet && "bg-down-soft ring-1 ring-down-bar/60 ring-inset",
      )}
      style={{
        ...style,
        backgroundImage: `repeating-linear-gradient(135deg, color-mix(in srgb, var(--down-bar) ${quiet ? 28 : 45}%, transparent) 0 2px, transparent 2px 7px)`,
      }}
    >
      {!quiet && (
        <span className="hidden rounded-sm bg-down-soft px-1 text-xs font-medium text-down @[4rem]:block">
          Nobody
        </span>
      )}
    </span>
  </Tooltip>
);

/** "Mon 09:00 to Fri 18:00", by the reader's clock, and by the schedule's where that differs. */
function stretchWords({ from, to }: { from: string; to: string }, zone: string): string {
  const [start, end] = [toMs(from), toMs(to)];
  const here = browserZone();
  const near = (ms: number, of?: string) => dayTime(ms, start, of);
  const differs = wallText(wallOf(start, zone)) !== wallText(wallOf(start, here));
  const there = differs ? ` (${near(start, zone)} to ${near(end, zone)} ${cityOf(zone)})` : "";
  return `${near(start)} to ${near(end)}${there}`;
}
