import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { rootRoute } from "../../app/root.tsx";
import { api } from "../../lib/api.ts";
import type { SetupState } from "../../lib/types.ts";

/** Where to go after signing in: a path of this app, never another site. */
const safeNext = (value: unknown): string | undefined =>
  typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: safeNext(search.next) }),
  beforeLoad: async () => {
    const state = await api.get<SetupState>("/setup").catch(() => null);
    if (state?.needed) throw redirect({ to: "/setup" });
  },
  component: lazyRouteComponent(() => import("./sign-in-page.tsx"), "SignInPage"),
});

export const signInRoutes = [
  signInRoute,
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/forgot-password",
    component: lazyRouteComponent(() => import("./forgot-page.tsx"), "ForgotPage"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/reset-password/$token",
    component: lazyRouteComponent(() => import("./reset-page.tsx"), "ResetPage"),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: "/invitation/$token",
    component: lazyRouteComponent(() => import("./invitation-page.tsx"), "InvitationPage"),
  }),
];
