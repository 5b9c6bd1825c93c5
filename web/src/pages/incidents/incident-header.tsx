import { Link } from "@tanstack/react-router";
import { cn } from "../../lib/cn.ts";
import { listOf } from "../../lib/format.ts";
import { clockTime, toMs } from "../../lib/time.ts";
import type { Incident } from "../../lib/types.ts";
import { IncidentStatusLabel, SeverityBadge } from "../../ui/incident-mark.tsx";
import { Breadcrumb } from "../../ui/page-header.tsx";
import { Person } from "../../ui/small.tsx";
import { Countdown, Duration, Time } from "../../ui/time.tsx";
import { Lasted } from "./columns.tsx";

/** How bad, what, where, since when, who; with the actions beside it. On a phone it stays in sight. */
export function IncidentHeader({ incident, actions }: { incident: Incident; actions: React.ReactNode }) {
  return (
    <>
      <div className="max-sm:hidden">
        <Breadcrumb>
          <Link to="/incidents" search={{}}>
            Incidents
          </Link>
        </Breadcrumb>
      </div>
      <header
        className={cn(
          "mb-6 flex flex-wrap items-start justify-between gap-x-8 gap-y-5",
          "max-sm:sticky max-sm:top-(--header-h) max-sm:z-10 max-sm:-mx-4 max-sm:-mt-6 max-sm:mb-4 max-sm:border-b max-sm:border-line max-sm:bg-surface max-sm:px-4 max-sm:py-3",
        )}
      >
        <div className="min-w-0 flex-1 basis-96 max-sm:basis-full">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <SeverityBadge severity={incident.severity} />
            <IncidentStatusLabel status={incident.status} />
            <span className="text-muted num">
              #{incident.number}
              <span className="max-sm:hidden">
                {incident.service && (
                  <>
                    {" · "}
                    <Link
                      to="/services/$slug"
                      params={{ slug: incident.service.slug }}
                      className="underline-offset-4 hover:underline"
                    >
                      {incident.service.name}
                    </Link>
                  </>
                )}
              </span>
              {" · "}
              <Age incident={incident} />
            </span>
          </div>
          <h1 className="mt-2 text-xl leading-tight font-semibold tracking-tight break-words max-sm:mt-1 max-sm:line-clamp-2 max-sm:text-base">
            {incident.title}
          </h1>
          <div className="mt-3 text-sm max-sm:mt-1.5">
            <WhoLine incident={incident} />
          </div>
        </div>
        {actions}
      </header>
    </>
  );
}

const Age = ({ incident }: { incident: Incident }) =>
  incident.resolved_at === null ? (
    <>
      failing for <Duration since={incident.started_at} />
    </>
  ) : (
    <>
      <Time at={incident.started_at} />, for <Lasted incident={incident} />
    </>
  );

/** Who has it and for how long, or whom it pages and who is next. */
function WhoLine({ incident }: { incident: Incident }) {
  if (incident.status === "resolved") return <Resolved incident={incident} />;
  if (incident.status === "acknowledged")
    return (
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Person name={incident.acknowledged_by?.name ?? "Somebody"} />
        <span className="text-muted">
          {incident.acknowledged_until === null ? (
            <>
              is on it
              {incident.acknowledged_at && (
                <>
                  , for <Duration since={incident.acknowledged_at} />
                </>
              )}
              {incident.acknowledgement_expires_at !== null && (
                <>
                  {"; unless renewed by "}
                  <Time
                    at={incident.acknowledgement_expires_at}
                    format={(ms) => clockTime(ms)}
                    className="font-medium text-text num"
                  />
                  {" it pages again"}
                </>
              )}
            </>
          ) : (
            <>
              put it off until{" "}
              <Time
                at={incident.acknowledged_until}
                format={(ms) => clockTime(ms)}
                className="font-medium text-text num"
              />
              ; then it rings again
            </>
          )}
        </span>
      </span>
    );
  const paged = incident.paged.map((person) => person.name);
  const next = incident.next_escalation;
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      {incident.reached ? (
        <span className="font-medium">Paging {listOf(paged)}</span>
      ) : (
        <span className="font-medium text-down">
          Nobody has been reached{paged.length > 0 && `; tried ${listOf(paged)}`}
        </span>
      )}
      {next && (
        <span className="text-muted">
          {nextWords(next)} in{" "}
          <span className="text-text">
            <Countdown to={next.at} />
          </span>
        </span>
      )}
    </span>
  );
}

function nextWords({ people }: NonNullable<Incident["next_escalation"]>): string {
  const names = listOf(people.map((person) => person.name));
  return names ? `next ${names}` : "nobody is next; tried again";
}

function Resolved({ incident }: { incident: Incident }) {
  return (
    <span className="text-muted">
      Resolved{incident.resolved_by ? ` by ${incident.resolved_by.name}` : ""}
      {incident.resolved_at && (
        <>
          {" at "}
          <Time at={incident.resolved_at} format={(ms) => clockTime(ms)} />
        </>
      )}
      {incident.resolution && `: ${incident.resolution}`}
      {incident.acknowledged_by &&
        incident.acknowledged_at &&
        ` · ${incident.acknowledged_by.name} had it after ${minutesBetween(incident)}`}
    </span>
  );
}

function minutesBetween(incident: Incident): React.ReactNode {
  const ms = toMs(incident.acknowledged_at ?? incident.opened_at) - toMs(incident.opened_at);
  const minutes = Math.round(ms / 60_000);
  return minutes < 1 ? "less than a minute" : `${minutes} min`;
}
