import assert from "node:assert/strict";
import { test } from "node:test";
import { testServer } from "./fixtures/server.ts";
import type { TeamUsesOf } from "./teams.ts";

const emails = (body: { members: { email: string; lead: boolean }[] }) =>
  body.members.map((member) => member.email.split("@")[0] + (member.lead ? "*" : ""));

test("a team has members in order, leads who are members, and is changed by its own members", async () => {
  await using server = await testServer();
  const ada = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com");
  const cy = await server.person("cy@example.com");
  const body = { slug: "web", name: "Web", members: ["CY@example.com"], leads: ["bo@example.com"] };
  assert.equal((await server.call("POST /teams", { as: bo, body })).status, 403);
  const made = await server.call("POST /teams", { as: ada, body });
  assert.equal(made.status, 201);
  assert.deepEqual(emails(made.body), ["cy", "bo*"]);
  assert.equal((await server.call("POST /teams", { as: ada, body })).status, 409);

  const change = (as: typeof bo, patch: object) => {
    server.t.clock.advance(1);
    return server.call("PATCH /teams/web", { as, body: patch });
  };
  assert.deepEqual(emails((await change(bo, { leads: [cy.email] })).body), ["cy*", "bo"]);
  assert.deepEqual(emails((await change(bo, { members: [bo.email, cy.email] })).body), ["bo", "cy*"]);
  assert.deepEqual(emails((await change(bo, { members: [bo.email] })).body), ["bo"]);
  assert.equal((await change(cy, { name: "Mine" })).status, 403);
  const unknown = await change(ada, { members: [ada.email, "who@example.com"] });
  assert.equal(unknown.body.errors[0].pointer, "/members/1");
  const { items } = (await server.call("GET /audit?type=team&q=updated", { as: ada })).body;
  assert.deepEqual(
    [items[0].before, items[0].after],
    [
      { members: ["bo@example.com", "cy@example.com"], leads: ["cy@example.com"] },
      { members: ["bo@example.com"], leads: [] },
    ],
  );
});

test("a team that is still used is deleted only when one insists", async () => {
  const uses: TeamUsesOf = async () => [
    { type: "escalation_policy", slug: "web", name: "Web", detail: "fallback" },
  ];
  await using server = await testServer({ deps: { teamUses: [uses] } });
  const ada = await server.person("ada@example.com", { role: "admin" });
  await server.call("POST /teams", { as: ada, body: { slug: "web", name: "Web" } });
  const refused = await server.call("DELETE /teams/web", { as: ada });
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /escalation policy "web"/);
  assert.equal((await server.call("DELETE /teams/web?force=true", { as: ada })).status, 204);
  assert.equal((await server.call("GET /teams/web", { as: ada })).status, 404);
});

test("teams are listed by name, page by page", async () => {
  await using server = await testServer();
  const ada = await server.person("ada@example.com", { role: "admin" });
  for (const slug of ["c", "a", "b"])
    await server.call("POST /teams", { as: ada, body: { slug, name: slug.toUpperCase() } });
  const first = await server.call("GET /teams?limit=2", { as: ada });
  const second = await server.call(`GET /teams?limit=2&cursor=${first.body.next}`, { as: ada });
  const slugs = [...first.body.items, ...second.body.items].map((item) => item.slug);
  assert.deepEqual([slugs, second.body.next], [["a", "b", "c"], null]);
});
