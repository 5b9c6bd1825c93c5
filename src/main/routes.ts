import swaggerUi from "@fastify/swagger-ui";
import { judgeHolds } from "../alert/holds.ts";
import { integrationDoors } from "../alert/integrations/doors.ts";
import { integrationRoutes } from "../alert/integrations/routes.ts";
import { alertRoutes } from "../alert/routes.ts";
import { silenceRoutes } from "../alert/silence/routes.ts";
import { silenceIncident } from "../alert/silence/silences.ts";
import { mutedServices } from "../alert/silence/store.ts";
import { maintenanceRoutes } from "../catalog/maintenance/routes.ts";
import { catalogRoutes } from "../catalog/routes.ts";
import { servicesOfTeam, servicesPerTeam } from "../catalog/services.ts";
import { configRoutes } from "../config/routes.ts";
import type { MailCatcher } from "../demo/mail-catcher.ts";
import { demoRoutes } from "../demo/routes.ts";
import type { SampleShop } from "../demo/sample-shop.ts";
import type { Enrich } from "../incident/enrich.ts";
import { incidentsJson } from "../incident/json.ts";
import { listIncidents } from "../incident/list.ts";
import { pagingResumed } from "../incident/pause.ts";
import { incidentRoutes } from "../incident/routes.ts";
import { learnedOf } from "../learn/links.ts";
import { replaceInActionItems, usesInActionItems } from "../learn/people.ts";
import { learnRoutes } from "../learn/routes.ts";
import { calendarRoute } from "../oncall/calendar/feed-routes.ts";
import { fairnessRoutes } from "../oncall/fairness/routes.ts";
import { calendarImportRoutes } from "../oncall/imports/routes.ts";
import { onCallEverywhere, onCallFor } from "../oncall/on-call.ts";
import { policiesOfServices, setServicePolicy } from "../oncall/policies.ts";
import { oncallRoutes } from "../oncall/routes.ts";
import { replaceInSchedules, usesInSchedules, usesOfTeam } from "../oncall/uses.ts";
import type { Auth } from "../org/auth.ts";
import { authRoutes } from "../org/auth-routes.ts";
import { can, must } from "../org/can.ts";
import { actorOf } from "../org/request.ts";
import { orgRoutes } from "../org/routes.ts";
import { authenticate } from "../org/sessions.ts";
import type { Answer } from "../page/answer.ts";
import { usableMethods } from "../page/contact-methods.ts";
import type { PageDeps } from "../page/engine.ts";
import { pageLinkRoutes } from "../page/link-routes.ts";
import { judgedMethods } from "../page/linted-methods.ts";
import { providerRoutes } from "../page/providers/routes.ts";
import { callbackRoutes } from "../page/replies/callback-routes.ts";
import { pageRoutes } from "../page/routes.ts";
import { writeBackup } from "../platform/backup/write.ts";
import { streamLive } from "../platform/http/live-route.ts";
import type { App } from "../platform/http/server.ts";
import { createReadUrl } from "../platform/net/read-url.ts";
import type { Platform } from "../platform/platform.ts";
import { VERSION } from "../version.ts";
import { deliveryRoutes } from "../views/deliveries/routes.ts";
import { pagesReceived } from "../views/pages-received.ts";
import { reportRoutes } from "../views/report/routes.ts";
import { viewsRoutes } from "../views/routes.ts";
import { badgeRoutes } from "../watch/export/badge-routes.ts";
import { pingRoutes } from "../watch/heartbeat/ping-routes.ts";
import { deleteMonitor } from "../watch/monitors.ts";
import { monitorsNamed, monitorsOfService, statusOfServices } from "../watch/of-services.ts";
import { type CheckNow, monitorRoutes } from "../watch/routes.ts";
import { liveAudience } from "./live-audience.ts";
import { reportPorts } from "./report-ports.ts";

export interface RouteParts {
  auth: Auth;
  page: PageDeps;
  enrich: Enrich;
  checkNow: CheckNow;
  coverage: () => { planned: number; onTime: number };
  shop: SampleShop | undefined;
  mails: MailCatcher | undefined;
  databaseUrl: string;
  ownSecret: string | undefined;
}

/** Joins what every folder serves: the API under /api/v1, sign-in, links in messages, the reference page. */
export async function registerRoutes(app: App, platform: Platform, parts: RouteParts): Promise<void> {
  authenticate(app, platform, parts.auth);
  authRoutes(app, platform, parts.auth);
  pageLinkRoutes(app, platform, parts.page.answer);
  callbackRoutes(app, platform, parts.page);
  badgeRoutes(app, platform);
  calendarRoute(app, platform);
  pingRoutes(app, platform);
  integrationDoors(app, platform);
  await app.register(
    (api, _options, done) => {
      apiRoutes(api as App, platform, parts);
      done();
    },
    { prefix: "/api/v1" },
  );
  await app.register(swaggerUi, { routePrefix: "/api/docs" });
  app.get("/api/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}

function apiRoutes(api: App, platform: Platform, parts: RouteParts): void {
  const { db, clock, url } = platform;
  orgRoutes(api, platform, {
    auth: parts.auth,
    version: VERSION,
    demo: parts.mails !== undefined,
    uses: [usesInSchedules(clock), usesInActionItems],
    replace: [replaceInSchedules, replaceInActionItems],
    teamUses: [servicesOfTeam, usesOfTeam],
    servicesPerTeam,
    pagingResumed,
    onCallOf: async (tx, userId, now) =>
      (await onCallFor(tx, userId, now)).map(({ schedule, until }) => ({
        schedule,
        until: until?.toString() ?? null,
      })),
  });
  catalogRoutes(api, platform, {
    policiesOf: policiesOfServices,
    setPolicy: setServicePolicy,
    statusOf: statusOfServices,
    mutedOf: mutedServices,
    judgeHolds,
    monitorsOf: monitorsOfService,
    removeMonitor: deleteMonitor,
  });
  maintenanceRoutes(api, platform, { monitorsNamed, judgeHolds });
  oncallRoutes(api, platform, { methodsOf: usableMethods, lintedMethodsOf: judgedMethods });
  calendarImportRoutes(api, platform, createReadUrl(parts.page));
  fairnessRoutes(api, platform, {
    pagesFor: (viewer) => (range) => pagesReceived(db, viewer, range),
  });
  monitorRoutes(api, platform, parts.checkNow);
  alertRoutes(api, platform);
  integrationRoutes(api, platform);
  silenceRoutes(api, platform, { monitorsNamed });
  incidentRoutes(api, platform, {
    learnedOf: (tx, ids) => learnedOf(tx, ids, url),
    enrich: parts.enrich,
    silence: silenceIncident,
  });
  pageRoutes(api, platform, parts.page);
  providerRoutes(api, platform, parts.page);
  deliveryRoutes(api, platform);
  learnRoutes(api, platform);
  viewsRoutes(api, platform, {
    burning: async (actor) => {
      const { ids } = await listIncidents(db, actor, { status: "triggered,acknowledged", limit: 50 });
      return incidentsJson(db, ids, {
        url,
        now: clock.now(),
        learnedOf: (tx, of) => learnedOf(tx, of, url),
      });
    },
    onCall: async (actor, at) => (await onCallEverywhere(db, actor, at)).items,
    coverage: parts.coverage,
  });
  reportRoutes(api, platform, reportPorts(platform));
  configRoutes(api, platform);
  if (parts.shop) demoRoutes(api, platform, { shop: parts.shop, mails: parts.mails });
  liveRoute(api, platform, parts.page.answer);
  backupRoute(api, platform, parts);
}

function liveRoute(api: App, platform: Platform, answer: Answer): void {
  const audience = liveAudience(platform.db, answer);
  api.get("/live", { schema: { hide: true } }, (request, reply) => {
    const actor = actorOf(request);
    streamLive(request, reply, {
      live: platform.live,
      clock: platform.clock,
      shows: async (event) => {
        const resource = await audience(event);
        return resource !== null && can(actor, "read", resource);
      },
    });
  });
}

function backupRoute(api: App, platform: Platform, parts: RouteParts): void {
  api.get(
    "/backup",
    { schema: { tags: ["Installation"], summary: "Everything in one file" } },
    (request, reply) => {
      must(actorOf(request), "administer", { type: "installation" });
      const now = platform.clock.now();
      const name = `keepwatch-${now.toString({ smallestUnit: "second" }).replaceAll(":", "")}.backup`;
      const { databaseUrl, ownSecret } = parts;
      return reply
        .type("application/octet-stream")
        .header("content-disposition", `attachment; filename="${name}"`)
        .send(writeBackup({ url: databaseUrl, version: VERSION, now, secret: ownSecret }));
    },
  );
}
