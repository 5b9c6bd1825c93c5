import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../app/root.tsx";

const component = lazyRouteComponent(() => import("./setup-page.tsx"), "SetupPage");

/** The printed link carries its one-time token behind the `?`. */
const search = (from: Record<string, unknown>): { token?: string } => ({
  token: typeof from.token === "string" && from.token !== "" ? from.token : undefined,
});

export const setupRoutes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/setup", validateSearch: search, component }),
  createRoute({ getParentRoute: () => rootRoute, path: "/setup/$token", validateSearch: search, component }),
];
