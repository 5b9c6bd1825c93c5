import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { appRoute } from "../../app/root.tsx";
import { onCallQuery } from "../../app/session.ts";
import { scheduleQuery } from "./queries.ts";

export type OnCallTab = "now" | "policies" | "load" | "simulate";

const TABS: readonly OnCallTab[] = ["policies", "load", "simulate"];

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const oncallRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/oncall",
  validateSearch: (
    search: Record<string, unknown>,
  ): { tab?: OnCallTab; service?: string; schedule?: string } => ({
    tab: TABS.find((tab) => tab === search.tab),
    service: text(search.service),
    schedule: text(search.schedule),
  }),
  // What the search finds names the schedule behind the `?`.
  beforeLoad: ({ search }) => {
    if (search.schedule !== undefined)
      throw redirect({ to: "/oncall/schedules/$slug", params: { slug: search.schedule } });
  },
  loader: ({ context }) => void context.queryClient.prefetchQuery(onCallQuery),
  component: lazyRouteComponent(() => import("./oncall-page.tsx"), "OnCallPage"),
});

export const reportRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/oncall/report",
  validateSearch: (search: Record<string, unknown>): { team?: string; week?: string } => ({
    team: text(search.team),
    week: text(search.week),
  }),
  component: lazyRouteComponent(() => import("./report-page.tsx"), "ReportPage"),
});

export const newScheduleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/oncall/schedules/new",
  component: lazyRouteComponent(() => import("./schedule-edit-page.tsx"), "NewSchedulePage"),
});

export const scheduleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/oncall/schedules/$slug",
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(scheduleQuery(params.slug)),
  component: lazyRouteComponent(() => import("./schedule-page.tsx"), "SchedulePage"),
});

export const editScheduleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/oncall/schedules/$slug/edit",
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(scheduleQuery(params.slug)),
  component: lazyRouteComponent(() => import("./schedule-edit-page.tsx"), "EditSchedulePage"),
});

export const newPolicyRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/oncall/policies/new",
  component: lazyRouteComponent(() => import("./policy-page.tsx"), "NewPolicyPage"),
});

export const policyRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/oncall/policies/$slug",
  component: lazyRouteComponent(() => import("./policy-page.tsx"), "PolicyPage"),
});

export const oncallRoutes = [
  oncallRoute,
  reportRoute,
  newScheduleRoute,
  scheduleRoute,
  editScheduleRoute,
  newPolicyRoute,
  policyRoute,
];
