import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { api } from "../../lib/api.ts";
import type { AuditEntry, PageOf } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { Select } from "../../ui/input.tsx";
import { Older } from "../../ui/older.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { AuditRow } from "./audit-row.tsx";
import { typeWords } from "./changes.ts";
import { type AuditSearch, auditRoute } from "./routes.tsx";

const PAGE = 50;
const TYPES = [
  "action_item",
  "api_token",
  "contact_method",
  "escalation_policy",
  "incident",
  "installation",
  "integration",
  "monitor",
  "override",
  "postmortem",
  "schedule",
  "service",
  "team",
  "user",
] as const;

const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", search],
    queryFn: ({ pageParam, signal }) =>
      api.get<PageOf<AuditEntry>>("/audit", { ...search, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** Who changed what, newest first, with what it was before and after. */
export function AuditPage() {
  const search = auditRoute.useSearch();
  const query = useInfiniteQuery(auditQuery(search));
  return (
    <>
      <PageHeader title="Audit log" lead="Every change, who made it, and what it was before." />
      <Filters search={search} />
      <Card flush>
        <Loaded query={query}>
          {({ pages }) => {
            const entries = pages.flatMap(({ items }) => items);
            return entries.length === 0 ? (
              <EmptyState icon={<ScrollText size={22} />} title="No change matches">
                Take a filter away to see more.
              </EmptyState>
            ) : (
              <ul className="divide-y divide-line">
                {entries.map((entry) => (
                  <AuditRow key={entry.id} entry={entry} />
                ))}
              </ul>
            );
          }}
        </Loaded>
      </Card>
      <Older query={query}>Show older changes</Older>
    </>
  );
}

function Filters({ search }: { search: AuditSearch }) {
  const navigate = useNavigate();
  const set = (change: AuditSearch) =>
    void navigate({
      to: "/settings/audit",
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  const types = [
    ...TYPES,
    ...(search.type && !TYPES.some((type) => type === search.type) ? [search.type] : []),
  ];
  return (
    <div className="mb-4 grid gap-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_13rem]">
      <SearchBox
        label="Search the audit log"
        placeholder="What: a name or an action"
        value={search.q ?? ""}
        onChange={(q) => set({ q: q || undefined })}
      />
      <SearchBox
        label="Who did it"
        placeholder="Who: a part of the name"
        value={search.actor ?? ""}
        onChange={(actor) => set({ actor: actor || undefined })}
      />
      <Select
        label="Kind of thing"
        hideLabel
        value={search.type ?? ""}
        onChange={(type) => set({ type: type || undefined })}
        options={[
          { value: "", label: "Every kind of thing" },
          ...types.map((type) => ({ value: type, label: sentence(type) })),
        ]}
      />
    </div>
  );
}

const sentence = (type: string): string => {
  const words = typeWords(type);
  return (words[0]?.toUpperCase() ?? "") + words.slice(1);
};
