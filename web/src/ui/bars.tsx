import { useState } from "react";
import { cn } from "../lib/cn.ts";
import { latency, plural, uptime } from "../lib/format.ts";
import { STATE_WORDS } from "../lib/state.ts";
import { clockSeconds, duration, plainDate, toMs } from "../lib/time.ts";
import type { Day, MonitorStatus, RecentCheck } from "../lib/types.ts";

const FILL: Record<MonitorStatus, string> = {
  up: "fill-up-bar",
  degraded: "fill-degraded-bar",
  down: "fill-down-bar",
  unknown: "fill-none",
};
type DayState = MonitorStatus | "maintenance";
const STATUSES: readonly MonitorStatus[] = ["up", "degraded", "down", "unknown"];

/** A day's word: the worst that it saw; null when nothing was recorded. A blind spell counts only if nothing else did. */
export function dayStatus(day: Day): DayState | null {
  if (day.down > 0) return "down";
  if (day.degraded > 0) return "degraded";
  if (day.up > 0) return "up";
  if (day.maintenance) return "maintenance";
  return day.unknown > 0 ? "unknown" : null;
}

function dayWords(day: Day): string {
  const status = dayStatus(day);
  if (status === null) return "nothing recorded";
  const parts = [];
  if (day.down > 0) parts.push(`down ${duration(day.down * 1000)}`);
  if (day.degraded > 0) parts.push(`degraded ${duration(day.degraded * 1000)}`);
  if (day.maintenance) parts.push(`maintenance ${duration(day.maintenance * 1000)}`);
  if (day.unknown > 60) parts.push(`not watched ${duration(day.unknown * 1000)}`);
  if (parts.length === 0) return "up all day";
  const known = day.up + day.degraded + day.down;
  if (day.down > 0 && known > 0) parts.push(uptime((known - day.down) / known));
  return parts.join(", ");
}

// The worse the day, the taller its bar: the row can be read printed in grey.
const DAY_HEIGHT: Record<DayState, number> = {
  up: 0.66,
  degraded: 0.84,
  down: 1,
  unknown: 0.5,
  maintenance: 0.5,
};

/** One bar a day, oldest first, worst state of the day; point at a day for what happened. */
export function DayBars({
  days,
  height = 28,
  label,
}: {
  days: readonly Day[];
  height?: number;
  label: string;
}) {
  const [at, setAt] = useState<number | null>(null);
  const bad = days.filter((day) => day.down > 0).length;
  const pointed = at === null ? undefined : days[at];
  // What lies before the first watched day is no blind spell: there was nothing to watch yet.
  const first = days.findIndex((day) => day.up + day.degraded + day.down > 0);
  const isBefore = (index: number) => first < 0 || index < first;
  const point = (event: React.PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - box.left) / box.width) * days.length);
    setAt(Math.max(0, Math.min(days.length - 1, index)));
  };
  return (
    <div className="relative" onPointerMove={point} onPointerDown={point} onPointerLeave={() => setAt(null)}>
      <div
        role="img"
        aria-label={`${label}: ${days.length} days, ${bad === 0 ? "none with an outage" : `${plural(bad, "day")} with an outage`}`}
        className="flex w-full items-end gap-px"
        style={{ height }}
      >
        {days.map((day, index) => (
          <DayBar key={day.date} status={isBefore(index) ? null : dayStatus(day)} pointed={index === at} />
        ))}
      </div>
      {pointed && at !== null && (
        <div
          className="pointer-events-none absolute bottom-full z-20 mb-1.5 w-max max-w-64 rounded-md border border-line bg-raised px-2.5 py-1.5 text-xs shadow-float num"
          style={
            at < days.length / 2
              ? { left: `${(at / days.length) * 100}%` }
              : { right: `${100 - ((at + 1) / days.length) * 100}%` }
          }
        >
          <span className="font-medium">{plainDate(pointed.date)}</span>:{" "}
          {isBefore(at) ? "not watched yet" : dayWords(pointed)}
        </div>
      )}
    </div>
  );
}

const DAY_CLASS: Record<DayState, string> = {
  maintenance: "bg-maintenance-bar",
  up: "bg-up-bar",
  degraded: "bg-degraded-bar",
  down: "bg-down-bar",
  unknown: "hatched",
};

function DayBar({ status, pointed }: { status: DayState | null; pointed: boolean }) {
  const height = status === null ? "3px" : `${DAY_HEIGHT[status] * 100}%`;
  return (
    <span
      className={cn(
        "min-w-0 flex-1 rounded-[1px]",
        status === null ? "bg-line" : DAY_CLASS[status],
        pointed && "opacity-60",
      )}
      style={{ height }}
    />
  );
}

const SLOT = 3;

/** The last 60 checks: height is the response time, full height and red is down, hatched is unknown. Newest at the right. */
export function CheckBars({
  checks,
  height = 20,
  slots = 60,
  label,
}: {
  checks: readonly RecentCheck[];
  height?: number;
  /** How many at most: fewer where it is narrow. */
  slots?: number;
  label: string;
}) {
  const shown = checks.slice(-slots);
  const most = Math.max(1, ...shown.map((check) => check.ms ?? 0));
  const start = slots - shown.length;
  const path = (status: MonitorStatus) =>
    shown
      .map((check, index) =>
        check.status === status ? bar(start + index, barHeight(check, most) * height, height) : "",
      )
      .join("");
  return (
    <svg
      role="img"
      aria-label={`${label}: ${summary(shown)}`}
      viewBox={`0 0 ${slots * SLOT} ${height}`}
      preserveAspectRatio="none"
      className="block w-full max-w-45"
      style={{ height }}
    >
      {STATUSES.map((status) => {
        const d = path(status);
        return d === "" ? null : (
          <path
            key={status}
            d={d}
            className={`${FILL[status]} ${status === "unknown" ? "stroke-unknown-bar" : ""}`}
          />
        );
      })}
    </svg>
  );
}

function barHeight(check: RecentCheck, most: number): number {
  if (check.status === "down") return 1;
  if (check.status === "unknown") return 0.25;
  return 0.18 + 0.6 * Math.sqrt((check.ms ?? 0) / most);
}

const bar = (slot: number, tall: number, height: number): string =>
  `M${slot * SLOT} ${height}v-${tall.toFixed(1)}h2v${tall.toFixed(1)}z`;

function summary(checks: readonly RecentCheck[]): string {
  const last = checks.at(-1);
  if (last === undefined) return "no checks yet";
  const failed = checks.filter((check) => check.status === "down").length;
  const said = failed === 0 ? "none failed" : `${failed} failed`;
  const ms = last.ms === null ? "" : `, ${latency(last.ms)}`;
  return `last ${plural(checks.length, "check")}, ${said}; latest ${STATE_WORDS[last.status].toLowerCase()} at ${clockSeconds(toMs(last.at))}${ms}`;
}
