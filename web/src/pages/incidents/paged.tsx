import { useQuery } from "@tanstack/react-query";
import { listOf } from "../../lib/format.ts";
import type { Incident, Page } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Countdown } from "../../ui/time.tsx";
import { PageRow } from "./page-row.tsx";
import { pagesQuery } from "./queries.ts";

/** Who was paged, which way, when and what came of it; and who is next. */
export function Paged({ incident }: { incident: Incident }) {
  const query = useQuery(pagesQuery(incident.id));
  return (
    <Card
      title="Paged"
      aside={incident.policy && <span className="truncate text-xs text-muted">{incident.policy.name}</span>}
    >
      {incident.next_escalation && <Next next={incident.next_escalation} />}
      <Loaded query={query} skeleton={<Skeleton className="h-16" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-sm text-muted">
              {incident.status === "resolved" ? "Nobody was paged." : "Nobody has been paged yet."}
            </p>
          ) : (
            <ul className="flex flex-col divide-y divide-line">
              {newestFirst(items).map((page) => (
                <PageRow key={page.id} page={page} incident={incident} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

const newestFirst = (pages: readonly Page[]): readonly Page[] =>
  pages.toSorted((a, b) => b.created_at.localeCompare(a.created_at) || b.level - a.level);

function Next({ next }: { next: NonNullable<Incident["next_escalation"]> }) {
  const names = listOf(
    next.people.map((person) => person.name),
    3,
  );
  return (
    <div className="mb-4 flex items-center justify-between gap-4 rounded-md bg-sunken px-3 py-2.5 text-sm">
      <span className="min-w-0">
        {names === "" ? (
          <span className="text-muted">{next.text}</span>
        ) : (
          <>
            <span className="text-muted">Next: </span>
            <span className="font-medium">{names}</span>
            <span className="text-muted">, level {next.level}</span>
          </>
        )}
      </span>
      <span className="shrink-0 text-lg">
        <Countdown to={next.at} />
      </span>
    </div>
  );
}
