import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";

export const incidentRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/incidents",
    component: lazyRouteComponent(() => import("./incidents-page.tsx"), "IncidentsPage"),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: "/incidents/$id",
    component: lazyRouteComponent(() => import("./incident-page.tsx"), "IncidentPage"),
  }),
];
