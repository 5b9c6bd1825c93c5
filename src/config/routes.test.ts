import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { testServer } from "../org/fixtures/server.ts";
import { configRoutes } from "./routes.ts";

const server = () => testServer({ routes: (app, t) => configRoutes(app, t.platform) });
const files = (text: string) => ({ files: [{ name: "keepwatch.yaml", text }] });
const TEAM = "keepwatch: 1\nusers: [{ email: ada@example.com }]\nteams: [{ slug: web, name: Web }]\n";

test("only an administrator plans, applies and exports", async () => {
  await using s = await server();
  const bo = await s.person("bo@example.com");
  for (const line of ["POST /config/plan", "POST /config/apply"])
    assert.equal((await s.call(line, { as: bo, body: files(TEAM) })).status, 403, line);
  assert.equal((await s.call("GET /config/export", { as: bo })).status, 403);
  assert.equal((await s.call("GET /config/export")).status, 401);
});

test("a plan lists what applying does, and applying says who did it", async () => {
  await using s = await server();
  const ada = await s.person("ada@example.com", { role: "admin" });
  const planned = await s.call("POST /config/plan", { as: ada, body: files(TEAM) });
  assert.equal(planned.status, 200);
  assert.deepEqual(planned.body, {
    changes: [
      {
        action: "create",
        section: "teams",
        key: "web",
        fields: [
          { field: "slug", before: null, after: "web" },
          { field: "name", before: null, after: "Web" },
        ],
      },
    ],
    shifts: [],
    problems: [],
  });
  assert.deepEqual((await s.call("POST /config/apply", { as: ada, body: files(TEAM) })).body, planned.body);
  const { body } = await s.call("GET /audit?type=team", { as: ada });
  assert.deepEqual(body.items[0].actor, { type: "config", name: "configuration, applied by ada" });
});

test("what is wrong is answered as a problem document with every problem's place", async () => {
  await using s = await server();
  const ada = await s.person("ada@example.com", { role: "admin" });
  const body = files("keepwatch: 1\nteams:\n  - { slug: web, nam: Web }\n");
  const answer = await s.call("POST /config/apply", { as: ada, body });
  assert.equal(answer.status, 422);
  const message = 'unknown key "nam"; did you mean "name"?';
  assert.deepEqual(answer.body.errors, [{ pointer: "/teams/0/nam", detail: message }]);
  assert.deepEqual(answer.body.problems, [
    { file: "keepwatch.yaml", line: 3, column: 18, key: "teams[0].nam", message },
  ]);
});

test("variables come from the caller, never from the server", async () => {
  await using s = await server();
  const ada = await s.person("ada@example.com", { role: "admin" });
  const text = 'keepwatch: 1\nusers: [{ email: ada@example.com }]\nteams: [{ slug: web, name: "${PATH}" }]\n';
  const missing = await s.call("POST /config/plan", { as: ada, body: files(text) });
  assert.match(missing.body.detail, /\$\{PATH\} has no value/);
  const given = { ...files(text), variables: { PATH: "Web" } };
  assert.equal((await s.call("POST /config/plan", { as: ada, body: given })).status, 200);
});

test("an export is YAML", async () => {
  await using s = await server();
  const ada = await s.person("ada@example.com", { role: "admin" });
  await s.call("POST /config/apply", { as: ada, body: files(TEAM) });
  const { status, body } = await s.call("GET /config/export", { as: ada });
  assert.equal(status, 200);
  assert.deepEqual(parse(body), {
    keepwatch: 1,
    users: [{ email: "ada@example.com", name: "ada", role: "admin" }].map(({ name: _, ...rest }) => rest),
    teams: [{ slug: "web", name: "Web" }],
  });
});
