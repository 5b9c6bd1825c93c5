import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieOf, mailbox, PASSWORD, testServer } from "./fixtures/server.ts";

const bo = { email: "Bo@Example.com", name: "Bo", role: "responder" };
const pathOf = (url: string): string => new URL(url).pathname.replace("/invitation/", "/invitations/");

test("an invited person gets a mail, chooses a password by its link, and is in", async () => {
  await using mails = await mailbox();
  await using server = await testServer({ smtp: mails.url });
  const admin = await server.person("ada@example.com", { role: "admin" });
  const made = await server.call("POST /users", { as: admin, body: bo });
  assert.equal(made.status, 201);
  assert.equal(made.body.email, "bo@example.com");
  assert.equal(made.body.invited, true);
  assert.equal(made.body.invitation.mailed, true);
  const mail = await mails.next();
  assert.equal(mail.to, "bo@example.com");
  assert.match(mail.subject, /ada invites you to Keepwatch/);
  assert.ok(mail.text.includes(made.body.invitation.url) && mail.html.includes(made.body.invitation.url));

  const path = pathOf(made.body.invitation.url);
  assert.deepEqual((await server.call(`GET ${path}`)).body, {
    email: "bo@example.com",
    name: "Bo",
    time_zone: "UTC",
  });
  const taken = await server.call(`POST ${path}`, {
    body: { password: PASSWORD, time_zone: "europe/paris" },
  });
  assert.equal(taken.status, 204);
  const me = await server.call("GET /me", { as: { id: "", email: "", cookie: cookieOf(taken) } });
  assert.deepEqual([me.body.user.name, me.body.user.time_zone], ["Bo", "Europe/Paris"]);
  assert.equal((await server.call(`POST ${path}`, { body: { password: "stolen later" } })).status, 410);
  assert.equal((await server.call(`GET /users/${made.body.id}`, { as: admin })).body.invited, false);
});

test("without a mail server the inviter is given the link to hand over", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const { invitation } = (await server.call("POST /users", { as: admin, body: bo })).body;
  assert.equal(invitation.mailed, false);
  assert.equal((await server.call(`GET ${pathOf(invitation.url)}`)).status, 200);
});

test("a mail server that refuses does not undo the invitation", async () => {
  await using server = await testServer({ smtp: "smtp://127.0.0.1:9" });
  const admin = await server.person("ada@example.com", { role: "admin" });
  const made = await server.call("POST /users", { as: admin, body: bo });
  assert.equal(made.status, 201);
  assert.equal(made.body.invitation.mailed, false);
});

test("inviting again ends the earlier link, and a link lives seven days", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const made = (await server.call("POST /users", { as: admin, body: bo })).body;
  const again = (await server.call("POST /users/bo@example.com/invitation", { as: admin })).body;
  assert.equal((await server.call(`GET ${pathOf(made.invitation.url)}`)).status, 410);
  server.t.clock.advance(7 * 86_400_000 - 1);
  assert.equal((await server.call(`GET ${pathOf(again.url)}`)).status, 200);
  server.t.clock.advance(1);
  assert.equal((await server.call(`GET ${pathOf(again.url)}`)).status, 410);
});

test("only administrators invite, and nobody twice", async () => {
  await using server = await testServer();
  const admin = await server.person("ada@example.com", { role: "admin" });
  const responder = await server.person("cy@example.com");
  assert.equal((await server.call("POST /users", { as: responder, body: bo })).status, 403);
  assert.equal((await server.call("POST /users", { as: admin, body: bo })).status, 201);
  const twice = await server.call("POST /users", { as: admin, body: { ...bo, email: "BO@example.com" } });
  assert.equal(twice.status, 409);
  const again = await server.call(`POST /users/${responder.id}/invitation`, { as: admin });
  assert.equal(again.status, 409);
  assert.match(again.body.detail, /has a password already/);
});
