import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Flame, ShieldCheck } from "lucide-react";
import { useBurning, useMay } from "../../app/session.ts";
import { usePhone } from "../../app/theme.ts";
import type { Incident } from "../../lib/types.ts";
import { buttonClass } from "../../ui/button.tsx";
import { Older } from "../../ui/older.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { incidentColumns } from "./columns.tsx";
import { DeclareDialog } from "./declare-dialog.tsx";
import { IncidentCards } from "./incident-cards.tsx";
import { IncidentFilters } from "./incident-filters.tsx";
import { type IncidentFilter, incidentsQuery } from "./queries.ts";
import { incidentsRoute } from "./routes.tsx";

/** What people respond to: open ones first, and everything that was. */
export function IncidentsPage() {
  const { declare, ...filter } = incidentsRoute.useSearch();
  const navigate = useNavigate();
  const mayRespond = useMay("respond");
  return (
    <>
      <PageHeader
        title="Incidents"
        actions={
          mayRespond && (
            <Link to="/incidents" search={{ ...filter, declare: true }} className={buttonClass("primary")}>
              <Flame size={16} aria-hidden /> Declare an incident
            </Link>
          )
        }
      />
      <IncidentFilters filter={filter} />
      <IncidentList filter={filter} />
      {declare && mayRespond && (
        <DeclareDialog
          service={filter.service}
          onClose={() => void navigate({ to: "/incidents", search: filter, replace: true })}
        />
      )}
    </>
  );
}

function IncidentList({ filter }: { filter: IncidentFilter }) {
  const query = useInfiniteQuery(incidentsQuery(filter));
  const navigate = useNavigate();
  const phone = usePhone();
  const open = (incident: Incident) => void navigate({ to: "/incidents/$id", params: { id: incident.id } });
  return (
    <div className={phone ? "" : "rounded-lg border border-line bg-surface"}>
      <Loaded query={query}>
        {({ pages }) => {
          const rows = inOrder(
            pages.flatMap((page) => page.items),
            filter,
          );
          if (rows.length === 0) return <Nothing filter={filter} />;
          return phone ? (
            <IncidentCards incidents={rows} />
          ) : (
            <Table
              label="Incidents"
              columns={incidentColumns(filter.tab ?? "open")}
              rows={rows}
              keyOf={(incident) => incident.id}
              onOpen={open}
            />
          );
        }}
      </Loaded>
      <Older query={query} />
    </div>
  );
}

/** Open ones: those that nobody has first, then the worst. Everything else as it comes, newest first. */
function inOrder(incidents: readonly Incident[], { tab = "open" }: IncidentFilter): readonly Incident[] {
  if (tab !== "open") return incidents;
  const waits = (incident: Incident) => (incident.status === "triggered" ? 0 : 1);
  return incidents.toSorted((a, b) => waits(a) - waits(b) || a.severity.localeCompare(b.severity));
}

function Nothing({ filter: { tab = "open", ...rest } }: { filter: IncidentFilter }) {
  const isFiltered = Object.values(rest).some(Boolean);
  const total = useBurning().length;
  const frame = "max-sm:rounded-lg max-sm:border max-sm:border-line max-sm:bg-surface";
  if (isFiltered)
    return (
      <div className={frame}>
        <EmptyState
          icon={<Flame size={22} />}
          title="No incident fits"
          action={
            <Link to="/incidents" search={{ tab }} className={buttonClass()}>
              Show all
            </Link>
          }
        >
          {tab === "open" && total === 0 ? "Nothing is open at all." : "Take a filter away to see more."}
        </EmptyState>
      </div>
    );
  return (
    <div className={frame}>
      {tab === "open" ? (
        <EmptyState
          icon={<ShieldCheck size={22} />}
          title="Nothing is burning"
          action={
            <Link to="/incidents" search={{ tab: "resolved" }} className={buttonClass()}>
              Look at earlier ones
            </Link>
          }
        >
          When a check fails, or somebody declares an incident, it stands here with who is on it.
        </EmptyState>
      ) : (
        <EmptyState icon={<ShieldCheck size={22} />} title="No incident yet">
          Each one is kept here with its record, so that the next is shorter.
        </EmptyState>
      )}
    </div>
  );
}
