import { createRouter } from "@tanstack/react-router";
import { incidentRoutes } from "../pages/incidents/routes.tsx";
import { maintenanceRoutes } from "../pages/maintenance/routes.tsx";
import { monitorRoutes } from "../pages/monitors/routes.tsx";
import { oncallRoutes } from "../pages/oncall/routes.tsx";
import { overviewRoutes } from "../pages/overview/routes.tsx";
import { postmortemRoutes } from "../pages/postmortems/routes.tsx";
import { problemRoutes } from "../pages/problems/routes.tsx";
import { serviceRoutes } from "../pages/services/routes.tsx";
import { settingsRoutes } from "../pages/settings/routes.tsx";
import { setupRoutes } from "../pages/setup/routes.tsx";
import { signInRoutes } from "../pages/sign-in/routes.tsx";
import { ErrorPage, NotFoundPage } from "./error-page.tsx";
import { onSignedOut, queryClient } from "./query.ts";
import { appRoute, rootRoute } from "./root.tsx";

const routeTree = rootRoute.addChildren([
  ...signInRoutes,
  ...setupRoutes,
  appRoute.addChildren([
    ...overviewRoutes,
    ...incidentRoutes,
    ...maintenanceRoutes,
    ...monitorRoutes,
    ...oncallRoutes,
    ...postmortemRoutes,
    ...problemRoutes,
    ...serviceRoutes,
    ...settingsRoutes,
  ]),
]);

/** Every page of the app; each is loaded when it is first wanted, or pointed at. */
export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

onSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (pathname === "/sign-in") return;
  queryClient.clear();
  void router.navigate({ to: "/sign-in", search: { next: href } });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
