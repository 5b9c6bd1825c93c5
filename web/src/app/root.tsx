import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { ApiProblem } from "../lib/api.ts";
import { Toaster } from "../ui/toast.tsx";
import { TooltipProvider } from "../ui/tooltip.tsx";
import { ErrorPage, NotFoundPage } from "./error-page.tsx";
import { Frame } from "./frame.tsx";
import { burningQuery, meQuery } from "./session.ts";
import { useAppearance } from "./theme.ts";

function Root() {
  useAppearance();
  return (
    <TooltipProvider skipDelayDuration={200}>
      <Outlet />
      <Toaster />
    </TooltipProvider>
  );
}

/** The root of all routes. Pages without the frame (signing in, the set-up) are its children. */
export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
  errorComponent: ErrorPage,
  notFoundComponent: NotFoundPage,
});

/** Pages with the frame, for people who are signed in. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401)
        throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
      throw error;
    }
  },
  loader: ({ context }) => context.queryClient.prefetchQuery(burningQuery),
});
