import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { ListMeta } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Incident, Page, PageOf, PolicyInUse, TimelineEntry, User } from "../../lib/types.ts";
import type { IncidentSearch, IncidentTab } from "./routes.tsx";

const PAGE = 50;

export const STATUS_OF_TAB: Record<IncidentTab, string | undefined> = {
  open: "triggered,acknowledged",
  resolved: "resolved",
  all: undefined,
};

export type IncidentFilter = Omit<IncidentSearch, "declare">;

/** Incidents, newest first, fifty at a time. New ones that fit appear by themselves. */
export const incidentsQuery = ({ tab = "open", q, service, severity }: IncidentFilter) => {
  const filter = { status: STATUS_OF_TAB[tab], q, service, severity };
  return infiniteQueryOptions({
    queryKey: ["incidents", "list", "paged", filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<PageOf<Incident>>("/incidents", { ...filter, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    meta: { admits: (it) => fits(it as Incident, filter) } satisfies ListMeta,
  });
};

function fits(
  incident: Incident,
  filter: { status?: string; q?: string; service?: string; severity?: string },
): boolean {
  const among = (list: string | undefined, value: string) =>
    list === undefined || list.split(",").includes(value);
  return (
    among(filter.status, incident.status) &&
    among(filter.severity, incident.severity) &&
    (filter.service === undefined || incident.service?.slug === filter.service) &&
    (filter.q === undefined || incident.title.toLowerCase().includes(filter.q.toLowerCase()))
  );
}

/** One incident by its id or its number. */
export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ["incidents", "one", id],
    queryFn: ({ signal }) => api.get<Incident>(`/incidents/${encodeURIComponent(id)}`, {}, signal),
  });

/** The record, oldest first. `id` is the incident's id, as the live stream names it. */
export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ["incidents", "timeline", id],
    queryFn: ({ signal }) => api.get<PageOf<TimelineEntry>>(`/incidents/${id}/timeline`, {}, signal),
  });

/** Who was paged, which way, and what came of it. */
export const pagesQuery = (id: string) =>
  queryOptions({
    queryKey: ["pages", id],
    queryFn: ({ signal }) => api.get<PageOf<Page>>("/pages", { incident: id, limit: 200 }, signal),
  });

/** The policy as the incident follows it, and what has been changed in it since. */
export const policyInUseQuery = (id: string) =>
  queryOptions({
    queryKey: ["incidents", "policy", id],
    queryFn: ({ signal }) => api.get<PolicyInUse>(`/incidents/${id}/policy`, {}, signal),
  });

/** Everybody who can be named, by name. */
export const peopleQuery = queryOptions({
  queryKey: ["users", "list", {}],
  queryFn: ({ signal }) => api.get<PageOf<User>>("/users", { limit: 500 }, signal),
});

/** Something that looked like this before; what the API gives in `similar`. */
export interface SimilarIncident {
  likeness: "same" | "alike";
  why: string[];
  times: number;
  problem: { number: number; title: string; state: string; url: string } | null;
  incident: { id: string; number: number; title: string; url: string; resolved_at: string | null };
  postmortem: { title: string; url: string } | null;
  fix: string | null;
  open_actions: { title: string; due: string | null; url: string }[];
}
