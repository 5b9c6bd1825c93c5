import assert from "node:assert/strict";
import { test } from "node:test";
import { type Person, type TestServer, testServer } from "../org/fixtures/server.ts";
import { invalid } from "../platform/refusal.ts";
import type { Named, ServicePorts } from "./ports.ts";
import { catalogRoutes } from "./routes.ts";
import { servicesOfTeam, servicesPerTeam } from "./services.ts";

/** The folders above, as far as services are concerned. */
function above() {
  const policies = new Map<string, Named>();
  const monitors: Named[] = [];
  const ports: ServicePorts = {
    policiesOf: async () => policies,
    setPolicy: async (_tx, _by, serviceId, slug) => {
      if (slug === "nope") throw invalid("/escalation_policy", 'There is no escalation policy "nope".');
      if (slug === null) policies.delete(serviceId);
      else policies.set(serviceId, { slug, name: slug });
    },
    statusOf: async (_db, ids) =>
      new Map(ids.map((id) => [id, { status: "up", monitors: monitors.length, open_incidents: 0 }])),
    mutedOf: async () => new Map(),
    judgeHolds: async () => {},
    monitorsOf: async () => [...monitors],
    removeMonitor: async (_tx, _by, slug) => {
      monitors.splice(
        monitors.findIndex((monitor) => monitor.slug === slug),
        1,
      );
    },
  };
  return { ports, monitors };
}

const serve = (ports = above().ports): Promise<TestServer> =>
  testServer({
    deps: { servicesPerTeam, teamUses: [servicesOfTeam] },
    routes: (app, t) => catalogRoutes(app, t.platform, ports),
  });

const slugs = (body: { items: { slug: string }[] }) => body.items.map((item) => item.slug);

async function withTeams(server: TestServer): Promise<{ ada: Person; bo: Person; cy: Person }> {
  const ada = await server.person("ada@example.com", { role: "admin" });
  for (const slug of ["web", "data"])
    await server.call("POST /teams", { as: ada, body: { slug, name: slug } });
  const bo = await server.person("bo@example.com", { teams: ["web"] });
  const cy = await server.person("cy@example.com", { teams: ["data"] });
  return { ada, bo, cy };
}

test("a service is created with its defaults, shown, changed and written down", async () => {
  await using server = await serve();
  const { ada, bo } = await withTeams(server);
  const made = await server.call("POST /services", {
    as: bo,
    body: { slug: "shop", name: "Shop", team: "web" },
  });
  assert.equal(made.status, 201);
  const { id, created_at, ...rest } = made.body;
  assert.deepEqual(rest, {
    slug: "shop",
    name: "Shop",
    description: "",
    team: { slug: "web", name: "web" },
    escalation_policy: null,
    urgency: "high",
    depends_on: [],
    runbook: null,
    support_hours: null,
    support: null,
    visibility: "company",
    managed_by: "ui",
    status: "up",
    monitors: 0,
    open_incidents: 0,
    maintenance: null,
    muted: null,
  });
  const patch = { runbook: { url: "https://example.com/runbook" }, urgency: "low", escalation_policy: "web" };
  const changed = await server.call("PATCH /services/shop", { as: bo, body: patch });
  assert.deepEqual(
    [changed.body.runbook, changed.body.urgency, changed.body.name],
    [patch.runbook, "low", "Shop"],
  );
  assert.deepEqual(changed.body.escalation_policy, { slug: "web", name: "web" });
  const cleared = await server.call("PATCH /services/shop", { as: bo, body: { runbook: null } });
  assert.equal(cleared.body.runbook, null);
  const { items } = (await server.call(`GET /audit?type=service&object=${id}&actor=bo`, { as: ada })).body;
  assert.equal(items.length, 3);
  const change = items.find((entry: { before: { urgency?: string } | null }) => entry.before?.urgency);
  assert.deepEqual(change.before, { urgency: "high", runbook: null });
  assert.deepEqual(change.after, { urgency: "low", runbook: patch.runbook });
  assert.equal(created_at, "2026-11-23T09:00:00Z");
  assert.equal((await server.call("GET /teams/web", { as: bo })).body.services, 1);
});

test("a slug is taken once, and a team or policy that does not exist is refused with nothing kept", async () => {
  await using server = await serve();
  const { ada } = await withTeams(server);
  const create = (body: object) =>
    server.call("POST /services", { as: ada, body: { name: "Shop", ...body } });
  assert.equal((await create({ slug: "shop" })).status, 201);
  assert.equal((await create({ slug: "shop" })).status, 409);
  assert.equal((await create({ slug: "a", team: "nope" })).body.errors[0].pointer, "/team");
  assert.equal(
    (await create({ slug: "b", escalation_policy: "nope" })).body.errors[0].pointer,
    "/escalation_policy",
  );
  assert.equal(
    (await create({ slug: "c", depends_on: ["shop", "nope"] })).body.errors[0].pointer,
    "/depends_on/1",
  );
  assert.equal((await create({ slug: "d", visibility: "team" })).body.errors[0].pointer, "/visibility");
  assert.deepEqual(slugs((await server.call("GET /services", { as: ada })).body), ["shop"]);
});

test("services that would depend on each other in a circle are refused, and the circle is named", async () => {
  await using server = await serve();
  const { ada } = await withTeams(server);
  for (const [slug, depends_on] of [
    ["db", []],
    ["payments", ["db"]],
    ["shop", ["payments"]],
  ] as const)
    await server.call("POST /services", { as: ada, body: { slug, name: slug, depends_on } });
  const refused = await server.call("PATCH /services/db", { as: ada, body: { depends_on: ["shop"] } });
  assert.equal(refused.status, 422);
  assert.match(refused.body.detail, /db → shop → payments → db/);
  assert.equal(
    (await server.call("PATCH /services/db", { as: ada, body: { depends_on: ["db"] } })).status,
    422,
  );
  assert.deepEqual((await server.call("GET /services/db", { as: ada })).body.depends_on, []);
});

test("of two changes that together close a circle, one is refused", async () => {
  await using server = await serve();
  const { ada } = await withTeams(server);
  for (const slug of ["a", "b"]) await server.call("POST /services", { as: ada, body: { slug, name: slug } });
  const answers = await Promise.all([
    server.call("PATCH /services/a", { as: ada, body: { depends_on: ["b"] } }),
    server.call("PATCH /services/b", { as: ada, body: { depends_on: ["a"] } }),
  ]);
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 422]);
});

test("what a team keeps to itself is unknown to others, in lists, by name and as a dependency", async () => {
  await using server = await serve();
  const { ada, bo, cy } = await withTeams(server);
  const secret = { slug: "vault", name: "Vault", team: "data", visibility: "team" };
  assert.equal((await server.call("POST /services", { as: cy, body: secret })).status, 201);
  const shop = { slug: "shop", name: "Shop", team: "web", depends_on: ["vault"] };
  const blind = await server.call("POST /services", { as: bo, body: shop });
  assert.equal(blind.body.errors[0].pointer, "/depends_on/0");
  assert.equal((await server.call("POST /services", { as: ada, body: shop })).status, 201);

  assert.deepEqual(slugs((await server.call("GET /services", { as: bo })).body), ["shop"]);
  assert.deepEqual(slugs((await server.call("GET /services", { as: cy })).body), ["shop", "vault"]);
  assert.equal((await server.call("GET /services/vault", { as: bo })).status, 404);
  assert.equal((await server.call("DELETE /services/vault", { as: bo })).status, 404);
  assert.deepEqual((await server.call("GET /services/shop", { as: bo })).body.depends_on, []);
  // Whoever can't see a dependency can't remove it by sending back what they see.
  assert.equal((await server.call("PATCH /services/shop", { as: bo, body: { depends_on: [] } })).status, 200);
  const { depends_on } = (await server.call("GET /services/shop", { as: ada })).body;
  assert.deepEqual(depends_on, [{ slug: "vault", name: "Vault" }]);
});

test("a team's service is changed by its members alone, and not given to a team one isn't in", async () => {
  await using server = await serve();
  const { ada, bo, cy } = await withTeams(server);
  await server.call("POST /services", { as: bo, body: { slug: "shop", name: "Shop", team: "web" } });
  const rename = (as: Person) => server.call("PATCH /services/shop", { as, body: { name: "Mine" } });
  assert.deepEqual([(await rename(cy)).status, (await rename(bo)).status], [403, 200]);
  const give = (as: Person) => server.call("PATCH /services/shop", { as, body: { team: "data" } });
  assert.deepEqual([(await give(bo)).status, (await give(ada)).status], [403, 200]);
  const viewer = await server.person("vi@example.com", { role: "viewer" });
  const refused = await server.call("POST /services", { as: viewer, body: { slug: "x", name: "X" } });
  assert.equal(refused.status, 403);
});

test("a service with monitors is deleted only when one insists, and they go with it", async () => {
  const { ports, monitors } = above();
  await using server = await serve(ports);
  const { ada } = await withTeams(server);
  await server.call("POST /services", { as: ada, body: { slug: "shop", name: "Shop", team: "web" } });
  monitors.push({ slug: "shop-home", name: "Home" }, { slug: "shop-api", name: "API" });
  const refused = await server.call("DELETE /services/shop", { as: ada });
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /monitors shop-home, shop-api/);
  const owned = await server.call("DELETE /teams/web", { as: ada });
  assert.match(owned.body.detail, /service "shop"/);
  assert.equal((await server.call("DELETE /services/shop?force=true", { as: ada })).status, 204);
  assert.equal(monitors.length, 0);
  assert.equal((await server.call("GET /services/shop", { as: ada })).status, 404);
});

test("services are listed by name, page by page, and found by name and team", async () => {
  await using server = await serve();
  const { ada } = await withTeams(server);
  for (const [slug, team] of [
    ["c", "web"],
    ["a", "data"],
    ["b", null],
  ] as const)
    await server.call("POST /services", { as: ada, body: { slug, name: slug.toUpperCase(), team } });
  const first = await server.call("GET /services?limit=2", { as: ada });
  const second = await server.call(`GET /services?limit=2&cursor=${first.body.next}`, { as: ada });
  assert.deepEqual([...slugs(first.body), ...slugs(second.body), second.body.next], ["a", "b", "c", null]);
  assert.deepEqual(slugs((await server.call("GET /services?team=web", { as: ada })).body), ["c"]);
  assert.deepEqual(slugs((await server.call("GET /services?q=B", { as: ada })).body), ["b"]);
});
