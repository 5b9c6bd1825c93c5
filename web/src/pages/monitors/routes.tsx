import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import { monitorQuery } from "./queries.ts";

/** What the list shows: kept in the address, so that a view can be shared, and named as a saved view. */
export interface MonitorSearch {
  q?: string;
  /** Comma-separated. */
  status?: string;
  service?: string;
  kind?: string;
  /** Slug of the monitor in the side panel. */
  open?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const monitorsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/monitors",
  validateSearch: (search: Record<string, unknown>): MonitorSearch => ({
    q: text(search.q),
    status: text(search.status),
    service: text(search.service),
    kind: text(search.kind),
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import("./monitors-page.tsx"), "MonitorsPage"),
});

export const newMonitorRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/monitors/new",
  validateSearch: (search: Record<string, unknown>): { service?: string; text?: string; kind?: string } => ({
    service: text(search.service),
    text: text(search.text),
    kind: text(search.kind),
  }),
  component: lazyRouteComponent(() => import("./new-page.tsx"), "NewMonitorPage"),
});

export const monitorRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/monitors/$slug",
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(monitorQuery(params.slug)),
  component: lazyRouteComponent(() => import("./monitor-page.tsx"), "MonitorPage"),
});

export const editMonitorRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/monitors/$slug/edit",
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(monitorQuery(params.slug)),
  component: lazyRouteComponent(() => import("./edit-page.tsx"), "EditMonitorPage"),
});

export const monitorRoutes = [monitorsRoute, newMonitorRoute, monitorRoute, editMonitorRoute];
