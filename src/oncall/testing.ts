/** The routes of this folder on a fresh database, with people who send requests. For tests. */
import assert from "node:assert/strict";
import { type TestPlatform, testPlatform } from "../../test/support/platform.ts";
import { createService } from "../catalog/services.ts";
import { type Actor, type By, by } from "../org/actor.ts";
import type { Role } from "../org/schema.ts";
import { createTeam } from "../org/teams.ts";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { type App, createServer } from "../platform/http/server.ts";
import { silentLog } from "../platform/log.ts";
import { createPolicy, setServicePolicy } from "./policies.ts";
import { oncallRoutes } from "./routes.ts";
import { createSchedule } from "./schedules.ts";
import { type LayerInput, level, type TargetInput } from "./schema.ts";
import type { MethodRef } from "./simulation.ts";

export type Person = Actor & { id: string; email: string };

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read what the API answered, of whatever shape
  body: any;
}

export interface World extends AsyncDisposable {
  t: TestPlatform;
  app: App;
  /** An administrator, by whom everything is made that a test doesn't make by itself. */
  root: Person;
  /** Contact methods by person's id, as `page` would have them. */
  methods: Map<string, MethodRef[]>;
  /** "ada" becomes ada@example.com, called Ada. */
  person(name: string, options?: { role?: Role; team?: string }): Promise<Person>;
  /** `call("GET /oncall", ada)`. Without a person: a stranger. */
  call(request: string, as?: Actor, body?: unknown): Promise<Answer>;
  /** The same, which must succeed; the answer's body. */
  ok(request: string, as?: Actor, body?: unknown): Promise<Answer["body"]>;
  /** Runs a verb by the administrator. */
  verb<T>(run: (tx: Tx, by: By) => Promise<T>): Promise<T>;
  team(slug: string): Promise<string>;
  schedule(slug: string, layers: LayerInput[], options?: { zone?: string; team?: string }): Promise<string>;
  policy(slug: string, levels: { targets: TargetInput[]; wait?: string }[], more?: object): Promise<string>;
  service(slug: string, policy: string | null, more?: object): Promise<string>;
}

/** Europe/Paris is the zone of schedules unless told; the clock stands at 2026-11-23T09:00Z, a Monday, unless told. */
export async function oncallWorld(at?: string): Promise<World> {
  const t = await testPlatform({ at });
  const { platform } = t;
  const people = new Map<string, Actor>();
  const methods: World["methods"] = new Map();
  const app = await createServer({ log: silentLog, version: "0", url: platform.url });
  app.addHook("onRequest", async (request) => {
    const actor = people.get(String(request.headers["x-person"]));
    if (actor) request.actor = actor;
  });
  const methodsOf = async (_db: unknown, ids: readonly string[]) =>
    new Map(ids.map((id) => [id, methods.get(id) ?? []]));
  app.register(
    (api: App, _options, done) => {
      oncallRoutes(api, platform, { methodsOf, lintedMethodsOf: async () => new Map() });
      done();
    },
    { prefix: "/api/v1" },
  );
  await app.ready();
  const root = await t.user({ email: "root@example.com", name: "Root", role: "admin" });

  const call: World["call"] = async (request, as, body) => {
    const [method, path] = request.split(" ") as ["GET" | "POST", string];
    const name = as?.name ?? "";
    if (as) people.set(name, as);
    const answer = await app.inject({
      method,
      url: `/api/v1${path}`,
      headers: as ? { "x-person": name } : {},
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
  };
  const verb: World["verb"] = (run) => inTransaction(platform.db, (tx) => run(tx, by(platform, root)));

  return {
    ...{ t, app, root, methods, call, verb },
    async ok(request, as = root, body) {
      const answer = await call(request, as, body);
      assert.ok(answer.status < 300, `${request}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    async person(name, { role, team } = {}) {
      const title = name[0]!.toUpperCase() + name.slice(1);
      const actor = await t.user({ email: `${name}@example.com`, name: title, role });
      if (team === undefined) return actor;
      await platform.db.insertInto("team_members").values({ team_id: team, user_id: actor.id }).execute();
      return { ...actor, teams: [team] };
    },
    team: (slug) => verb((tx, by) => createTeam(tx, by, { slug, name: slug, members: [], leads: [] })),
    schedule: (slug, layers, { zone = "Europe/Paris", team = null as string | null } = {}) =>
      verb((tx, by) => createSchedule(tx, by, { slug, name: slug, time_zone: zone, team, layers })),
    policy: (slug, levels, more = {}) =>
      verb((tx, by) => {
        const read = levels.map((each) => level.parse(each));
        return createPolicy(tx, by, {
          ...{ slug, name: slug, team: null, repeat: 0, levels: read, fallback: [] },
          ...more,
        });
      }),
    service: (slug, policy, more = {}) =>
      verb(async (tx, by) => {
        const id = await createService(tx, by, { slug, name: slug, ...more });
        await setServicePolicy(tx, by, id, policy);
        return id;
      }),
    async [Symbol.asyncDispose]() {
      await app.close();
      await t[Symbol.asyncDispose]();
    },
  };
}

/** A weekly rotation, Mondays at nine in the schedule's zone, of people by name. */
export const weekly = (...names: (string | null)[]): LayerInput => ({
  rotation: "weekly",
  starts: "2026-11-23T09:00",
  users: names.map((name) => (name === null ? null : `${name}@example.com`)),
});
