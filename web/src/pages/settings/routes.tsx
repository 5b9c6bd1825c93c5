import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";

const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings-frame.tsx"), "SettingsFrame"),
});

/** One page each; the first is one's own. */
const pages = [
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "/",
    component: lazyRouteComponent(() => import("./profile-page.tsx"), "ProfilePage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "people",
    component: lazyRouteComponent(() => import("./people-page.tsx"), "PeoplePage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "teams",
    component: lazyRouteComponent(() => import("./teams-page.tsx"), "TeamsPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "tokens",
    component: lazyRouteComponent(() => import("./tokens-page.tsx"), "TokensPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "audit",
    component: lazyRouteComponent(() => import("./audit-page.tsx"), "AuditPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "installation",
    component: lazyRouteComponent(() => import("./installation-page.tsx"), "InstallationPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "caught-mail",
    component: lazyRouteComponent(() => import("./caught-mail-page.tsx"), "CaughtMailPage"),
  }),
] as const;

export const settingsRoutes = [settingsRoute.addChildren(pages)];
