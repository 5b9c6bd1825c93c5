import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { Monitor, PageOf, Policy, Service, Team } from "../../lib/types.ts";

const MOST = 500;

export const servicesQuery = () =>
  queryOptions({
    queryKey: ["services", "list"],
    queryFn: ({ signal }) => api.get<PageOf<Service>>("/services", { limit: MOST }, signal),
  });

export const serviceQuery = (slug: string) =>
  queryOptions({
    queryKey: ["services", "one", slug],
    queryFn: ({ signal }) => api.get<Service>(`/services/${slug}`, {}, signal),
  });

export const serviceMonitorsQuery = (slug: string) =>
  queryOptions({
    queryKey: ["monitors", "of-service", slug],
    queryFn: ({ signal }) => api.get<PageOf<Monitor>>("/monitors", { service: slug, limit: MOST }, signal),
  });

export const teamsQuery = queryOptions({
  queryKey: ["teams", "list"],
  queryFn: ({ signal }) => api.get<PageOf<Team>>("/teams", { limit: MOST }, signal),
});

export const policiesQuery = queryOptions({
  queryKey: ["escalation-policies", "list"],
  queryFn: ({ signal }) => api.get<PageOf<Policy>>("/escalation-policies", { limit: MOST }, signal),
});
