import { Link } from "@tanstack/react-router";
import { date, duration, toMs } from "../../lib/time.ts";
import type { Incident } from "../../lib/types.ts";
import { IncidentStatusLabel, SeverityBadge } from "../../ui/incident-mark.tsx";
import type { Column } from "../../ui/table.tsx";
import { Duration, Time } from "../../ui/time.tsx";
import type { IncidentTab } from "./routes.tsx";
import { Who } from "./who.tsx";

const severity: Column<Incident> = {
  id: "severity",
  header: "Severity",
  width: "72px",
  cell: (incident) => <SeverityBadge severity={incident.severity} />,
};
const state: Column<Incident> = {
  id: "state",
  header: "State",
  width: "132px",
  cell: (incident) => <IncidentStatusLabel status={incident.status} />,
};
const title: Column<Incident> = {
  id: "title",
  header: "Incident",
  width: "minmax(0,2.4fr)",
  cell: (incident) => (
    <span className="flex min-w-0 items-baseline gap-2">
      <Link
        to="/incidents/$id"
        params={{ id: incident.id }}
        tabIndex={-1}
        className="truncate font-medium underline-offset-4 hover:underline"
      >
        {incident.title}
      </Link>
      <span className="shrink-0 text-xs text-faint num">#{incident.number}</span>
    </span>
  ),
};
const service: Column<Incident> = {
  id: "service",
  header: "Service",
  width: "minmax(0,1fr)",
  hide: "tablet",
  cell: (incident) => (
    <span className="block truncate text-muted">{incident.service?.name ?? "no service"}</span>
  ),
};
const who: Column<Incident> = {
  id: "who",
  header: "Who",
  width: "minmax(0,1.1fr)",
  cell: (incident) => <Who incident={incident} />,
};
const age: Column<Incident> = {
  id: "age",
  header: "Failing for",
  width: "112px",
  align: "right",
  cell: (incident) => <Duration since={incident.started_at} until={incident.resolved_at} />,
};
const began: Column<Incident> = {
  id: "began",
  header: "Began",
  width: "96px",
  align: "right",
  hide: "tablet",
  cell: (incident) => (
    <span className="text-muted">
      <Time at={incident.started_at} format={date} />
    </span>
  ),
};
const lasted: Column<Incident> = {
  id: "lasted",
  header: "Lasted",
  width: "96px",
  align: "right",
  cell: (incident) => <Lasted incident={incident} />,
};

/** How long it lasted, or has lasted so far. */
export const Lasted = ({ incident }: { incident: Incident }) =>
  incident.resolved_at === null ? (
    <Duration since={incident.started_at} />
  ) : (
    <span className="num">{duration(toMs(incident.resolved_at) - toMs(incident.started_at))}</span>
  );

const OPEN = [severity, state, title, service, who, age];
const RESOLVED = [severity, title, service, who, began, lasted];
const ALL = [severity, state, title, service, who, began, lasted];

/** What a list of incidents shows: a list of resolved ones need not say so on every row. */
export const incidentColumns = (tab: IncidentTab): readonly Column<Incident>[] =>
  ({ open: OPEN, resolved: RESOLVED, all: ALL })[tab];
