import assert from "node:assert/strict";
import { test } from "node:test";
import { type Person, type TestServer, testServer } from "./fixtures/server.ts";
import { keepBootstrapToken } from "./tokens.ts";

const make = (server: TestServer, as: Person | string, body: Record<string, unknown>) =>
  server.call("POST /tokens", { as, body: { name: "CI", ...body } });

test("a token is shown once, acts with its role, and stops when revoked", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const made = await make(server, admin, { role: "viewer" });
  assert.equal(made.status, 201);
  assert.match(made.body.token, /^kw_[\w-]{43}$/);
  const { token } = made.body;
  const me = await server.call("GET /me", { as: token });
  assert.deepEqual([me.body.user.type, me.body.user.name, me.body.user.role], ["token", "CI", "viewer"]);
  const body = { slug: "web", name: "Web" };
  assert.equal((await server.call("POST /teams", { as: token, body })).status, 403);
  const [listed] = (await server.call("GET /tokens", { as: admin })).body.items;
  assert.deepEqual([listed.created_by, listed.token], ["ada", undefined]);
  assert.equal((await server.call(`DELETE /tokens/${listed.id}`, { as: admin })).status, 204);
  const after = await server.call("GET /me", { as: token });
  assert.equal(after.status, 401);
  assert.match(after.body.detail, /revoked/);
  assert.equal((await server.call("GET /me", { as: "kw_made_up" })).status, 401);
});

test("a token ends at its time", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const past = await make(server, admin, { expires_at: "2026-11-23T09:00:00Z" });
  assert.equal(past.body.errors[0].pointer, "/expires_at");
  const { token } = (await make(server, admin, { expires_at: "2026-11-23T10:00:00+00:00" })).body;
  server.t.clock.advance(3_600_000 - 1);
  assert.equal((await server.call("GET /me", { as: token })).status, 200);
  server.t.clock.advance(1);
  const late = await server.call("GET /me", { as: token });
  assert.equal(late.status, 401);
  assert.match(late.body.detail, /expired at 2026-11-23T10:00:00Z/);
});

test("nobody makes a token that may more than they", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  await server.call("POST /teams", { as: admin, body: { slug: "web", name: "Web" } });
  await server.call("POST /teams", { as: admin, body: { slug: "data", name: "Data" } });
  const bo = await server.person("bo@example.com", { teams: ["web"] });
  assert.equal((await make(server, bo, { role: "admin" })).body.errors[0].pointer, "/role");
  assert.equal((await make(server, bo, { team: "data" })).body.errors[0].pointer, "/team");
  const scoped = await make(server, bo, { team: "web", expires_at: "2026-11-24T00:00:00Z" });
  assert.deepEqual(scoped.body.team, { slug: "web", name: "Web" });
  const { token } = scoped.body;
  assert.equal((await make(server, token, { team: null })).body.errors[0].pointer, "/team");
  assert.equal((await make(server, token, { team: "web" })).body.errors[0].pointer, "/expires_at");
  const child = await make(server, token, { team: "web", expires_at: "2026-11-23T12:00:00Z" });
  assert.equal(child.status, 201);
  assert.equal(child.body.created_by, "bo");
});

test("a token for one team edits that team's things alone", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  for (const slug of ["web", "data"])
    await server.call("POST /teams", { as: admin, body: { slug, name: slug } });
  const { token } = (await make(server, admin, { role: "admin", team: "web" })).body;
  const rename = (slug: string) => server.call(`PATCH /teams/${slug}`, { as: token, body: { name: "New" } });
  assert.equal((await rename("web")).status, 200);
  assert.equal((await rename("data")).status, 403);
  assert.equal((await server.call("GET /audit", { as: token })).status, 403);
});

test("a token never outgrows its maker: demoted or deactivated, it follows", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com", { role: "admin" });
  const { token } = (await make(server, bo, { role: "admin" })).body;
  assert.equal((await server.call("GET /audit", { as: token })).status, 200);
  await server.call(`PATCH /users/${bo.id}`, { as: admin, body: { role: "viewer" } });
  assert.equal((await server.call("GET /audit", { as: token })).status, 403);
  await server.call(`POST /users/${bo.id}/deactivate`, { as: admin });
  assert.equal((await server.call("GET /me", { as: token })).status, 401);
});

test("people see and revoke their own tokens, administrators all", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com");
  const hers = (await make(server, admin, { name: "hers" })).body;
  const his = (await make(server, bo, { name: "his" })).body;
  const names = async (as: Person) =>
    (await server.call("GET /tokens", { as })).body.items.map((item: { name: string }) => item.name).sort();
  assert.deepEqual(await names(admin), ["hers", "his"]);
  assert.deepEqual(await names(bo), ["his"]);
  assert.equal((await server.call(`DELETE /tokens/${hers.id}`, { as: bo })).status, 403);
  assert.equal((await server.call(`DELETE /tokens/${his.id}`, { as: bo })).status, 204);
  assert.deepEqual(await names(admin), ["hers"]);
});

test("the last use is noted once a minute at most", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const { token } = (await make(server, admin, {})).body;
  const lastUse = async () => (await server.call("GET /tokens", { as: admin })).body.items[0].last_used_at;
  assert.equal(await lastUse(), null);
  await server.call("GET /me", { as: token });
  server.t.clock.advance(59_000);
  await server.call("GET /me", { as: token });
  assert.equal(await lastUse(), "2026-11-23T09:00:00Z");
  server.t.clock.advance(1_000);
  await server.call("GET /me", { as: token });
  assert.equal(await lastUse(), "2026-11-23T09:01:00Z");
});

test("the environment's token works, is replaced by another value, and goes with it", async () => {
  await using server = await testServer();
  const { platform } = server.t;
  const status = async (as: string) => (await server.call("GET /audit", { as })).status;
  await keepBootstrapToken(platform, "first");
  await keepBootstrapToken(platform, "first");
  assert.equal(await status("first"), 200);
  const { items } = (await server.call("GET /tokens", { as: "first" })).body;
  assert.deepEqual(
    items.map((item: { name: string; role: string }) => [item.name, item.role]),
    [["KEEPWATCH_API_TOKEN", "admin"]],
  );
  assert.equal((await server.call(`DELETE /tokens/${items[0].id}`, { as: "first" })).status, 409);
  await keepBootstrapToken(platform, "second");
  assert.deepEqual([await status("first"), await status("second")], [401, 200]);
  await keepBootstrapToken(platform, undefined);
  assert.equal(await status("second"), 401);
});

test("a token needs no cookie's proof of origin, and a stranger is asked to sign in", async () => {
  await using server = await testServer();
  await keepBootstrapToken(server.t.platform, "first");
  const headers = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };
  const body = { slug: "web", name: "Web" };
  assert.equal((await server.call("POST /teams", { as: "first", body, headers })).status, 201);
  const stranger = await server.call("POST /teams", { body });
  assert.equal(stranger.status, 401);
  assert.match(stranger.body.detail, /Sign in/);
});
