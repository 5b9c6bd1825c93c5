import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import { problemQuery, problemsQuery } from "./queries.ts";

/** What the ledger shows: kept in the address, so that it can be shared. Lists are comma-separated. */
export interface LedgerSearch {
  q?: string;
  state?: string;
  /** The slug of a service. */
  service?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const problemsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/problems",
  validateSearch: (search: Record<string, unknown>): LedgerSearch => ({
    q: text(search.q),
    state: text(search.state),
    service: text(search.service),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchInfiniteQuery(problemsQuery(deps)),
  component: lazyRouteComponent(() => import("./problems-page.tsx"), "ProblemsPage"),
});

export const problemRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/problems/$number",
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(problemQuery(params.number)),
  component: lazyRouteComponent(() => import("./problem-page.tsx"), "ProblemPage"),
});

export const problemRoutes = [problemsRoute, problemRoute];
