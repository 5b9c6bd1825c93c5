import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { PageOf, Policy, Schedule, ShiftOffer, Shifts } from "../../lib/types.ts";

export const schedulesQuery = queryOptions({
  queryKey: ["schedules", "list"],
  queryFn: ({ signal }) => api.get<PageOf<Schedule>>("/schedules", { limit: 500 }, signal),
});

export const scheduleQuery = (slug: string) =>
  queryOptions({
    queryKey: ["schedules", "one", slug],
    queryFn: ({ signal }) => api.get<Schedule>(`/schedules/${slug}`, {}, signal),
  });

/** The final shifts of a stretch, its gaps, and each layer on its own. Instants in ISO. */
export const shiftsQuery = (slug: string, range: { from: string; to: string }) =>
  queryOptions({
    queryKey: ["schedules", "shifts", slug, range.from, range.to],
    queryFn: ({ signal }) => api.get<Shifts>(`/schedules/${slug}/shifts`, { ...range, layers: true }, signal),
    placeholderData: keepPreviousData,
  });

export const policyQuery = (slug: string) =>
  queryOptions({
    queryKey: ["escalation-policies", "one", slug],
    queryFn: ({ signal }) => api.get<Policy>(`/escalation-policies/${slug}`, {}, signal),
  });

/** Shifts that are offered or were taken and aren't over. */
export const offersQuery = queryOptions({
  queryKey: ["oncall", "offers"],
  queryFn: ({ signal }) => api.get<{ items: ShiftOffer[] }>("/shift-offers", {}, signal),
});
