import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieOf, PASSWORD, testServer } from "./fixtures/server.ts";

test("a person signs in with e-mail in any case, is known by the cookie, and signs out", async () => {
  await using server = await testServer();
  await server.person("ada@example.com");
  const answer = await server.signIn("Ada@Example.com");
  assert.equal(answer.status, 200);
  const [cookie = ""] = answer.cookies;
  assert.match(cookie, /^keepwatch\.session_token=.+HttpOnly; SameSite=Lax$/);
  assert.doesNotMatch(cookie, /Secure/);
  const ada = { id: "", email: "", cookie: cookieOf(answer) };
  const me = await server.call("GET /me", { as: ada });
  assert.equal(me.body.user.email, "ada@example.com");
  const out = await server.call("POST /api/auth/sign-out", {
    as: ada,
    headers: { origin: "http://keepwatch.test" },
  });
  assert.equal(out.status, 200);
  assert.equal((await server.call("GET /me", { as: ada })).status, 401);
});

test("a wrong password and an unknown address are refused in the same words", async () => {
  await using server = await testServer();
  await server.person("ada@example.com");
  const wrong = await server.signIn("ada@example.com", "not her password");
  const unknown = await server.signIn("nobody@example.com", "not her password");
  assert.equal(wrong.status, 401);
  assert.equal(wrong.body.status, 401);
  assert.deepEqual(wrong.body, unknown.body);
  assert.equal(wrong.cookies.length, 0);
});

test("nobody can sign up by themselves", async () => {
  await using server = await testServer();
  const answer = await server.call("POST /api/auth/sign-up/email", {
    body: { email: "eve@example.com", password: PASSWORD, name: "Eve" },
    headers: { origin: "http://keepwatch.test" },
  });
  assert.equal(answer.status, 404);
  assert.equal((await server.signIn("eve@example.com")).status, 401);
});

test("a deactivated person is neither let in nor stays in", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const bo = await server.person("bo@example.com");
  assert.equal((await server.call(`POST /users/${bo.id}/deactivate`, { as: admin })).status, 200);
  assert.equal((await server.call("GET /me", { as: bo })).status, 401);
  const again = await server.signIn("bo@example.com");
  assert.equal(again.status, 403);
  assert.match(again.body.detail, /deactivated/);
  assert.equal((await server.call("POST /users/bo@example.com/reactivate", { as: admin })).status, 200);
  assert.equal((await server.signIn("bo@example.com")).status, 200);
});

test("another site's page can neither sign somebody in nor change anything with their cookie", async () => {
  await using server = await testServer();
  const ada = await server.person("ada@example.com");
  const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  assert.equal((await server.signIn("ada@example.com", PASSWORD, foreign)).status, 403);
  const change = { as: ada, body: { name: "Eve" } };
  const refused = await server.call("PATCH /me", { ...change, headers: foreign });
  assert.equal(refused.status, 403);
  const silent = await server.call("PATCH /me", { ...change, headers: { "sec-fetch-site": "" } });
  assert.equal(silent.status, 403);
  assert.equal((await server.call("GET /me", { as: ada, headers: foreign })).body.user.name, "ada");
  const own = { origin: "http://127.0.0.1:7243", "sec-fetch-site": "" };
  assert.equal((await server.call("PATCH /me", { ...change, headers: own })).status, 200);
});

test("guessing passwords is slowed down per address, and the minute passes", async () => {
  await using server = await testServer();
  const statuses: number[] = [];
  for (let i = 0; i < 21; i++) statuses.push((await server.signIn("nobody@example", "x")).status);
  assert.deepEqual([...new Set(statuses.slice(0, 20))], [400]);
  assert.equal(statuses[20], 429);
  server.t.clock.advance(60_000);
  assert.equal((await server.signIn("nobody@example", "x")).status, 400);
});

test("changing one's password needs the old one and is written down", async () => {
  await using server = await testServer();
  const ada = await server.person("ada@example.com", { role: "admin" });
  const change = (currentPassword: string) =>
    server.call("POST /api/auth/change-password", {
      as: ada,
      body: { currentPassword, newPassword: "another long one" },
      headers: { origin: "http://keepwatch.test" },
    });
  assert.equal((await change("wrong")).status, 400);
  assert.equal((await change(PASSWORD)).status, 200);
  assert.equal((await server.signIn("ada@example.com", "another long one")).status, 200);
  const { body } = await server.call("GET /audit?q=password", { as: ada });
  assert.deepEqual(
    body.items.map((entry: { action: string }) => entry.action),
    ["changed the password"],
  );
});

test("reached by https, the cookie is for https alone; an unknown address is told where to sign in", async () => {
  await using server = await testServer({ url: "https://keepwatch.example" });
  await server.person("ada@example.com");
  const [cookie = ""] = (await server.signIn("ada@example.com")).cookies;
  assert.match(cookie, /^__Secure-keepwatch\.session_token=.+; Secure/);
  const elsewhere = await server.signIn("ada@example.com", PASSWORD, { origin: "http://10.0.0.7:7243" });
  assert.equal(elsewhere.status, 403);
  const onTheMachine = { origin: "http://localhost:7243" };
  assert.equal((await server.signIn("ada@example.com", PASSWORD, onTheMachine)).status, 200);
  assert.match(elsewhere.body.detail, /https:\/\/keepwatch\.example/);
});
