import { join } from "node:path";
import { alertEngine } from "../alert/engine.ts";
import { judgeHolds } from "../alert/holds.ts";
import { maintenanceEngine } from "../catalog/maintenance/engine.ts";
import { applyFile } from "../config/apply.ts";
import { fillDemo } from "../demo/fill.ts";
import { startMailCatcher } from "../demo/mail-catcher.ts";
import { repointShopMonitors } from "../demo/repoint.ts";
import { startSampleShop } from "../demo/sample-shop.ts";
import { createAnswer } from "../incident/answer.ts";
import { incidentEngine } from "../incident/engine.ts";
import type { Enrich } from "../incident/enrich.ts";
import { learnEngine } from "../learn/engine.ts";
import { similarIncidents } from "../learn/similar.ts";
import { oncallEngine } from "../oncall/engine.ts";
import { importEngine } from "../oncall/imports/engine.ts";
import { reminderEngine } from "../oncall/reminders/engine.ts";
import { lowMethodsOf } from "../oncall/rules.ts";
import { swapEngine } from "../oncall/swaps/review.ts";
import { by, SYSTEM } from "../org/actor.ts";
import { createAuth } from "../org/auth.ts";
import { prepareSetup } from "../org/setup.ts";
import { keepBootstrapToken } from "../org/tokens.ts";
import { pageEngine } from "../page/engine.ts";
import { noticeEngine } from "../page/notices.ts";
import { keepEnvironmentProviders } from "../page/providers/providers.ts";
import { startListening } from "../page/replies/listening.ts";
import { systemClock } from "../platform/clock.ts";
import { electLeader } from "../platform/database/leader.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Environment } from "../platform/environment.ts";
import { type App, createServer } from "../platform/http/server.ts";
import { serveWeb } from "../platform/http/web-route.ts";
import { createAddressGuard } from "../platform/net/address-guard.ts";
import { createReadUrl } from "../platform/net/read-url.ts";
import { createResolver } from "../platform/net/resolver.ts";
import { startParts } from "../platform/parts.ts";
import type { Platform } from "../platform/platform.ts";
import { FELL } from "../platform/rise-again.ts";
import { StartError } from "../platform/start-error.ts";
import { VERSION } from "../version.ts";
import { reportEngine } from "../views/report/engine.ts";
import { checkNowWith } from "../watch/check-now.ts";
import { startWatch, type Watch } from "../watch/engine.ts";
import { groupEngine } from "../watch/group/engine.ts";
import { heartbeatEngine } from "../watch/heartbeat/engine.ts";
import { keepListening } from "../watch/heartbeat/listening.ts";
import { manualEngine } from "../watch/manual/manual.ts";
import { monitorsNamed } from "../watch/of-services.ts";
import { findReferences } from "../watch/sight/references.ts";
import { backgroundParts } from "./background.ts";
import { keepCliToken } from "./cli-token.ts";
import { layFoundation } from "./foundation.ts";
import { healthRoutes } from "./health.ts";
import { methodDisabledEngine, methodsPart } from "./method-disabled.ts";
import { createOwnAlerts, deadJobsPart } from "./own-alerts.ts";
import { reportPorts } from "./report-ports.ts";
import { registerRoutes } from "./routes.ts";
import { stuckPagesPart } from "./stuck-pages.ts";

const WEB = join(import.meta.dirname, "../../dist/web");
const DRAIN_MS = 10_000;
const PROBER_DUTY = 3;
const LISTENER_DUTY = 4;

export const ROLES = ["web", "worker", "prober"] as const;
export type ProcessRole = (typeof ROLES)[number];

export interface ApplicationOptions {
  environment: Environment;
  roles: ReadonlySet<ProcessRole>;
  demo: boolean;
  /** For `${NAME}` in the file that KEEPWATCH_CONFIG names. */
  variables: Readonly<Record<string, string | undefined>>;
}

export interface Application {
  platform: Platform;
  /** Where to go to set up, while nobody is there yet. */
  setupLink: string | undefined;
  /** How to sign in to the demo. */
  demoLogin: string | undefined;
  /** Stops taking work, drains for up to 10 s, closes everything, the database last. */
  stop(): Promise<void>;
}

/** Builds the whole program and starts it. What has been started is stopped again when a later step fails. */
export async function startApplication({
  environment,
  roles,
  demo,
  variables,
}: ApplicationOptions): Promise<Application> {
  await using stack = new AsyncDisposableStack();
  const mails = demo && !environment.smtpUrl ? await startMailCatcher(systemClock) : undefined;
  if (mails) stack.use(mails);
  const foundation = await layFoundation({ environment, smtpUrl: mails?.url });
  stack.defer(() => foundation.close());
  const { platform, databaseUrl, ownSecret } = foundation;
  const shop = roles.has("web")
    ? await startSampleShop({ clock: platform.clock, port: shopPort(environment.port) })
    : undefined;
  if (shop) {
    stack.use(shop);
    await repointShopMonitors(platform.db, shop.url);
  }

  const enrich: Enrich = {
    similar: (input) =>
      similarIncidents(platform.db, { ...input, url: platform.url, at: platform.clock.now() }),
  };
  const answer = createAnswer(platform, enrich);
  const guard = { ownPorts: [environment.port], allowPrivate: environment.allowPrivate };
  const page = { answer, resolve: createResolver(), guard: createAddressGuard(guard) };

  await keepBootstrapToken(platform, environment.apiToken);
  await keepCliToken(platform, environment.dataDir);
  await inTransaction(platform.db, (tx) =>
    keepEnvironmentProviders(tx, by(platform, { ...SYSTEM, name: "the environment" }), variables),
  );
  const setup = await prepareSetup(platform, {
    email: environment.adminEmail,
    password: environment.adminPassword,
  });

  const ownAlerts = createOwnAlerts(platform);
  stack.defer(() => ownAlerts.settled());
  const fell = variables[FELL];
  if (fell) ownAlerts.fell(fell);
  if (environment.configFile)
    ownAlerts.configured(await applyFile(platform, environment.configFile, variables));
  const demoLogin = demo ? await fillDemo(platform, { shopUrl: shop?.url }) : undefined;

  const references = await findReferences(environment.references);
  const watching: { watch: Watch | undefined } = { watch: undefined };
  if (roles.has("prober")) {
    const leader = electLeader({
      url: databaseUrl,
      duty: PROBER_DUTY,
      clock: platform.clock,
      log: platform.log,
      lead: async () => {
        const watch = await startWatch(platform, { guard, references });
        watching.watch = watch;
        return async () => {
          watching.watch = undefined;
          await watch.stop();
        };
      },
    });
    stack.defer(() => leader.stop());
  }
  if (roles.has("worker")) {
    const ear = electLeader({
      url: databaseUrl,
      duty: LISTENER_DUTY,
      clock: platform.clock,
      log: platform.log,
      lead: async () => {
        const listening = await startListening(platform, page);
        return () => listening.stop();
      },
    });
    stack.defer(() => ear.stop());
    pageEngine(platform, page);
    methodDisabledEngine(platform);
    noticeEngine(platform, page, lowMethodsOf(platform));
    alertEngine(platform);
    maintenanceEngine(platform, { monitorsNamed, judgeHolds });
    incidentEngine(platform);
    heartbeatEngine(platform);
    groupEngine(platform);
    manualEngine(platform);
    oncallEngine(platform);
    await swapEngine(platform);
    await reminderEngine(platform);
    importEngine(platform, createReadUrl(page));
    await reportEngine(platform, reportPorts(platform));
    learnEngine(platform);
    platform.due.onDead(ownAlerts.jobDied);
    platform.due.start();
    stack.defer(() => platform.due.stop(DRAIN_MS));
    const parts = startParts(
      [
        ...backgroundParts({
          platform,
          databaseUrl,
          dataDir: environment.dataDir,
          ownSecret,
          deadmanUrl: environment.deadmanUrl,
        }),
        deadJobsPart(platform),
        stuckPagesPart(platform),
        methodsPart(platform),
      ],
      {
        clock: platform.clock,
        log: platform.log,
        onFailure: (part, error) => {
          platform.metrics.partFailures.inc({ part });
          ownAlerts.partFailed(part, error);
        },
        onWell: ownAlerts.partWorks,
      },
    );
    stack.defer(() => parts.stop());
  }

  const app = await createServer({ log: platform.log, version: VERSION, url: environment.url });
  const coverage = () => watching.watch?.coverage() ?? { planned: 0, onTime: 0 };
  healthRoutes(app, platform, {
    probing: () => !roles.has("prober") || watching.watch !== undefined,
    coverage,
    coverageByMonitor: async () => (await watching.watch?.prober.coverageByMonitor()) ?? new Map(),
  });
  if (roles.has("web")) {
    const auth = createAuth({ platform, databaseUrl, port: () => environment.port });
    stack.defer(() => auth.close());
    const checkNow = checkNowWith(platform, () => watching.watch?.prober);
    await registerRoutes(app, platform, {
      auth,
      page,
      enrich,
      checkNow,
      coverage,
      shop,
      mails,
      databaseUrl,
      ownSecret,
    });
    await serveWeb(app, WEB);
  }
  await listen(app, environment);
  stack.defer(() => app.close());
  if (roles.has("web")) {
    const listening = keepListening(platform);
    stack.defer(() => listening.stop());
  }
  const started = stack.move();
  return {
    platform,
    setupLink: demoLogin ? undefined : setup?.link,
    demoLogin,
    stop: () => started.disposeAsync(),
  };
}

/** Beside our own; any free one when ours is any. */
const shopPort = (port: number): number => (port === 0 || port === 65_535 ? 0 : port + 1);

async function listen(app: App, { host, port }: Environment): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!taken) throw error;
    throw new StartError(
      `Port ${port} on ${host} is taken by another program.`,
      "Stop that program, or choose another port with KEEPWATCH_PORT.",
    );
  }
}
