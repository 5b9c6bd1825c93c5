import { type InfiniteData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Activity, Plus } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useInterestSetter } from "../../app/live.ts";
import { useMay } from "../../app/session.ts";
import { useShortcut } from "../../app/shortcuts.ts";
import { useRowHeight } from "../../app/theme.ts";
import { STATE_WORDS } from "../../lib/state.ts";
import type { Monitor, PageOf } from "../../lib/types.ts";
import { buttonClass } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { EmptyState, ErrorState, SkeletonRows } from "../../ui/states.tsx";
import { VirtualTable } from "../../ui/virtual-table.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { monitorColumns } from "./columns.tsx";
import { MonitorFilters } from "./filters.tsx";
import { MonitorPanel } from "./monitor-panel.tsx";
import { kindsQuery, type MonitorFilter, monitorsQuery } from "./queries.ts";
import { type Grouping, monitorsRoute } from "./routes.tsx";

/** All that is loaded so far. */
const rowsOf = (data: InfiniteData<PageOf<Monitor>> | undefined): readonly Monitor[] =>
  data?.pages.flatMap((page) => page.items) ?? [];

const slugOf = (monitor: Monitor): string => monitor.slug;

/** Every monitor; a row opens beside the list. */
export function MonitorsPage() {
  const { open, ...filter } = monitorsRoute.useSearch();
  const navigate = useNavigate();
  const mayEdit = useMay("edit");
  useShortcut(
    {
      keys: "n",
      label: "Add a monitor",
      group: "Monitors",
      run: () => void navigate({ to: "/monitors/new", search: {} }),
    },
    mayEdit,
  );
  return (
    <>
      <PageHeader
        title="Monitors"
        actions={
          mayEdit && (
            <Link to="/monitors/new" search={{}} className={buttonClass("primary")}>
              <Plus size={16} aria-hidden /> Add a monitor
            </Link>
          )
        }
      />
      <MonitorFilters />
      <MonitorList filter={filter} open={open} />
      {open !== undefined && <MonitorPanel slug={open} />}
    </>
  );
}

function MonitorList({ filter, open }: { filter: MonitorFilter; open: string | undefined }) {
  const query = useInfiniteQuery(monitorsQuery(filter));
  const mayEdit = useMay("edit");
  const rowHeight = useRowHeight();
  const rows = useMemo(() => rowsOf(query.data), [query.data]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (slug: string) => setChosen((before) => before.symmetricDifference(new Set([slug]))),
    [],
  );
  const columns = useMemo(
    () => monitorColumns(mayEdit ? { chosen, toggle } : null),
    [mayEdit, chosen, toggle],
  );
  const setInterest = useInterestSetter();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const onVisible = useCallback(
    (seen: readonly Monitor[]) => setInterest(seen.map((monitor) => monitor.id)),
    [setInterest],
  );
  const onOpen = useOpen(filter, open !== undefined);
  const groupOf = useGroupOf(filter.group);

  if (query.isError && rows.length === 0)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isSuccess && rows.length === 0)
    return <Nothing isFiltered={[filter.q, filter.status, filter.service, filter.kind].some(Boolean)} />;
  return (
    <div className="rounded-lg border border-line bg-surface">
      {rows.length === 0 ? (
        <SkeletonRows rows={10} />
      ) : (
        <VirtualTable
          label="Monitors"
          columns={columns}
          rows={rows}
          keyOf={slugOf}
          rowHeight={rowHeight}
          onOpen={onOpen}
          selected={open}
          onNearEnd={onNearEnd}
          onVisible={onVisible}
          groupOf={groupOf}
        />
      )}
      {chosen.size > 0 && (
        <BulkBar monitors={rows.filter(({ slug }) => chosen.has(slug))} onDone={() => setChosen(new Set())} />
      )}
    </div>
  );
}

/** Under what heading a monitor stands; undefined while they are not grouped. */
function useGroupOf(group: Grouping | undefined): ((monitor: Monitor) => string) | undefined {
  const kinds = useQuery(kindsQuery).data?.items;
  return useMemo(() => {
    switch (group) {
      case undefined:
        return undefined;
      case "service":
        return (monitor) => monitor.service.name;
      case "kind":
        return (monitor) => kinds?.find(({ id }) => id === monitor.kind)?.label ?? monitor.kind;
      case "status":
        return (monitor) => (monitor.paused ? "Paused" : STATE_WORDS[monitor.status]);
    }
  }, [group, kinds]);
}

/** Opens a monitor beside the list; going back closes the panel rather than each monitor looked at. */
function useOpen(
  { q, status, service, kind, group }: MonitorFilter,
  replace: boolean,
): (monitor: Monitor) => void {
  const navigate = useNavigate();
  return useCallback(
    ({ slug }) =>
      void navigate({
        to: "/monitors",
        search: { q, status, service, kind, group, open: slug },
        replace,
        resetScroll: false,
      }),
    [navigate, q, status, service, kind, group, replace],
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <EmptyState
        icon={<Activity size={22} />}
        title={isFiltered ? "No monitor fits" : "Nothing is watched yet"}
        action={
          isFiltered ? (
            <Link to="/monitors" search={{}} className={buttonClass()}>
              Show all
            </Link>
          ) : (
            <Link to="/monitors/new" search={{}} className={buttonClass("primary")}>
              Add a monitor
            </Link>
          )
        }
      >
        {isFiltered
          ? "Take a filter away to see more."
          : "A monitor checks an address again and again, and raises an alert when the answer isn't what you expect."}
      </EmptyState>
    </div>
  );
}
