import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import { overviewQuery } from "./query.ts";

export const overviewRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: "/",
    loader: ({ context }) => void context.queryClient.prefetchQuery(overviewQuery),
    component: lazyRouteComponent(() => import("./overview-page.tsx"), "OverviewPage"),
  }),
];
