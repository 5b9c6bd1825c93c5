import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import { silencesQuery, windowsQuery } from "./queries.ts";

export type MaintenanceTab = "windows" | "silences" | "held";

export const maintenanceRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/maintenance",
  validateSearch: (search: Record<string, unknown>): { tab?: MaintenanceTab } => ({
    tab: search.tab === "silences" || search.tab === "held" ? search.tab : undefined,
  }),
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(windowsQuery());
    void context.queryClient.prefetchQuery(silencesQuery({ on: true }));
  },
  component: lazyRouteComponent(() => import("./maintenance-page.tsx"), "MaintenancePage"),
});

export const maintenanceRoutes = [maintenanceRoute];
