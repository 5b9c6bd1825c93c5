import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";

export const oncallRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/oncall",
    component: lazyRouteComponent(() => import("./oncall-page.tsx"), "OnCallPage"),
  }),
];
