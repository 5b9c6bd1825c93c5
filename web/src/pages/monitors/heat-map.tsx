import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNow } from "../../lib/clock.ts";
import { cn } from "../../lib/cn.ts";
import { latency } from "../../lib/format.ts";
import { plainDate } from "../../lib/time.ts";
import type { Series } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { seriesQuery } from "./queries.ts";

interface Cell {
  day: string;
  hour: number;
  ms: number | null;
  failed: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** As long as the server still answers by the hour. */
const DAYS = 9;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const STEPS = ["bg-phase-1", "bg-phase-2", "bg-phase-3", "bg-phase-4", "bg-phase-5"] as const;

/** Response time by hour of the day over the last days: does it suffer every night at three? */
export function HeatMap({ slug }: { slug: string }) {
  const hour = useNow(HOUR_MS);
  const query = useQuery(seriesQuery(slug, { from: hour - DAYS * DAY_MS, to: hour + HOUR_MS }));
  return (
    <Card title="By hour" aside={<span className="text-xs text-faint">last ten days, local time</span>}>
      <Loaded query={query} skeleton={<Skeleton className="h-52" />}>
        {(series) => <Grid cells={cellsOf(series)} />}
      </Loaded>
    </Card>
  );
}

/** The local date of an instant, as 2026-11-23. */
const localDay = (at: Date): string =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

/** Points gathered by local day and hour: the slowest median of the hour, and how many checks failed in it. */
export function cellsOf(series: Series): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const point of series.points) {
    const at = new Date(point.at);
    const cell = { day: localDay(at), hour: at.getHours(), ms: point.p50, failed: point.down };
    const key = `${cell.day} ${cell.hour}`;
    const known = cells.get(key);
    const ms = Math.max(known?.ms ?? -1, cell.ms ?? -1);
    cells.set(key, { ...cell, ms: ms < 0 ? null : ms, failed: cell.failed + (known?.failed ?? 0) });
  }
  return cells;
}

function Grid({ cells }: { cells: Map<string, Cell> }) {
  const [pointed, setPointed] = useState<Cell | null>(null);
  const days = [...new Set([...cells.values()].map((cell) => cell.day))].toSorted();
  const sorted = [...cells.values()]
    .flatMap((cell) => (cell.ms === null ? [] : [cell.ms]))
    .toSorted((a, b) => a - b);
  const shade = (ms: number) => {
    const rank = sorted.findIndex((value) => value >= ms) / Math.max(1, sorted.length);
    return STEPS[Math.min(STEPS.length - 1, Math.floor(rank * STEPS.length))];
  };
  if (days.length === 0)
    return <p className="text-sm text-muted">The first hours fill in as checks are made.</p>;
  return (
    <div onPointerLeave={() => setPointed(null)}>
      <div className="grid grid-cols-[max-content_repeat(24,minmax(0,1fr))] gap-0.5" aria-hidden>
        {days.map((day) => (
          <div key={day} className="contents">
            <span className="pr-2 text-xs leading-4 whitespace-nowrap text-faint num">{plainDate(day)}</span>
            {HOURS.map((hour) => {
              const cell = cells.get(`${day} ${hour}`);
              return (
                <span
                  key={`${day} ${hour}`}
                  onPointerEnter={() => setPointed(cell ?? null)}
                  className={cn(
                    "relative h-4 rounded-[2px]",
                    cell === undefined || cell.ms === null ? "bg-sunken" : shade(cell.ms),
                  )}
                >
                  {cell !== undefined && cell.failed > 0 && (
                    <span className="absolute inset-0 m-auto size-2.5 rounded-[1px] bg-down-bar ring-1 ring-surface" />
                  )}
                </span>
              );
            })}
          </div>
        ))}
        <span />
        {HOURS.map((hour) => (
          <span key={hour} className="text-xs text-faint num">
            {hour % 6 === 0 ? hour : ""}
          </span>
        ))}
      </div>
      <p className="mt-2 min-h-5 text-sm text-muted num">
        {pointed === null ? summaryOf(cells) : cellWords(pointed)}
      </p>
    </div>
  );
}

const cellWords = (cell: Cell): string =>
  `${plainDate(cell.day)}, ${cell.hour}:00: ${latency(cell.ms)}${cell.failed > 0 ? `, ${cell.failed} failed` : ""}`;

/** The slowest hour of the day, in words. */
function summaryOf(cells: Map<string, Cell>): string {
  const byHour = Map.groupBy(cells.values(), (cell) => cell.hour);
  const means = [...byHour].flatMap(([hour, group]) => {
    const values = group.flatMap((cell) => (cell.ms === null ? [] : [cell.ms]));
    return values.length === 0 ? [] : [{ hour, ms: values.reduce((sum, ms) => sum + ms, 0) / values.length }];
  });
  const slowest = means.toSorted((a, b) => b.ms - a.ms)[0];
  return slowest === undefined
    ? "No response times yet."
    : `Slowest on average from ${slowest.hour}:00 to ${slowest.hour + 1}:00 (${latency(slowest.ms)}). Squares mark failures.`;
}
