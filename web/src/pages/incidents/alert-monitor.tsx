import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useInterest } from "../../app/live.ts";
import { nowMs } from "../../lib/clock.ts";
import { stateOf } from "../../lib/state.ts";
import { toMs } from "../../lib/time.ts";
import type { Incident, Monitor, Series } from "../../lib/types.ts";
import { CheckBars } from "../../ui/bars.tsx";
import { type ChartMark, LatencyChart } from "../../ui/latency-chart.tsx";
import { StateLabel } from "../../ui/state-mark.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Waterfall } from "../../ui/waterfall.tsx";
import { monitorQuery, type Span, seriesQuery } from "../monitors/queries.ts";

const MINUTE = 60_000;

/** The monitor behind an alert: its state now, where the failing check spent its time, and its response times. */
export function AlertMonitor({
  slug,
  incident,
  evidence,
}: {
  slug: string;
  incident: Incident;
  evidence: React.ReactNode;
}) {
  const query = useQuery(monitorQuery(slug));
  const monitor = query.data;
  useInterest(monitor === undefined ? [] : [monitor.id]);
  const timings = monitor && timingsOf(monitor, incident);
  return (
    <>
      <div className={timings ? "grid items-start gap-6 md:grid-cols-2" : undefined}>
        {evidence}
        {timings && <Waterfall timings={timings} />}
      </div>
      {monitor && incident.resolved_at === null && <Now monitor={monitor} />}
      <Chart slug={slug} incident={incident} />
    </>
  );
}

/** Of the last failure, if that was in this incident. */
function timingsOf(monitor: Monitor, incident: Incident) {
  const failure = monitor.last_failure;
  if (failure === null || toMs(failure.at) < toMs(incident.started_at) - MINUTE) return null;
  const end = incident.resolved_at;
  if (end !== null && toMs(failure.at) > toMs(end) + MINUTE) return null;
  return failure.timings.total === null ? null : failure.timings;
}

const Now = ({ monitor }: { monitor: Monitor }) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
    <Link
      to="/monitors/$slug"
      params={{ slug: monitor.slug }}
      className="font-medium underline-offset-4 hover:underline"
    >
      {monitor.name}
    </Link>
    <StateLabel state={stateOf(monitor)} />
    <span className="ml-auto w-45 max-sm:w-full">
      <CheckBars checks={monitor.recent} label={monitor.name} />
    </span>
  </div>
);

function Chart({ slug, incident }: { slug: string; incident: Incident }) {
  const span = useMemo(() => spanOf(incident), [incident]);
  const series = useQuery(seriesQuery(slug, span));
  const marks = useMemo<ChartMark[]>(
    () => [{ at: incident.opened_at, label: `#${incident.number} opened` }],
    [incident.opened_at, incident.number],
  );
  return (
    <Loaded query={series} skeleton={<Skeleton className="h-52" />}>
      {(data) => <LatencyChart series={fromFirst(data)} mode="total" marks={marks} height={180} />}
    </Loaded>
  );
}

/** A young monitor's chart begins with its first check, not with an empty hour. */
function fromFirst(series: Series): Series {
  const first = series.points[0]?.at;
  return first === undefined || toMs(first) < toMs(series.from) ? series : { ...series, from: first };
}

/** While it lasts: up to now, long enough to show the time before. Afterwards: the incident with some time around it. */
function spanOf({ started_at, resolved_at }: Incident): Span {
  const start = toMs(started_at);
  if (resolved_at !== null) {
    const end = toMs(resolved_at);
    const around = Math.max(15 * MINUTE, (end - start) / 3);
    return { from: start - around, to: Math.min(end + around, Math.max(nowMs(), end)) };
  }
  const age = nowMs() - start;
  if (age < 45 * MINUTE) return "1h";
  return age < 5 * 60 * MINUTE ? "6h" : "24h";
}
