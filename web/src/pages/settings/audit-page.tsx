import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import type { AuditEntry, PageOf } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Code } from "../../ui/code.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";

/** Who changed what, newest first, with what it was and what it became. */
export function AuditPage() {
  const [q, setQ] = useState("");
  const query = useInfiniteQuery({
    queryKey: ["audit", q],
    queryFn: ({ pageParam, signal }) =>
      api.get<PageOf<AuditEntry>>("/audit", { limit: 50, cursor: pageParam, q }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return (
    <>
      <PageHeader title="Audit log" />
      <Card flush>
        <div className="px-4 pb-4 sm:px-5">
          <SearchBox label="Search the audit log" placeholder="A name, a thing" value={q} onChange={setQ} />
        </div>
        <Loaded query={query}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) return <EmptyState title="Nothing matches">Try fewer words.</EmptyState>;
            return (
              <ul className="divide-y divide-line border-t border-line">
                {items.map((entry) => (
                  <Entry key={entry.id} entry={entry} />
                ))}
              </ul>
            );
          }}
        </Loaded>
        {query.hasNextPage && (
          <div className="border-t border-line p-4 text-center">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show older ones
            </Button>
          </div>
        )}
      </Card>
    </>
  );
}

const shown = (value: unknown): string => JSON.stringify(value, null, 2);
const isEmpty = (value: unknown): boolean => value === null || value === undefined;

function Entry({ entry }: { entry: AuditEntry }) {
  const said = (
    <>
      <span className="font-medium">{entry.actor.name}</span> {entry.action}{" "}
      {entry.object.type.replaceAll("_", " ")} <span className="font-medium">{entry.object.name}</span>
      <span className="ml-2 text-xs text-muted">
        <Time at={entry.at} />
      </span>
    </>
  );
  if (isEmpty(entry.before) && isEmpty(entry.after))
    return <li className="px-4 py-2.5 text-sm sm:px-5">{said}</li>;
  return (
    <li className="px-4 py-2.5 text-sm sm:px-5">
      <details>
        <summary className="cursor-pointer">{said}</summary>
        <div className="mt-2 grid gap-3 sm:grid-cols-2">
          {!isEmpty(entry.before) && (
            <Code label="Before" wrap>
              {shown(entry.before)}
            </Code>
          )}
          {!isEmpty(entry.after) && (
            <Code label="After" wrap>
              {shown(entry.after)}
            </Code>
          )}
        </div>
      </details>
    </li>
  );
}
