import type { Clock } from "../platform/clock.ts";
import { openDatabase } from "../platform/database/database.ts";
import { createListener } from "../platform/database/listen.ts";
import { createDue } from "../platform/due/due.ts";
import { createLive } from "../platform/live.ts";
import { silentLog as log } from "../platform/log.ts";
import { createMail } from "../platform/mail.ts";
import { createMetrics } from "../platform/metrics.ts";
import { createAddressGuard } from "../platform/net/address-guard.ts";
import { createResolver } from "../platform/net/resolver.ts";
import type { Platform } from "../platform/platform.ts";
import { createSecrets } from "../platform/secrets.ts";
import { type PageDeps, pageEngine } from "./engine.ts";
import { pretended } from "./subject.fixture.ts";

/** What `page` needs of a process, about subjects that always burn. Nothing runs before `start`. */
export interface World extends AsyncDisposable {
  platform: Platform;
  deps: PageDeps;
  start(): Promise<void>;
}

export function openWorld(settings: {
  url: string;
  clock: Clock;
  home?: string;
  connections?: number;
}): World {
  const { url, clock, home = "http://keepwatch.test", connections } = settings;
  const { db, close } = openDatabase({ url, connections });
  const listener = createListener({ url, clock, log });
  const platform: Platform = {
    ...{ db, clock, log, url: home },
    due: createDue({ db, clock, listener, log }),
    live: createLive(listener, log),
    secrets: createSecrets("a secret for tests"),
    metrics: createMetrics(),
    mail: createMail({ url: undefined, from: "" }),
  };
  const deps: PageDeps = {
    resolve: createResolver(),
    guard: createAddressGuard({ ownPorts: [], allowPrivate: true }),
    answer: {
      wanted: async () => ({ yes: true }),
      describe: async (_db, subjectId) => pretended(subjectId),
      resource: async () => null,
      act: async () => ({ done: false, text: "" }),
      briefs: async () => [],
      unreachable: async () => {},
    },
  };
  pageEngine(platform, deps);
  return {
    platform,
    deps,
    async start() {
      await listener.start();
      platform.due.start();
    },
    async [Symbol.asyncDispose]() {
      await platform.due.stop(1_000);
      await listener.stop();
      await close();
    },
  };
}
