import { Link } from "@tanstack/react-router";
import { cn } from "../../lib/cn.ts";
import { relative } from "../../lib/time.ts";
import type { Incident } from "../../lib/types.ts";
import { IncidentStatusLabel, SeverityBadge } from "../../ui/incident-mark.tsx";
import { Duration, Time } from "../../ui/time.tsx";
import { Lasted } from "./columns.tsx";
import { Who } from "./who.tsx";

/** Incidents on a phone: one card each, the whole card is the way in. */
export const IncidentCards = ({ incidents }: { incidents: readonly Incident[] }) => (
  <ul className="flex flex-col gap-3">
    {incidents.map((incident) => (
      <li key={incident.id}>
        <Link
          to="/incidents/$id"
          params={{ id: incident.id }}
          className={cn(
            "block rounded-lg border bg-surface p-4",
            incident.status === "triggered" ? "border-down-bar/60" : "border-line",
          )}
        >
          <span className="flex items-center gap-3 text-sm">
            <SeverityBadge severity={incident.severity} />
            <IncidentStatusLabel status={incident.status} />
            <span className="ml-auto text-xs text-faint num">#{incident.number}</span>
          </span>
          <span className="mt-2 block leading-snug font-semibold">{incident.title}</span>
          <span className="mt-2 flex items-center justify-between gap-3 text-xs text-muted">
            <span className="min-w-0 truncate">
              <Who incident={incident} />
            </span>
            <span className="shrink-0">
              {incident.status === "resolved" ? (
                <>
                  <Time at={incident.started_at} format={relative} />, for <Lasted incident={incident} />
                </>
              ) : (
                <Duration since={incident.started_at} />
              )}
            </span>
          </span>
        </Link>
      </li>
    ))}
  </ul>
);
