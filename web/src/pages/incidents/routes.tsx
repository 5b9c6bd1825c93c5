import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import { incidentQuery } from "./queries.ts";

export type IncidentTab = "open" | "resolved" | "all";

/** What the list shows: kept in the address, so that it can be shared. */
export interface IncidentSearch {
  tab?: IncidentTab;
  q?: string;
  service?: string;
  /** Comma-separated. */
  severity?: string;
  /** With this the dialog to declare one is open. */
  declare?: true;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const incidentsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/incidents",
  validateSearch: (search: Record<string, unknown>): IncidentSearch => ({
    tab: search.tab === "resolved" || search.tab === "all" ? search.tab : undefined,
    q: text(search.q),
    service: text(search.service),
    severity: text(search.severity),
    declare: search.declare === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import("./incidents-page.tsx"), "IncidentsPage"),
});

/** Where the palette leads for declaring one: the list with its dialog. */
const newIncidentRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/incidents/new",
  beforeLoad: () => {
    throw redirect({ to: "/incidents", search: { declare: true } });
  },
});

export const incidentRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/incidents/$id",
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(incidentQuery(params.id)),
  component: lazyRouteComponent(() => import("./incident-page.tsx"), "IncidentPage"),
});

export const incidentRoutes = [incidentsRoute, newIncidentRoute, incidentRoute];
