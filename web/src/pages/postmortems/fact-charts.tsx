import { useMemo } from "react";
import { toMs } from "../../lib/time.ts";
import type { Facts, MonitorStatus, Series } from "../../lib/types.ts";
import { type ChartMark, LatencyChart } from "../../ui/latency-chart.tsx";

type FactChart = Facts["charts"][number];

/** The response times that were kept with the postmortem, one chart for each monitor. */
export function FactCharts({ facts, headingClass }: { facts: Facts; headingClass: string }) {
  const marks = useMemo<ChartMark[]>(() => marksOf(facts), [facts]);
  if (facts.charts.length === 0) return null;
  return (
    <section aria-labelledby="response-times">
      <h2 id="response-times" className={headingClass}>
        Response times
      </h2>
      <div className="flex flex-col gap-6">
        {facts.charts.map((chart) => (
          <OneChart key={chart.monitor.slug} chart={chart} marks={marks} />
        ))}
      </div>
    </section>
  );
}

function OneChart({ chart, marks }: { chart: FactChart; marks: readonly ChartMark[] }) {
  const series = useMemo(() => seriesOf(chart), [chart]);
  return (
    <div>
      <h3 className="mb-2 text-sm font-medium">{chart.monitor.name}</h3>
      <LatencyChart series={series} mode="total" marks={marks} height={200} />
    </div>
  );
}

/** Two labels that would lie over each other are one: the later. */
function marksOf({ detected_at, acknowledged_at, charts }: Facts): ChartMark[] {
  const noticed = { at: detected_at, label: "noticed" };
  if (acknowledged_at === null) return [noticed];
  const [chart] = charts;
  const span = chart === undefined ? 0 : toMs(chart.to) - toMs(chart.from);
  const apart = toMs(acknowledged_at) - toMs(detected_at) > span * 0.12;
  const acknowledged = { at: acknowledged_at, label: "acknowledged" };
  return apart ? [noticed, acknowledged] : [acknowledged];
}

const PHASES = { dns: null, connect: null, tls: null, first_byte: null, transfer: null };

/** Single checks as a series: each its own median, and a transition wherever the state changes. */
function seriesOf({ from, to, points }: FactChart): Series {
  const count = (status: string, wanted: MonitorStatus) => Number(status === wanted);
  return {
    from,
    to,
    step_ms: stepOf(points),
    points: points.map(({ at, ms, status }) => ({
      ...PHASES,
      at,
      p50: ms,
      p95: ms,
      total: ms,
      up: count(status, "up"),
      degraded: count(status, "degraded"),
      down: count(status, "down"),
      unknown: count(status, "unknown"),
    })),
    transitions: points.flatMap((point, at) => {
      const before = points[at - 1];
      return before === undefined || before.status === point.status
        ? []
        : [
            {
              at: point.at,
              from: before.status as MonitorStatus,
              to: point.status as MonitorStatus,
              reason: "",
            },
          ];
    }),
  };
}

/** The usual distance of two checks. */
function stepOf(points: FactChart["points"]): number {
  const gaps = points
    .slice(1)
    .map((point, at) => toMs(point.at) - toMs(points[at]?.at ?? point.at))
    .toSorted((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? 60_000;
}
