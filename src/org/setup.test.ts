import assert from "node:assert/strict";
import { test } from "node:test";
import { inTransaction } from "../platform/database/transaction.ts";
import { by, SYSTEM } from "./actor.ts";
import { cookieOf, PASSWORD, testServer } from "./fixtures/server.ts";
import { createUser } from "./people-changes.ts";
import { prepareSetup } from "./setup.ts";

const ada = {
  name: "Ada",
  email: "ada@example.com",
  password: PASSWORD,
  time_zone: "Europe/Paris",
  organisation: "Shop",
};
const tokenOf = (made: { link: string } | undefined): string =>
  new URL(made?.link ?? "").searchParams.get("token") ?? "";

test("the printed link makes the first administrator, signs them in, and works once", async () => {
  await using server = await testServer();
  const token = tokenOf(await prepareSetup(server.t.platform, {}));
  assert.equal((await server.call("GET /setup")).body.needed, true);
  const made = await server.call("POST /setup", { body: { ...ada, token } });
  assert.equal(made.status, 204);
  const me = await server.call("GET /me", { as: { id: "", email: "", cookie: cookieOf(made) } });
  assert.equal(me.body.user.role, "admin");
  assert.equal(me.body.user.time_zone, "Europe/Paris");
  assert.equal(me.body.installation.name, "Shop");
  assert.equal((await server.call("GET /setup")).body.needed, false);
  const again = await server.call("POST /setup", { body: { ...ada, email: "eve@example.com", token } });
  assert.equal(again.status, 410);
  assert.equal(await prepareSetup(server.t.platform, {}), undefined);
});

test("of two who use the link at the same moment, one becomes administrator", async () => {
  await using server = await testServer();
  const token = tokenOf(await prepareSetup(server.t.platform, {}));
  const answers = await Promise.all(
    ["a", "b"].map((name) =>
      server.call("POST /setup", { body: { ...ada, email: `${name}@example.com`, token } }),
    ),
  );
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [204, 410]);
});

test("a made-up token, a link of an earlier start and a short password are refused", async () => {
  await using server = await testServer();
  const old = tokenOf(await prepareSetup(server.t.platform, {}));
  const token = tokenOf(await prepareSetup(server.t.platform, {}));
  assert.equal((await server.call("POST /setup", { body: { ...ada, token: "guess" } })).status, 403);
  assert.equal((await server.call("POST /setup", { body: { ...ada, token: old } })).status, 403);
  const short = await server.call("POST /setup", { body: { ...ada, token, password: "short" } });
  assert.equal(short.status, 422);
  assert.equal(short.body.errors[0].pointer, "/password");
  const nowhere = await server.call("POST /setup", { body: { ...ada, token, time_zone: "Mars/Base" } });
  assert.equal(nowhere.body.errors[0].pointer, "/time_zone");
  assert.equal((await server.call("GET /setup")).body.needed, true);
});

test("the environment's administrator is made once; another password later changes nothing", async () => {
  await using server = await testServer();
  const { platform } = server.t;
  const first = { email: "Ops@Example.com", password: PASSWORD };
  assert.equal(await prepareSetup(platform, first), undefined);
  assert.equal(await prepareSetup(platform, { ...first, password: "another long one" }), undefined);
  assert.equal((await server.signIn("ops@example.com")).status, 200);
  assert.equal((await server.signIn("ops@example.com", "another long one")).status, 401);
});

test("an unusable administrator in the environment stops the start in words", async () => {
  await using server = await testServer();
  const { platform } = server.t;
  await assert.rejects(prepareSetup(platform, { email: "ops@example.com", password: "short" }), {
    name: "StartError",
    message: /KEEPWATCH_ADMIN_PASSWORD/,
  });
  await assert.rejects(prepareSetup(platform, { email: "ops", password: PASSWORD }), {
    name: "StartError",
    message: /KEEPWATCH_ADMIN_EMAIL/,
  });
});

test("somebody whom the configuration named before can be the first administrator", async () => {
  await using server = await testServer();
  const { platform } = server.t;
  const config = by(platform, { ...SYSTEM, type: "config", name: "configuration" });
  const input = {
    email: "ada@example.com",
    name: "Ada L.",
    role: "responder",
    time_zone: "UTC",
    teams: [],
  } as const;
  const id = await inTransaction(platform.db, (tx) => createUser(tx, config, { ...input, teams: [] }));
  const token = tokenOf(await prepareSetup(platform, {}));
  const made = await server.call("POST /setup", { body: { ...ada, token } });
  const { user } = (await server.call("GET /me", { as: { id, email: "", cookie: cookieOf(made) } })).body;
  assert.deepEqual([user.id, user.name, user.role], [id, "Ada L.", "admin"]);
});
