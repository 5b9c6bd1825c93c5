import type { Facts } from "../../lib/types.ts";

const WIDTH = 640;
const HEIGHT = 140;

/** Response times around the outage, as the checks measured them; failed checks are marked along the foot. */
export function FactsChart({ facts }: { facts: Facts }) {
  return (
    <>
      {facts.charts.map((chart) => (
        <figure key={chart.monitor.slug} className="mb-8">
          <figcaption className="mb-2 text-sm text-muted">
            Response time of <span className="font-medium text-text">{chart.monitor.name}</span>
          </figcaption>
          <Plot chart={chart} />
        </figure>
      ))}
    </>
  );
}

function Plot({ chart }: { chart: Facts["charts"][number] }) {
  const from = Date.parse(chart.from);
  const span = Math.max(1, Date.parse(chart.to) - from);
  const slowest = Math.max(1, ...chart.points.map((point) => point.ms ?? 0));
  const x = (at: string) => ((Date.parse(at) - from) / span) * WIDTH;
  const y = (ms: number) => HEIGHT - 12 - (ms / slowest) * (HEIGHT - 24);
  const line = chart.points
    .filter((point) => point.ms !== null)
    .map((point) => `${x(point.at).toFixed(1)},${y(point.ms ?? 0).toFixed(1)}`)
    .join(" ");
  const failed = chart.points.filter((point) => point.status === "down" || point.status === "degraded");
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="w-full rounded-md border border-line bg-surface"
      role="img"
      aria-label={`At its slowest ${Math.round(slowest)} ms; ${failed.length} of ${chart.points.length} checks shown failed.`}
    >
      {failed.map((point) => (
        <rect key={point.at} x={x(point.at)} y={HEIGHT - 8} width="3" height="8" className="fill-down" />
      ))}
      <polyline points={line} fill="none" strokeWidth="1.5" className="stroke-brand-text" />
      <text x="6" y="14" className="fill-muted text-[11px]">
        {Math.round(slowest)} ms
      </text>
    </svg>
  );
}
