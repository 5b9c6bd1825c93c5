import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { usePhone } from "../../app/theme.ts";
import { nowMs } from "../../lib/clock.ts";
import { latency, uptime } from "../../lib/format.ts";
import { STATE_WORDS, stateOf } from "../../lib/state.ts";
import { toMs } from "../../lib/time.ts";
import type { Check, Incident, Monitor } from "../../lib/types.ts";
import { CheckBars } from "../../ui/bars.tsx";
import { Card, Figure } from "../../ui/card.tsx";
import { EvidenceLine } from "../../ui/code.tsx";
import { type ChartMark, LatencyChart } from "../../ui/latency-chart.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { Duration, Time } from "../../ui/time.tsx";
import { Waterfall } from "../../ui/waterfall.tsx";
import { CheckEvidence } from "./check-evidence.tsx";
import { evidenceWords } from "./evidence-words.ts";
import { GroupMembersCard } from "./group-members.tsx";
import { RANGES, type Range, type Span, seriesQuery, serviceIncidentsQuery } from "./queries.ts";

interface NowProps {
  monitor: Monitor;
  narrow?: boolean;
  /** The stretch of time that its chart shows, where others on the page follow it. */
  range?: readonly [Span, (span: Span) => void];
}

/** How a monitor does now: state, why, response times, the last check. */
export function MonitorNow({ monitor, narrow, range }: NowProps) {
  // Of what is only told, nothing may take time; a job's runs do.
  const timed = monitor.probed || monitor.latency.p50 !== null;
  return (
    <div className="flex flex-col gap-6">
      <State monitor={monitor} />
      <div className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-4">
        {timed && (
          <>
            <Figure label="Median, 24 h" value={latency(monitor.latency.p50)} />
            <Figure label="95th percentile" value={latency(monitor.latency.p95)} />
          </>
        )}
        <Figure label="Uptime, 24 h" value={uptime(monitor.uptime.day)} />
        <Figure label="Uptime, 30 d" value={uptime(monitor.uptime.month)} />
      </div>
      <GroupMembersCard monitor={monitor} />
      {timed && <ResponseTimes monitor={monitor} narrow={narrow} range={range} />}
      {monitor.last_check && monitor.kind !== "group" && (
        <LastCheck
          check={monitor.last_check}
          title={monitor.probed ? "Last check" : "Last word"}
          narrow={narrow}
        />
      )}
    </div>
  );
}

function State({ monitor }: { monitor: Monitor }) {
  const state = stateOf(monitor);
  // Maintenance hides the status, not what fails beneath it.
  const beneath = state === "maintenance" ? monitor.status : state;
  const failing = beneath === "down" || beneath === "degraded" || beneath === "unknown";
  const failure = failing ? (monitor.last_failure ?? monitor.last_check) : null;
  return (
    <section aria-label="State" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateMark state={state} size={22} />
        <span className="text-lg font-semibold">{STATE_WORDS[state]}</span>
        <span className="text-sm text-muted">
          {state === "maintenance" && `${STATE_WORDS[monitor.status].toLowerCase()} beneath, `}
          for <Duration since={monitor.since} />
        </span>
        <div className="ml-auto w-45 max-sm:w-full">
          <CheckBars checks={monitor.recent} height={24} label={monitor.name} />
        </div>
      </div>
      {failure && (
        <EvidenceLine tone={beneath === "down" ? "down" : "plain"}>{evidenceWords(failure)}</EvidenceLine>
      )}
      {!failing && monitor.last_failure && (
        <p className="text-sm text-muted">
          Last failed <Time at={monitor.last_failure.at} />:{" "}
          <span className="font-mono text-xs">{monitor.last_failure.reason}</span>
        </p>
      )}
      {monitor.blocked_by && (
        <p className="text-sm text-muted">
          Its alerts wait: <strong className="font-medium text-text">{monitor.blocked_by}</strong>, on which
          it depends, is failing.
        </p>
      )}
    </section>
  );
}

const FEW_RANGES: readonly Range[] = ["1h", "24h", "7d", "30d", "1y"];

/** A monitor younger than an hour is looked at closely. */
export function spanFor(monitor: Monitor): Range {
  const first = monitor.recent[0];
  const isYoung = monitor.recent.length < 60 && first !== undefined && toMs(first.at) > nowMs() - 3_600_000;
  return isYoung ? "1h" : "24h";
}

/** The incidents of a service that this monitor had a part in. */
const marksOf = (incidents: readonly Incident[] | undefined, slug: string): ChartMark[] =>
  (incidents ?? [])
    .filter((incident) => incident.alerts.some((alert) => alert.source?.slug === slug))
    .map((incident) => ({ at: incident.started_at, label: `#${incident.number}` }));

function ResponseTimes({ monitor, narrow, range }: NowProps) {
  const own = useState<Span>(() => spanFor(monitor));
  const [span, setSpan] = range ?? own;
  const [mode, setMode] = useState<"total" | "phases">("total");
  const few = usePhone() || narrow;
  const series = useQuery(seriesQuery(monitor.slug, span));
  const incidents = useQuery(serviceIncidentsQuery(monitor.service.slug));
  const marks = useMemo(() => marksOf(incidents.data?.items, monitor.slug), [incidents.data, monitor.slug]);
  return (
    <Card title={monitor.probed ? "Response time" : "How long runs take"}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        <div className="max-w-full overflow-x-auto">
          <Segmented<Range | "zoom">
            label="Range"
            options={[
              ...(typeof span === "string" ? [] : [{ value: "zoom" as const, label: "Zoomed" }]),
              ...RANGES.filter((range) => !few || FEW_RANGES.includes(range.value)),
            ]}
            value={typeof span === "string" ? span : "zoom"}
            onChange={(range) => range !== "zoom" && setSpan(range)}
          />
        </div>
        {/* A job tells how long it took, not where the time went. */}
        {monitor.probed && (
          <Segmented
            label="What is drawn"
            options={[
              { value: "total", label: "Total" },
              { value: "phases", label: "Phases" },
            ]}
            value={mode}
            onChange={setMode}
          />
        )}
      </div>
      <Loaded query={series} skeleton={<Skeleton className="h-64" />}>
        {(data) => (
          <LatencyChart
            series={data}
            mode={mode}
            marks={marks}
            height={narrow ? 180 : 240}
            onZoom={(range) => setSpan(range ?? "24h")}
          />
        )}
      </Loaded>
    </Card>
  );
}

function LastCheck({ check, title, narrow }: { check: Check; title: string; narrow?: boolean }) {
  return (
    <Card
      title={title}
      aside={
        <span className="text-sm text-muted">
          <Time at={check.at} />
        </span>
      }
    >
      <div className={narrow ? "flex flex-col gap-5" : "grid gap-6 lg:grid-cols-2"}>
        <div className="flex flex-col gap-4">
          <p className="font-mono text-sm break-words">{check.reason}</p>
          {check.timings.total !== null && <Waterfall timings={check.timings} />}
        </div>
        {check.evidence && <CheckEvidence evidence={check.evidence} />}
      </div>
    </Card>
  );
}
