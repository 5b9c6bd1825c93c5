import assert from "node:assert/strict";
import { test } from "node:test";
import { inTransaction } from "../platform/database/transaction.ts";
import { by, SYSTEM } from "./actor.ts";
import { type Person, type TestServer, testServer } from "./fixtures/server.ts";
import type { ReplaceIn, UsesOf } from "./people.ts";
import { updateUser } from "./people-changes.ts";

const auditOf = async (server: TestServer, as: Person, query: string) =>
  (await server.call(`GET /audit?${query}`, { as })).body.items;

test("people are listed by name, page by page, and found by name, role and team", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  await server.call("POST /teams", { as: admin, body: { slug: "web", name: "Web" } });
  for (const name of ["Cy", "bo", "Dee", "Émile"]) {
    const body = {
      email: `${name.toLowerCase()}@example.com`.replace("é", "e"),
      name,
      teams: name === "bo" ? ["web"] : [],
    };
    assert.equal((await server.call("POST /users", { as: admin, body })).status, 201);
  }
  const names: string[] = [];
  let cursor = "";
  do {
    const page = await server.call(`GET /users?limit=2${cursor && `&cursor=${cursor}`}`, { as: admin });
    names.push(...page.body.items.map((item: { name: string }) => item.name));
    cursor = page.body.next ?? "";
  } while (cursor);
  assert.deepEqual(names, ["ada", "bo", "Cy", "Dee", "Émile"]);
  const found = async (query: string) =>
    (await server.call(`GET /users?${query}`, { as: admin })).body.items.map(
      (item: { name: string }) => item.name,
    );
  assert.deepEqual(await found("q=DEE"), ["Dee"]);
  assert.deepEqual(await found("q=%25"), []);
  assert.deepEqual(await found("role=admin"), ["ada"]);
  assert.deepEqual(await found("team=web"), ["bo"]);
  assert.equal((await server.call("GET /users?cursor=made-up", { as: admin })).status, 422);
});

test("people change their own profile; roles and teams are the administrators'", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com", { role: "viewer" });
  const own = await server.call("PATCH /me", {
    as: bo,
    body: { name: "Bo B.", theme: "dark", time_zone: "asia/kolkata" },
  });
  assert.equal(own.status, 200);
  assert.deepEqual(
    [own.body.user.name, own.body.user.theme, own.body.user.time_zone],
    ["Bo B.", "dark", "Asia/Kolkata"],
  );
  assert.equal((await server.call("PATCH /me", { as: bo, body: { time_zone: "+02:00" } })).status, 422);
  assert.equal((await server.call(`PATCH /users/${bo.id}`, { as: bo, body: { name: "B" } })).status, 200);
  assert.equal((await server.call(`PATCH /users/${bo.id}`, { as: bo, body: { role: "admin" } })).status, 403);
  assert.equal(
    (await server.call(`PATCH /users/${admin.id}`, { as: bo, body: { name: "Eve" } })).status,
    403,
  );
  const unknown = await server.call(`PATCH /users/${bo.id}`, { as: admin, body: { teams: ["nope"] } });
  assert.equal(unknown.body.errors[0].pointer, "/teams/0");
});

test("a change is written down with what was before and after, and only what differs", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com");
  await server.call("POST /teams", { as: admin, body: { slug: "web", name: "Web" } });
  server.t.clock.advance(1_000);
  await server.call(`PATCH /users/${bo.id}`, {
    as: admin,
    body: { role: "viewer", name: "bo", teams: ["web"] },
  });
  const [entry] = await auditOf(server, admin, `type=user&object=${bo.id}&actor=ada`);
  assert.deepEqual([entry.actor, entry.action], [{ type: "user", name: "ada" }, "updated"]);
  assert.deepEqual(entry.before, { role: "responder", teams: [] });
  assert.deepEqual(entry.after, { role: "viewer", teams: ["web"] });
  assert.equal(entry.at, "2026-11-23T09:00:01Z");
});

test("the last administrator is neither demoted nor deactivated", async () => {
  await using server = await testServer();
  const ada = await server.person("ada@example.com", { role: "admin" });
  const refused = await server.call(`PATCH /users/${ada.id}`, { as: ada, body: { role: "responder" } });
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /last administrator/);
  assert.equal((await server.call(`POST /users/${ada.id}/deactivate`, { as: ada })).status, 409);
  const bo = await server.person("bo@example.com", { role: "admin" });
  const { platform } = server.t;
  const both = await Promise.allSettled(
    [ada, bo].map(({ id }) =>
      inTransaction(platform.db, (tx) => updateUser(tx, by(platform, SYSTEM), { id, role: "viewer" })),
    ),
  );
  assert.deepEqual(both.map((answer) => answer.status).sort(), ["fulfilled", "rejected"]);
});

test("whoever leaves hands on their places, in teams and in what other folders keep", async () => {
  const replaced: unknown[] = [];
  const uses: UsesOf = async () => [{ type: "schedule", slug: "web", name: "Web", detail: "layer 1" }];
  const replace: ReplaceIn = async (_tx, _by, from, to) => void replaced.push([from, to]);
  await using server = await testServer({ deps: { uses: [uses], replace: [replace] } });
  const admin = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com");
  const cy = await server.person("cy@example.com");
  await server.call("POST /teams", {
    as: admin,
    body: { slug: "web", name: "Web", members: [bo.email, admin.email], leads: [bo.email] },
  });
  const { items } = (await server.call(`GET /users/${bo.id}/uses`, { as: admin })).body;
  assert.deepEqual(
    items.map((use: { type: string; detail: string }) => [use.type, use.detail]),
    [
      ["schedule", "layer 1"],
      ["team", "lead"],
    ],
  );
  const self = await server.call(`POST /users/${bo.id}/deactivate`, {
    as: admin,
    body: { replace_with: bo.email },
  });
  assert.equal(self.body.errors[0].pointer, "/replace_with");
  const left = await server.call(`POST /users/${bo.id}/deactivate`, {
    as: admin,
    body: { replace_with: "CY@example.com" },
  });
  assert.deepEqual([left.status, left.body.active], [200, false]);
  assert.deepEqual(replaced, [[bo.id, cy.id]]);
  const { members } = (await server.call("GET /teams/web", { as: admin })).body;
  assert.deepEqual(
    members.map((member: { email: string; lead: boolean }) => [member.email, member.lead]),
    [
      [admin.email, false],
      [cy.email, true],
    ],
  );
  const [entry] = await auditOf(server, admin, "q=deactivated");
  assert.deepEqual(entry.after, { active: false, replaced_by: "cy@example.com" });
  const active = (await server.call("GET /users", { as: admin })).body.items;
  assert.equal(active.length, 2);
  const again = await server.call("POST /users", { as: admin, body: { email: bo.email, name: "Bo" } });
  assert.match(again.body.detail, /Reactivate/);
});
