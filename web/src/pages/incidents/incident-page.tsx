import { useQuery } from "@tanstack/react-query";
import type { Incident } from "../../lib/types.ts";
import { useTitle } from "../../ui/page-header.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Failing } from "./failing.tsx";
import { Impact } from "./impact.tsx";
import { IncidentActions } from "./incident-actions.tsx";
import { IncidentHeader } from "./incident-header.tsx";
import { Paged } from "./paged.tsx";
import { PostmortemCard } from "./postmortem-card.tsx";
import { incidentQuery } from "./queries.ts";
import { RepeatCard } from "./repeat-card.tsx";
import { Responders } from "./responders.tsx";
import { incidentRoute } from "./routes.tsx";
import { Runbook } from "./runbook.tsx";
import { SeenBefore } from "./seen-before.tsx";
import { Timeline } from "./timeline.tsx";

/** One incident: what is failing, who has it, what to do. */
export function IncidentPage() {
  const { id } = incidentRoute.useParams();
  const query = useQuery(incidentQuery(id));
  return (
    <Loaded query={query} skeleton={<Waiting />}>
      {(incident) => <Whole key={incident.id} incident={incident} />}
    </Loaded>
  );
}

function Whole({ incident }: { incident: Incident }) {
  useTitle(`#${incident.number} ${incident.title}`);
  return (
    <div className="max-sm:pb-20">
      <IncidentHeader incident={incident} actions={<IncidentActions incident={incident} />} />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="flex min-w-0 flex-col gap-6">
          {incident.status === "resolved" && <PostmortemCard incident={incident} />}
          <Failing incident={incident} />
          <RepeatCard incident={incident} />
          <SeenBefore incident={incident} />
          <Runbook incident={incident} />
          <Impact incident={incident} />
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <Responders incident={incident} />
          <Paged incident={incident} />
          <Timeline incident={incident} />
        </div>
      </div>
    </div>
  );
}

const Waiting = () => (
  <div role="status">
    <span className="sr-only">Loading</span>
    <Skeleton className="mb-3 h-6 w-72" />
    <Skeleton className="mb-8 h-10 w-full max-w-2xl" />
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_26rem]">
      <Skeleton className="h-96" />
      <Skeleton className="h-72" />
    </div>
  </div>
);
