import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { useAcknowledge } from "../../app/acknowledge.ts";
import { useMay } from "../../app/session.ts";
import { cn } from "../../lib/cn.ts";
import { listOf } from "../../lib/format.ts";
import type { Incident } from "../../lib/types.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { IncidentStatusLabel, SeverityBadge } from "../../ui/incident-mark.tsx";
import { Avatars, Person } from "../../ui/small.tsx";
import { Countdown, Duration } from "../../ui/time.tsx";

/** Open incidents, those that nobody has first. One that comes while they are on screen goes beneath them. */
export const Burning = ({ incidents }: { incidents: readonly Incident[] }) => (
  <section aria-label="Open incidents" className="mb-8 flex flex-col gap-3">
    {useSteadyOrder(incidents).map((incident) => (
      <BurningCard key={incident.id} incident={incident} />
    ))}
  </section>
);

/** The order of the first look, kept: no button may jump under a thumb. */
function useSteadyOrder(incidents: readonly Incident[]): readonly Incident[] {
  const order = useRef<readonly string[]>([]);
  const fresh = incidents.filter(({ id }) => !order.current.includes(id)).map(({ id }) => id);
  order.current = [...order.current, ...fresh];
  return incidents.toSorted((a, b) => order.current.indexOf(a.id) - order.current.indexOf(b.id));
}

function BurningCard({ incident }: { incident: Incident }) {
  const acknowledge = useAcknowledge();
  const mayRespond = useMay("respond");
  const waiting = incident.status === "triggered";
  const reason = incident.alerts.find((alert) => alert.status === "firing")?.reason;
  return (
    <article
      className={cn(
        "relative rounded-lg border bg-surface p-4 pl-5 enter-up sm:p-5 sm:pl-6",
        waiting ? "border-down-bar/60" : "border-line",
      )}
    >
      <span
        aria-hidden
        className={cn(
          "absolute inset-y-0 left-0 w-1 rounded-l-lg",
          waiting ? "bg-down-bar" : "bg-degraded-bar",
        )}
      />
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0 flex-1 basis-80">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <SeverityBadge severity={incident.severity} />
            <IncidentStatusLabel status={incident.status} />
            <span className="text-muted num">
              #{incident.number}
              {incident.service && ` · ${incident.service.name}`} · <Duration since={incident.started_at} />
            </span>
          </div>
          <h2 className="mt-2 text-lg leading-snug font-semibold">
            <Link
              to="/incidents/$id"
              params={{ id: incident.id }}
              className="underline-offset-4 hover:underline"
            >
              {incident.title}
            </Link>
          </h2>
          {reason && <p className="mt-1 truncate font-mono text-xs text-muted">{reason}</p>}
          <div className="mt-3 text-sm">
            <Who incident={incident} />
          </div>
        </div>
        <div className="flex gap-2 max-sm:w-full max-sm:*:flex-1">
          {waiting && mayRespond && (
            <Button
              variant="primary"
              size="lg"
              busy={acknowledge.isPending}
              onClick={() => acknowledge.mutate(incident)}
            >
              Acknowledge
            </Button>
          )}
          <Link to="/incidents/$id" params={{ id: incident.id }} className={buttonClass("secondary", "lg")}>
            Open
          </Link>
        </div>
      </div>
    </article>
  );
}

/** Who is on it, or whom it pages and who is next. */
function Who({ incident }: { incident: Incident }) {
  if (incident.acknowledged_by !== null)
    return (
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Person name={incident.acknowledged_by.name} />
        <span className="text-muted">
          is on it
          {incident.acknowledged_at && (
            <>
              , for <Duration since={incident.acknowledged_at} />
            </>
          )}
        </span>
      </span>
    );
  const paged = incident.paged.map((person) => person.name);
  const next = incident.next_escalation;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      {paged.length > 0 ? (
        <span className="inline-flex items-center gap-2">
          <Avatars names={paged} />
          {listOf(paged)} paged
        </span>
      ) : (
        <span className="font-medium text-down">Nobody has been reached</span>
      )}
      {next && (
        <span className="text-muted">
          next {listOf(next.people.map((person) => person.name)) || `level ${next.level}`} in{" "}
          <span className="text-text">
            <Countdown to={next.at} />
          </span>
        </span>
      )}
    </span>
  );
}
