import { queryOptions } from "@tanstack/react-query";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { Alert, MaintenanceWindow, PageOf, Silence } from "../../lib/types.ts";

const MOST = 500;

interface About {
  service?: string;
  monitor?: string;
}

/** Maintenance windows, those that are on first; of one service or monitor when that is given. */
export const windowsQuery = (filter: About & { state?: string } = {}) =>
  queryOptions({
    queryKey: ["maintenance-windows", filter],
    queryFn: ({ signal }) =>
      api.get<PageOf<MaintenanceWindow>>("/maintenance-windows", { ...filter, limit: MOST }, signal),
  });

/** Silences and mutes, newest first. */
export const silencesQuery = (filter: { on?: boolean } = {}) =>
  queryOptions({
    queryKey: ["silences", filter],
    queryFn: ({ signal }) => api.get<PageOf<Silence>>("/silences", { ...filter, limit: 100 }, signal),
  });

/** Alerts that fire and page nobody. */
export const heldQuery = (filter: { service?: string } = {}) =>
  queryOptions({
    queryKey: ["alerts", "held", filter],
    queryFn: ({ signal }) =>
      api.get<PageOf<Alert>>("/alerts", { ...filter, status: "firing", held: true, limit: 100 }, signal),
  });

/** Asks anew for everything that shows what is held. */
export function refreshHolds(): void {
  for (const key of ["maintenance-windows", "silences", "alerts", "monitors", "services"])
    void queryClient.invalidateQueries({ queryKey: [key], refetchType: "active" });
}
