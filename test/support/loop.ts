import assert from "node:assert/strict";
import { alertEngine } from "../../src/alert/engine.ts";
import { judgeHolds } from "../../src/alert/holds.ts";
import { receive } from "../../src/alert/intake.ts";
import { integrationDoors } from "../../src/alert/integrations/doors.ts";
import { integrationRoutes } from "../../src/alert/integrations/routes.ts";
import type { AlertEvent, Source, TriggerEvent } from "../../src/alert/model.ts";
import { alertRoutes } from "../../src/alert/routes.ts";
import { silenceRoutes } from "../../src/alert/silence/routes.ts";
import { silenceIncident } from "../../src/alert/silence/silences.ts";
import { maintenanceEngine } from "../../src/catalog/maintenance/engine.ts";
import { maintenanceRoutes } from "../../src/catalog/maintenance/routes.ts";
import { createService } from "../../src/catalog/services.ts";
import { createAnswer } from "../../src/incident/answer.ts";
import { incidentEngine } from "../../src/incident/engine.ts";
import type { Enrich } from "../../src/incident/enrich.ts";
import { incidentRoutes } from "../../src/incident/routes.ts";
import { createPolicy, setServicePolicy } from "../../src/oncall/policies.ts";
import { level, type TargetInput } from "../../src/oncall/schema.ts";
import { type Actor, type By, by, SYSTEM } from "../../src/org/actor.ts";
import type { Role } from "../../src/org/schema.ts";
import { createTeam } from "../../src/org/teams.ts";
import type { Answer } from "../../src/page/answer.ts";
import { addContactMethod } from "../../src/page/contact-methods.ts";
import { pageEngine } from "../../src/page/engine.ts";
import { pageRoutes } from "../../src/page/routes.ts";
import { later, msBetween } from "../../src/platform/clock.ts";
import type { Tx } from "../../src/platform/database/database.ts";
import { inTransaction } from "../../src/platform/database/transaction.ts";
import { parseDuration } from "../../src/platform/duration.ts";
import { type App, createServer } from "../../src/platform/http/server.ts";
import { newId } from "../../src/platform/ids.ts";
import { silentLog } from "../../src/platform/log.ts";
import { createAddressGuard } from "../../src/platform/net/address-guard.ts";
import { createResolver } from "../../src/platform/net/resolver.ts";
import { monitorsNamed } from "../../src/watch/of-services.ts";
import { type Hooks, startHooks } from "./hooks.ts";
import { type TestPlatform, testPlatform } from "./platform.ts";

export type Person = Actor & { id: string; email: string };

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
  body: any;
}

/** From an alert to the engineer and back, as `main` joins it, with a clock that the test moves. */
export interface Loop extends AsyncDisposable {
  t: TestPlatform;
  app: App;
  answer: Answer;
  hooks: Hooks;
  /** An administrator whom nothing can reach, by whom everything is made. */
  root: Person;
  /** What "seen before" answers; nothing unless set. */
  enrich: Enrich;
  /** "ada" becomes Ada, ada@example.com, reached by so many webhooks (one unless told). */
  person(name: string, options?: { role?: Role; team?: string; methods?: number }): Promise<Person>;
  team(slug: string): Promise<string>;
  /** Each level is a list of people's names and a wait. */
  policy(slug: string, levels: [names: string, wait: string][], more?: object): Promise<string>;
  service(slug: string, policy: string | null, more?: object): Promise<{ id: string; slug: string }>;
  /** Runs a verb by that person, or the administrator. */
  verb<T>(run: (tx: Tx, by: By) => Promise<T>, as?: Actor): Promise<T>;
  /** `call("GET /incidents", ada)`. Without a person: a stranger. */
  call(request: string, as?: Actor, body?: unknown): Promise<Reply>;
  /** The same by the administrator unless told, which must succeed; the answer's body. */
  ok(request: string, as?: Actor, body?: unknown): Promise<Reply["body"]>;
  /** A source says that something fails. */
  trigger(key: string, some?: Partial<TriggerEvent>): Promise<void>;
  resolve(key: string, reason?: string): Promise<void>;
  /** Waits until all that is due has been done. */
  settle(): Promise<void>;
  /** Lets time pass; whatever falls due meanwhile is done at its own instant. */
  pass(duration: string): Promise<void>;
  /** What the incident's record says, oldest first. */
  timeline(number: number): Promise<string[]>;
}

const SOURCE: Source = {
  type: "integration",
  id: "0193588e-0000-7000-8000-0000000000aa",
  slug: "prom",
  name: "Prometheus",
};

/** The clock stands at 2026-11-23T09:00Z unless told. */
export async function startLoop(options: { at?: string } = {}): Promise<Loop> {
  await using stack = new AsyncDisposableStack();
  const hooks = stack.use(await startHooks());
  const t = stack.use(await testPlatform(options));
  const { platform, clock } = t;
  const state: Pick<Loop, "enrich"> = { enrich: { similar: async () => [] } };
  const enrich: Enrich = { similar: (input) => state.enrich.similar(input) };
  const answer = createAnswer(platform, enrich);
  const guard = createAddressGuard({ ownPorts: [], allowPrivate: true });
  const page = { answer, guard, resolve: createResolver() };
  pageEngine(platform, page);
  alertEngine(platform);
  const maintenance = { monitorsNamed, judgeHolds };
  maintenanceEngine(platform, maintenance);
  incidentEngine(platform);
  const { app, call } = await serve(
    (api) => {
      alertRoutes(api, platform);
      integrationRoutes(api, platform);
      silenceRoutes(api, platform, maintenance);
      maintenanceRoutes(api, platform, maintenance);
      const learnedOf = async () => new Map();
      incidentRoutes(api, platform, { enrich, learnedOf, silence: silenceIncident });
      pageRoutes(api, platform, page);
    },
    { url: platform.url, doors: (app) => integrationDoors(app, platform) },
  );
  stack.defer(() => app.close());
  const root = await t.user({ email: "root@example.com", name: "Root", role: "admin" });
  platform.due.start();
  const verb: Loop["verb"] = (run, as = root) =>
    inTransaction(platform.db, (tx) => run(tx, by(platform, as)));
  const time = timeTravel(t);
  const opened = stack.move();
  const ok: Loop["ok"] = async (request, as = root, body) => {
    const reply = await call(request, as, body);
    assert.ok(reply.status < 300, `${request}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const send = (key: string, event: AlertEvent) =>
    inTransaction(platform.db, (tx) => receive(tx, by(platform, SYSTEM), { dedupKey: key, event }));
  return Object.assign(state, {
    ...{ t, app, answer, hooks, root, verb, call, ok, ...time },
    ...making({ t, hooks, verb }),
    trigger: (key: string, some: Partial<TriggerEvent> = {}) =>
      send(key, { ...failure(clock.now().toString()), title: `${key} is down`, ...some }),
    resolve: (key: string, reason = "the check recovered") =>
      send(key, { action: "resolve", source: SOURCE, reason, at: clock.now().toString() }),
    async timeline(number: number): Promise<string[]> {
      const { items } = await ok(`GET /incidents/${number}/timeline`);
      return items.map((entry: { kind: string; text: string }) => `${entry.kind}: ${entry.text}`);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  });
}

const failure = (at: string): TriggerEvent => ({
  action: "trigger",
  source: SOURCE,
  title: "Shop is down",
  reason: "[status] 502, wanted 200–299",
  cause: "status:502",
  severity: "SEV2",
  urgency: "high",
  labels: {},
  evidence: null,
  serviceId: null,
  startedAt: at,
  at,
});

/** Routes on a server that is called without a socket, by whom the test says. */
export async function serve(
  routes: (api: App) => void,
  served: string | { url: string; doors: (app: App) => void },
): Promise<{ app: App; call: Loop["call"] }> {
  const people = new Map<string, Actor>();
  const { url, doors } = typeof served === "string" ? { url: served, doors: () => {} } : served;
  const app = await createServer({ log: silentLog, version: "0", url });
  doors(app);
  app.addHook("onRequest", async (request) => {
    request.actor = people.get(String(request.headers["x-person"]));
  });
  app.register(
    (api: App, _options, done) => {
      routes(api);
      done();
    },
    { prefix: "/api/v1" },
  );
  await app.ready();
  return {
    app,
    async call(request, as, body) {
      const [method, path] = request.split(" ") as ["GET" | "POST", string];
      const key = as ? `${as.type} ${as.id} ${as.role}` : "";
      if (as) people.set(key, as);
      const answer = await app.inject({
        method,
        url: `/api/v1${path}`,
        headers: { "x-person": key },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      const isJson = /json/.test(String(answer.headers["content-type"]));
      return { status: answer.statusCode, body: isJson ? answer.json() : answer.body || null };
    },
  };
}

function making({ t, hooks, verb }: Pick<Loop, "t" | "hooks" | "verb">) {
  const { platform } = t;
  return {
    async person(name: string, { role, team, methods = 1 }: Parameters<Loop["person"]>[1] = {}) {
      const title = name[0]!.toUpperCase() + name.slice(1);
      const actor = await t.user({ email: `${name}@example.com`, name: title, role });
      await inTransaction(platform.db, async (tx) => {
        const hand = { ...by(platform, SYSTEM), managedBy: "config" as const };
        for (let n = 1; n <= methods; n++) {
          const address = { url: `${hooks.url}/${name}/${n}`, secret: "s3cret" };
          await addContactMethod(tx, hand, { userId: actor.id, channel: "webhook", address });
        }
      });
      if (team === undefined) return actor;
      await platform.db.insertInto("team_members").values({ team_id: team, user_id: actor.id }).execute();
      return { ...actor, teams: [team] };
    },
    team: (slug: string) =>
      verb((tx, hand) => createTeam(tx, hand, { slug, name: slug, members: [], leads: [] })),
    policy: (slug: string, levels: [names: string, wait: string][], more: object = {}) =>
      verb((tx, hand) => {
        const targets = (names: string): TargetInput[] =>
          names.split(" ").map((name) => ({ user: `${name}@example.com` }));
        const read = levels.map(([names, wait]) => level.parse({ targets: targets(names), wait }));
        return createPolicy(tx, hand, {
          ...{ slug, name: slug, team: null, repeat: 0, levels: read, fallback: [] },
          ...more,
        });
      }),
    service: (slug: string, policy: string | null, more: object = {}) =>
      verb(async (tx, hand) => {
        const id = await createService(tx, hand, { slug, name: slug, ...more });
        await setServicePolicy(tx, hand, id, policy);
        return { id, slug };
      }),
  };
}

/** Kinds of jobs that this loop does; others wait for who else would do them. */
const KINDS = [
  "intake",
  "deliver",
  "escalate",
  "still_failing",
  "held",
  "auto_resolve",
  "silence",
  "maintenance",
  "heartbeat",
  "group",
  "manual",
];
const PATIENCE_MS = 10_000;

function timeTravel({ platform, clock }: TestPlatform): Pick<Loop, "settle" | "pass"> {
  const { db, due } = platform;
  const jobs = () =>
    db.selectFrom("due_jobs").selectAll().where("dead_at", "is", null).where("kind", "in", KINDS);
  const earliest = () => jobs().orderBy("due_at").limit(1).executeTakeFirst();
  async function settle(): Promise<void> {
    const limitMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const underWay = await jobs()
        .where((eb) => eb.or([eb("lease", "is not", null), eb("due_at", "<=", clock.now())]))
        .execute();
      if (underWay.length === 0 && due.running() === 0) return;
      if (performance.now() > limitMs)
        assert.fail(`this is still to be done: ${JSON.stringify(underWay, null, 2)}`);
      await new Promise((done) => setTimeout(done, 4));
    }
  }
  return {
    settle,
    async pass(duration) {
      const end = later(clock.now(), parseDuration(duration) ?? Number.NaN);
      for (;;) {
        await settle();
        const next = await earliest();
        if (!next || Temporal.Instant.compare(next.due_at, end) > 0) break;
        clock.advance(Math.max(0, msBetween(clock.now(), next.due_at)));
      }
      clock.advance(msBetween(clock.now(), end));
      await settle();
    },
  };
}

/** An id that nothing has. */
export const unusedId = (t: TestPlatform): string => newId(t.clock);
