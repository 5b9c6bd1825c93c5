import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import { postmortemQuery, postmortemsQuery } from "./queries.ts";

/** What the library shows: kept in the address, so that a search can be shared. Lists are comma-separated. */
export interface LibrarySearch {
  q?: string;
  state?: string;
  service?: string;
  severity?: string;
  tag?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const libraryRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/postmortems",
  validateSearch: (search: Record<string, unknown>): LibrarySearch => ({
    q: text(search.q),
    state: text(search.state),
    service: text(search.service),
    severity: text(search.severity),
    tag: text(search.tag),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchInfiniteQuery(postmortemsQuery(deps)),
  component: lazyRouteComponent(() => import("./library-page.tsx"), "LibraryPage"),
});

export const postmortemRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/postmortems/$id",
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(postmortemQuery(params.id)),
  component: lazyRouteComponent(() => import("./postmortem-page.tsx"), "PostmortemPage"),
});

export const postmortemRoutes = [libraryRoute, postmortemRoute];
