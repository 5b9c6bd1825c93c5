import type { App } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { calendarFeedRoutes } from "./calendar/feed-routes.ts";
import { outOfOfficeRoutes } from "./calendar/out-of-office-routes.ts";
import { generatorRoutes } from "./generator/routes.ts";
import type { LintedMethodsOf } from "./lint-people.ts";
import { reminderRoutes } from "./reminders/routes.ts";
import { personRoutes } from "./routes-people.ts";
import { policyRoutes } from "./routes-policies.ts";
import { scheduleRoutes } from "./routes-schedules.ts";
import type { MethodsOf } from "./simulation.ts";
import { swapRoutes } from "./swaps/routes.ts";

/** What this folder needs of people's contact methods, which `page` keeps. */
export interface OncallPorts {
  methodsOf: MethodsOf;
  /** The same with those that can't be used, and whether each can wake somebody. */
  lintedMethodsOf: LintedMethodsOf;
}

/** Schedules, overrides, escalation policies, notification rules, who is on call, and the simulator. */
export function oncallRoutes(app: App, platform: Platform, ports: OncallPorts): void {
  scheduleRoutes(app, platform);
  policyRoutes(app, platform, ports);
  personRoutes(app, platform, ports);
  outOfOfficeRoutes(app, platform);
  generatorRoutes(app, platform);
  calendarFeedRoutes(app, platform);
  swapRoutes(app, platform);
  reminderRoutes(app, platform);
}
