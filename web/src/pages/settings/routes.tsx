import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import type { ActiveFilter } from "./queries.ts";

const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings-frame.tsx"), "SettingsFrame"),
});

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** What the list of people shows: those with access unless said otherwise. */
export interface PeopleSearch {
  q?: string;
  active?: ActiveFilter;
}

export const peopleRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "people",
  validateSearch: (search: Record<string, unknown>): PeopleSearch => ({
    q: text(search.q),
    active: search.active === "false" || search.active === "all" ? search.active : undefined,
  }),
  component: lazyRouteComponent(() => import("./people-page.tsx"), "PeoplePage"),
});

/** What the audit log shows, kept in the address. */
export interface AuditSearch {
  q?: string;
  actor?: string;
  type?: string;
}

export const auditRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "audit",
  validateSearch: (search: Record<string, unknown>): AuditSearch => ({
    q: text(search.q),
    actor: text(search.actor),
    type: text(search.type),
  }),
  component: lazyRouteComponent(() => import("./audit-page.tsx"), "AuditPage"),
});

export const integrationRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "integrations/$slug",
  component: lazyRouteComponent(() => import("./integrations/integration-page.tsx"), "IntegrationPage"),
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
    path: "contact",
    component: lazyRouteComponent(() => import("./contact-page.tsx"), "ContactPage"),
  }),
  peopleRoute,
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "teams",
    component: lazyRouteComponent(() => import("./teams-page.tsx"), "TeamsPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "integrations",
    component: lazyRouteComponent(() => import("./integrations/integrations-page.tsx"), "IntegrationsPage"),
  }),
  integrationRoute,
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "providers",
    component: lazyRouteComponent(() => import("./providers-page.tsx"), "ProvidersPage"),
  }),
  createRoute({
    getParentRoute: () => settingsRoute,
    path: "tokens",
    component: lazyRouteComponent(() => import("./tokens-page.tsx"), "TokensPage"),
  }),
  auditRoute,
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
