import { useRef, useState } from "react";
import { cn } from "../../lib/cn.ts";
import { clockTime, toMs } from "../../lib/time.ts";
import type { Shifts } from "../../lib/types.ts";
import { cityOf } from "../../lib/zone.ts";
import { GapBar, type LookOf, ShiftBar } from "./shift-bar.tsx";
import { type Uncovered, UncoveredBars } from "./uncovered-bar.tsx";

/** A stretch of the calendar: a week in days, or a day in hours. Ms since 1970; `ticks` are where a column begins. */
export interface Block {
  from: number;
  to: number;
  ticks: readonly { at: number; label: string; short: string; strong: boolean }[];
}

export interface Stretch {
  from: number;
  to: number;
}

interface BlockProps {
  block: Block;
  shifts: Shifts;
  zone: string;
  nowMs: number;
  lookOf: LookOf;
  /** How fine a drag is, in ms. */
  snapMs: number;
  /** A stretch was dragged over, or a shift chosen; absent where nothing can be changed. */
  onStretch?: (stretch: Stretch, user?: string) => void;
  /** Only the final line, without names beside the lanes. */
  bare?: boolean;
  uncovered?: readonly Uncovered[];
}

const overlaps = (block: Stretch) => (it: { from: string; to: string }) =>
  toMs(it.from) < block.to && toMs(it.to) > block.from;

/** Each layer as a lane, and beneath them the final line with its gaps. Dragging over the final line marks a stretch. */
export function CalendarBlock(props: BlockProps) {
  const { block, shifts, zone, nowMs, lookOf, snapMs, onStretch, bare = false } = props;
  const layers = shifts.layers ?? [];
  const place = (from: number, to: number) => ({
    left: `${((Math.max(from, block.from) - block.from) / (block.to - block.from)) * 100}%`,
    width: `${((Math.min(to, block.to) - Math.max(from, block.from)) / (block.to - block.from)) * 100}%`,
  });
  return (
    <div
      className={cn("relative grid gap-x-2", !bare && "grid-cols-[4.5rem_minmax(0,1fr)] max-sm:grid-cols-1")}
    >
      {!bare && <span className="max-sm:hidden" />}
      <div className="relative h-6 text-xs text-muted">
        {block.ticks.map((tick) => (
          <span
            key={tick.at}
            className={cn("absolute truncate pl-1 num", tick.strong && "font-semibold text-brand-text")}
            style={place(tick.at, block.to)}
          >
            <span className="max-sm:hidden">{tick.label}</span>
            <span className="sm:hidden">{tick.short}</span>
          </span>
        ))}
      </div>
      {layers.length > 1 &&
        layers.map((lane, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place
          <Lane key={index} label={`Layer ${index + 1}`} block={block} place={place} quiet>
            {lane.filter(overlaps(block)).map((shift) => (
              <ShiftBar
                key={`${shift.from} ${shift.user}`}
                shift={shift}
                look={lookOf(shift.user)}
                style={place(toMs(shift.from), toMs(shift.to))}
                zone={zone}
                quiet
              />
            ))}
          </Lane>
        ))}
      <FinalLane {...{ block, place, snapMs, onStretch, zone, bare }}>
        {shifts.gaps.filter(overlaps(block)).map((gap) => (
          <GapBar
            key={gap.from}
            gap={gap}
            style={place(toMs(gap.from), toMs(gap.to))}
            zone={zone}
            quiet={bare}
          />
        ))}
        {sideBySide(shifts.items.filter(overlaps(block))).map(({ shift, row, of }) => (
          <ShiftBar
            key={`${shift.from} ${shift.user}`}
            shift={shift}
            look={lookOf(shift.user)}
            style={{
              ...place(toMs(shift.from), toMs(shift.to)),
              top: `${(row / of) * 100}%`,
              height: `${100 / of}%`,
            }}
            zone={zone}
            onOpen={
              onStretch && (() => onStretch({ from: toMs(shift.from), to: toMs(shift.to) }, shift.user))
            }
          />
        ))}
        <UncoveredBars uncovered={props.uncovered ?? []} place={place} within={block} />
        {nowMs > block.from && nowMs < block.to && (
          <span
            aria-hidden
            className="pointer-events-none absolute -top-1 -bottom-1 w-0.5 rounded-full bg-text"
            style={{ left: place(nowMs, block.to).left }}
          />
        )}
      </FinalLane>
    </div>
  );
}

type ShiftItem = Shifts["items"][number];

/** Shifts of several people at once share the height of the line. */
function sideBySide(items: readonly ShiftItem[]): { shift: ShiftItem; row: number; of: number }[] {
  return items.map((shift) => {
    const together = items.filter((other) => other.from < shift.to && other.to > shift.from);
    return { shift, row: together.indexOf(shift), of: together.length };
  });
}

function Lane({
  label,
  block,
  place,
  quiet,
  children,
}: {
  label: string;
  block: Block;
  place: (from: number, to: number) => React.CSSProperties;
  quiet?: boolean;
  children: React.ReactNode;
}) {
  return (
    <>
      <span
        className={cn("self-center truncate text-xs max-sm:sr-only", quiet ? "text-faint" : "font-medium")}
      >
        {label}
      </span>
      <div className={cn("relative mb-1 rounded-sm bg-sunken", quiet ? "h-6 max-sm:h-4" : "h-11")}>
        {block.ticks.map((tick) => (
          <span
            key={tick.at}
            aria-hidden
            className="absolute inset-y-0 border-l border-line first:border-0"
            style={{ left: place(tick.at, block.to).left }}
          />
        ))}
        {children}
      </div>
    </>
  );
}

function FinalLane({
  block,
  place,
  snapMs,
  onStretch,
  zone,
  bare,
  children,
}: {
  block: Block;
  place: (from: number, to: number) => React.CSSProperties;
  bare: boolean;
  snapMs: number;
  onStretch: BlockProps["onStretch"];
  zone: string;
  children: React.ReactNode;
}) {
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  const moved = useRef<number | null>(null);
  const at = (event: React.PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return block.from + Math.round((share * (block.to - block.from)) / snapMs) * snapMs;
  };
  const marked = drag && { from: Math.min(drag.start, drag.end), to: Math.max(drag.start, drag.end) };
  return (
    <>
      {!bare && <span className="self-center truncate text-xs font-medium max-sm:sr-only">On call</span>}
      <div
        className={cn(
          "relative mb-1 touch-pan-y rounded-sm bg-sunken select-none",
          bare ? "h-8" : "h-11",
          onStretch && "cursor-crosshair",
        )}
        onPointerDown={(event) => {
          if (!onStretch || event.button !== 0 || event.pointerType === "touch") return;
          moved.current = null;
          setDrag({ start: at(event), end: at(event) });
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (drag === null) return;
          const end = at(event);
          if (end !== drag.start) moved.current = end;
          setDrag({ ...drag, end });
        }}
        onPointerUp={() => {
          if (marked && marked.to > marked.from) onStretch?.(marked);
          setDrag(null);
        }}
        onClickCapture={(event) => {
          // The end of a drag is not a click on the shift that happens to lie there.
          if (moved.current !== null) event.stopPropagation();
          moved.current = null;
        }}
      >
        {block.ticks.map((tick) => (
          <span
            key={tick.at}
            aria-hidden
            className="absolute inset-y-0 border-l border-line"
            style={{ left: place(tick.at, block.to).left }}
          />
        ))}
        {children}
        {marked && marked.to > marked.from && (
          <span
            className="pointer-events-none absolute -inset-y-1 z-10 grid place-items-center rounded-sm bg-brand/25 ring-2 ring-brand-text"
            style={place(marked.from, marked.to)}
          >
            <span className="rounded-sm bg-raised px-1.5 text-xs whitespace-nowrap shadow-float num">
              {clockTime(marked.from, zone)}–{clockTime(marked.to, zone)} {cityOf(zone)}
            </span>
          </span>
        )}
      </div>
    </>
  );
}
