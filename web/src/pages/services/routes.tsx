import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import { serviceQuery, servicesQuery } from "./queries.ts";

export const servicesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/services",
  loader: ({ context }) => void context.queryClient.prefetchQuery(servicesQuery()),
  component: lazyRouteComponent(() => import("./services-page.tsx"), "ServicesPage"),
});

export const serviceRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/services/$slug",
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(serviceQuery(params.slug)),
  component: lazyRouteComponent(() => import("./service-page.tsx"), "ServicePage"),
});

export const serviceRoutes = [servicesRoute, serviceRoute];
