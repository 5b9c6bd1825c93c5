import { ManualClock } from "../platform/clock.ts";
import { openDatabase } from "../platform/database/database.ts";
import { createListener } from "../platform/database/listen.ts";
import { createDue } from "../platform/due/due.ts";
import { armFailpoint } from "../platform/failpoint.ts";
import { createLive } from "../platform/live.ts";
import { silentLog as log } from "../platform/log.ts";
import { createMail } from "../platform/mail.ts";
import { createMetrics } from "../platform/metrics.ts";
import { createAddressGuard } from "../platform/net/address-guard.ts";
import { createResolver } from "../platform/net/resolver.ts";
import { createSecrets } from "../platform/secrets.ts";
import { pageEngine } from "./engine.ts";
import { pretended } from "./subject.fixture.ts";

/** A worker in a process of its own, which may die: database, time of its clock, and where it is to die. */
const [url = "", at = "", failpoint] = process.argv.slice(2);
armFailpoint(failpoint);
const clock = new ManualClock(at);
const { db, close } = openDatabase({ url, connections: 4 });
const listener = createListener({ url, clock, log });
const due = createDue({ db, clock, listener, log });
const platform = {
  db,
  clock,
  log,
  due,
  live: createLive(listener, log),
  secrets: createSecrets("a secret for tests"),
  metrics: createMetrics(),
  mail: createMail({ url: undefined, from: "" }),
  url: "http://keepwatch.test",
};
pageEngine(platform, {
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
});
await listener.start();
due.start();
for (let tries = 0; tries < 1_000; tries++) {
  const left = await db.selectFrom("due_jobs").select("id").execute();
  if (left.length === 0) break;
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await due.stop(1_000);
await listener.stop();
await close();
