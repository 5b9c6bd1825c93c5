import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import { monitorQuery } from "./queries.ts";

/** What monitors can be listed under. */
export const GROUPINGS = ["service", "kind", "status"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What the list shows: kept in the address, so that a view can be shared, and named as a saved view. */
export interface MonitorSearch {
  q?: string;
  /** Comma-separated. */
  status?: string;
  service?: string;
  kind?: string;
  group?: Grouping;
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
    group: GROUPINGS.find((each) => each === search.group),
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import("./monitors-page.tsx"), "MonitorsPage"),
});

/** What a new monitor begins with. */
interface NewMonitorSearch {
  service?: string;
  text?: string;
  kind?: string;
  /** Slug of the monitor that it is like. */
  copy?: string;
}

export const newMonitorRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/monitors/new",
  validateSearch: (search: Record<string, unknown>): NewMonitorSearch => ({
    service: text(search.service),
    text: text(search.text),
    kind: text(search.kind),
    copy: text(search.copy),
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
