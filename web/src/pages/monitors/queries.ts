import { infiniteQueryOptions, keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import type { Day, GroupMembers, Incident, KindInfo, Monitor, PageOf, Series } from "../../lib/types.ts";
import type { Grouping } from "./routes.tsx";

export interface MonitorFilter {
  q?: string;
  status?: string;
  service?: string;
  kind?: string;
  group?: Grouping;
}

const PAGE = 100;

/** Monitors by name, a hundred at a time. */
export const monitorsQuery = (filter: MonitorFilter) =>
  infiniteQueryOptions({
    queryKey: ["monitors", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<PageOf<Monitor>>(
        "/monitors",
        { ...withoutGroup(filter), sort: filter.group, limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

const withoutGroup = ({ group: _, ...filter }: MonitorFilter) => filter;

export const monitorQuery = (slug: string) =>
  queryOptions({
    queryKey: ["monitors", "one", slug],
    queryFn: ({ signal }) => api.get<Monitor>(`/monitors/${slug}`, {}, signal),
  });

/** Beneath `monitors`, so that what the live stream tells of a member shows here. */
export const membersQuery = (slug: string) =>
  queryOptions({
    queryKey: ["monitors", "members", slug],
    queryFn: ({ signal }) => api.get<GroupMembers>(`/monitors/${slug}/members`, {}, signal),
  });

/** The kinds with their forms; they change only with the program. */
export const kindsQuery = queryOptions({
  queryKey: ["monitor-kinds"],
  queryFn: () => api.get<{ items: KindInfo[] }>("/monitors/kinds"),
  staleTime: Number.POSITIVE_INFINITY,
});

/** False of a kind that waits to be told: there is nothing to try, and no rhythm. Undefined until that is known. */
export const useProbed = (kind: string): boolean | undefined => {
  const kinds = useQuery(kindsQuery);
  return kinds.data && (kinds.data.items.find((each) => each.id === kind)?.probed ?? true);
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const RANGES = [
  { value: "1h", label: "1 h", ms: HOUR },
  { value: "6h", label: "6 h", ms: 6 * HOUR },
  { value: "24h", label: "24 h", ms: DAY },
  { value: "7d", label: "7 d", ms: 7 * DAY },
  { value: "30d", label: "30 d", ms: 30 * DAY },
  { value: "90d", label: "90 d", ms: 90 * DAY },
  { value: "1y", label: "1 y", ms: 365 * DAY },
] as const;
export type Range = (typeof RANGES)[number]["value"];

/** A stretch of time: a range up to now, or a fixed one that was zoomed to. */
export type Span = Range | { from: number; to: number };

const spanKey = (span: Span): string => (typeof span === "string" ? span : `${span.from}-${span.to}`);

function spanQuery(span: Span): { from: string; to: string } {
  const to = typeof span === "string" ? nowMs() : span.to;
  const from =
    typeof span === "string" ? to - (RANGES.find((range) => range.value === span)?.ms ?? HOUR) : span.from;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Short ranges follow the present. */
const FOLLOWED: readonly Span[] = ["1h", "6h"];

export const seriesQuery = (slug: string, span: Span) =>
  queryOptions({
    queryKey: ["series", slug, spanKey(span)],
    queryFn: ({ signal }) => api.get<Series>(`/monitors/${slug}/series`, spanQuery(span), signal),
    placeholderData: keepPreviousData,
    refetchInterval: FOLLOWED.includes(span) ? 30_000 : false,
  });

export const daysQuery = (slug: string, zone: string) =>
  queryOptions({
    queryKey: ["monitor-days", slug, zone],
    queryFn: ({ signal }) => api.get<{ items: Day[] }>(`/monitors/${slug}/days`, { time_zone: zone }, signal),
  });

/** Incidents of a service, newest first; a monitor's page picks its own. */
export const serviceIncidentsQuery = (service: string) =>
  queryOptions({
    queryKey: ["incidents", "list", { service }],
    queryFn: ({ signal }) => api.get<PageOf<Incident>>("/incidents", { service, limit: 50 }, signal),
  });
