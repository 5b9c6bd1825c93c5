import { lazy, Suspense } from "react";
import { latency, plural } from "../lib/format.ts";
import { clockTime, dayTime, toMs } from "../lib/time.ts";
import type { Series } from "../lib/types.ts";
import { Boundary } from "./boundary.tsx";
import { Skeleton } from "./states.tsx";
import { PHASES } from "./waterfall.tsx";

const Plot = lazy(async () => {
  ensureLanguage();
  return { default: (await import("./latency-plot.tsx")).LatencyPlot };
});

/** A browser started without a locale calls its language "en-US@posix", on which uPlot breaks while it loads. */
function ensureLanguage(): void {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: "en-GB", configurable: true });
  }
}

/** A moment to mark on the chart: an incident that opened, a deployment. */
export interface ChartMark {
  at: string;
  label: string;
}

export interface LatencyChartProps {
  series: Series;
  mode: "total" | "phases";
  marks?: readonly ChartMark[];
  height?: number;
  /** Called with the stretch that was dragged over, ms since 1970; double-click asks for the whole again with null. */
  onZoom?: (range: { from: number; to: number } | null) => void;
}

/** Response time over time: median and 95th percentile, or stacked phases; failing stretches shaded, incidents marked. The same in words beneath. */
export function LatencyChart(props: LatencyChartProps) {
  const { series, mode, height = 220 } = props;
  return (
    <figure>
      <Legend mode={mode} />
      <div style={{ height }} aria-hidden>
        <Boundary fallback={<p className="text-sm text-muted">The chart can't be drawn in this browser.</p>}>
          <Suspense fallback={<Skeleton className="size-full" />}>
            <Plot {...props} height={height} />
          </Suspense>
        </Boundary>
      </div>
      <figcaption className="mt-2 text-sm text-muted">{seriesWords(series)}</figcaption>
    </figure>
  );
}

function Legend({ mode }: { mode: "total" | "phases" }) {
  const items =
    mode === "phases"
      ? PHASES.map((phase) => [phase.label, phase.fill] as const)
      : ([
          ["Median", "bg-phase-4"],
          ["95th percentile", "bg-phase-2"],
        ] as const);
  return (
    <div className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {items.map(([label, fill]) => (
        <span key={label} className="inline-flex items-center gap-1.5">
          <span className={`size-2.5 rounded-[2px] ${fill}`} aria-hidden />
          {label}
        </span>
      ))}
      <span className="inline-flex items-center gap-1.5">
        <span className="h-2.5 w-3.5 border-x border-down-bar bg-down-soft" aria-hidden />
        Down
      </span>
    </div>
  );
}

/** The chart as a sentence, for those who don't see it and those who do. */
export function seriesWords(series: Series): string {
  const seen = series.points.filter((point) => point.p50 !== null);
  if (seen.length === 0) return "No response times in this stretch.";
  const medians = seen.map((point) => point.p50 ?? 0).sort((a, b) => a - b);
  const peak = seen.reduce((most, point) => ((point.p95 ?? 0) > (most.p95 ?? 0) ? point : most));
  const outages = series.transitions.filter((transition) => transition.to === "down").length;
  const wide = toMs(series.to) - toMs(series.from) > 24 * 3_600_000;
  const when = wide ? dayTime(toMs(peak.at), toMs(series.to)) : clockTime(toMs(peak.at));
  const typical = latency(medians[Math.floor(medians.length / 2)] ?? null);
  const failing =
    outages === 0 ? "It never went down" : `It went down ${outages === 1 ? "once" : plural(outages, "time")}`;
  return `Typically ${typical}; at its slowest ${latency(peak.p95)} (95th percentile) at ${when}. ${failing} in this stretch.`;
}
