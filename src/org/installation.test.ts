import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveEvent } from "../platform/live.ts";
import { testServer } from "./fixtures/server.ts";
import { pagingPausedUntil } from "./installation.ts";

const heard = (subscribe: (hear: (event: LiveEvent) => void) => () => void): Promise<LiveEvent> =>
  new Promise((resolve) => {
    const stop = subscribe((event) => {
      stop();
      resolve(event);
    });
  });

test("paging is paused for a while, shown to everybody, and resumes by itself", async () => {
  await using server = await testServer();
  const { platform, clock } = server.t;
  const ada = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com");
  assert.equal((await server.call("POST /installation/pause-paging", { as: bo, body: {} })).status, 403);
  const event = heard(platform.live.subscribe);
  const paused = await server.call("POST /installation/pause-paging", {
    as: ada,
    body: { minutes: 45, reason: "network work" },
  });
  assert.equal(paused.status, 200);
  assert.equal((await event).type, "installation");
  const { paging_paused } = (await server.call("GET /me", { as: bo })).body.installation;
  assert.deepEqual(paging_paused, { until: "2026-11-23T09:45:00Z", by: "ada" });
  const [entry] = (await server.call("GET /audit?type=installation", { as: ada })).body.items;
  assert.deepEqual(entry.after, { paging_paused_until: "2026-11-23T09:45:00Z", reason: "network work" });
  clock.advance(45 * 60_000 - 1);
  assert.equal(String(await pagingPausedUntil(platform.db, clock.now())), "2026-11-23T09:45:00Z");
  clock.advance(1);
  assert.equal(await pagingPausedUntil(platform.db, clock.now()), null);
  assert.equal((await server.call("GET /me", { as: bo })).body.installation.paging_paused, null);
});

test("a pause is ended early, in one transaction with what follows from it", async () => {
  const resumed: string[] = [];
  await using server = await testServer({
    deps: { pagingResumed: async (_tx, by) => void resumed.push(by.actor.name) },
  });
  const ada = await server.person("ada@example.com", { role: "admin" });
  const state = await server.call("POST /installation/pause-paging", { as: ada });
  assert.equal(state.body.paging_paused.until, "2026-11-23T09:30:00Z");
  server.t.clock.advance(60_000);
  const ended = await server.call("DELETE /installation/pause-paging", { as: ada });
  assert.deepEqual([ended.status, ended.body.paging_paused, resumed], [200, null, ["ada"]]);
  assert.equal((await server.call("DELETE /installation/pause-paging", { as: ada })).status, 409);
  const { items } = (await server.call("GET /audit?type=installation", { as: ada })).body;
  assert.deepEqual(
    items.map((entry: { action: string }) => entry.action),
    ["resumed paging", "paused paging"],
  );
});

test("the installation is renamed by an administrator", async () => {
  await using server = await testServer();
  const ada = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com");
  assert.equal((await server.call("PATCH /installation", { as: bo, body: { name: "Bo's" } })).status, 403);
  assert.equal(
    (await server.call("PATCH /installation", { as: ada, body: { name: "Shop" } })).body.name,
    "Shop",
  );
});

test("the audit is the administrators', newest first, page by page", async () => {
  await using server = await testServer();
  const ada = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com");
  for (const slug of ["a", "b", "c"]) {
    server.t.clock.advance(1);
    await server.call("POST /teams", { as: ada, body: { slug, name: slug } });
  }
  assert.equal((await server.call("GET /audit", { as: bo })).status, 403);
  const first = await server.call("GET /audit?type=team&limit=2", { as: ada });
  const second = await server.call(`GET /audit?type=team&limit=2&cursor=${first.body.next}`, { as: ada });
  const names = [...first.body.items, ...second.body.items].map((entry) => entry.object.name);
  assert.deepEqual([names, second.body.next], [["c", "b", "a"], null]);
});

test("`me` says for what the person is on call", async () => {
  const duty = { schedule: { slug: "web", name: "Web" }, until: "2026-11-23T17:00:00Z" };
  await using server = await testServer({ deps: { onCallOf: async () => [duty] } });
  const bo = await server.person("bo@example.com", { role: "viewer" });
  const me = await server.call("GET /me", { as: bo });
  assert.deepEqual(me.body.on_call, [duty]);
  assert.equal((await server.call("GET /me")).status, 401);
});

test("the OpenAPI document describes these routes", async () => {
  await using server = await testServer();
  const { paths } = server.app.swagger() as { paths: Record<string, unknown> };
  for (const path of ["/api/v1/users", "/api/v1/teams/{slug}", "/api/v1/setup", "/api/v1/audit"])
    assert.ok(path in paths, path);
  assert.equal("/api/auth/*" in paths, false);
});
