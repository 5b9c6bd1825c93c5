import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";

export const postmortemRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/postmortems",
    component: lazyRouteComponent(() => import("./postmortems-page.tsx"), "PostmortemsPage"),
  }),
];
