import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listOf, plural } from "../../lib/format.ts";
import type { Incident, Page } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Countdown } from "../../ui/time.tsx";
import { PageRow } from "./page-row.tsx";
import { PolicyInUse } from "./policy-in-use.tsx";
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
      {incident.policy && <PolicyInUse incident={incident} policy={incident.policy} />}
      <Loaded query={query} skeleton={<Skeleton className="h-16" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-sm text-muted">
              {incident.status === "resolved" ? "Nobody was paged." : "Nobody has been paged yet."}
            </p>
          ) : (
            <Pages pages={newestFirst(items)} incident={incident} />
          )
        }
      </Loaded>
    </Card>
  );
}

/** How many stand there at first: those of the last run matter now, the earlier ones are for later. */
const SHOWN = 4;

function Pages({ pages, incident }: { pages: readonly Page[]; incident: Incident }) {
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(0, pages.length - SHOWN);
  return (
    <>
      <ul className="flex flex-col divide-y divide-line">
        {pages.slice(0, pages.length - hidden).map((page) => (
          <PageRow key={page.id} page={page} incident={incident} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button size="sm" variant="ghost" className="mt-2 -ml-3 max-sm:h-11" onClick={() => setAll(true)}>
          Show {plural(hidden, "earlier page")}
        </Button>
      )}
    </>
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
