import assert from "node:assert/strict";
import { test } from "node:test";
import pino from "pino";
import { mailbox, type TestServer, testServer } from "./fixtures/server.ts";
import { resetPassword } from "./reset.ts";

const NEW = "a brand new password";
// better-auth reads the ambient clock for its own links.
const at = Temporal.Now.instant().toString();
const origin = { origin: "http://keepwatch.test" };

const askFor = (server: TestServer, email: string) =>
  server.call("POST /api/auth/request-password-reset", { body: { email }, headers: origin });
const choose = (server: TestServer, token: string) =>
  server.call("POST /api/auth/reset-password", { body: { token, newPassword: NEW }, headers: origin });
const tokenIn = (text: string): string => /\/reset-password\/([\w-]+)/.exec(text)?.[1] ?? "";

test("a forgotten password is chosen anew by a mailed link, once, and ends every session", async () => {
  await using mails = await mailbox();
  await using server = await testServer({ at, smtp: mails.url });
  const ada = await server.person("ada@example.com", { role: "admin" });
  assert.equal((await askFor(server, "ADA@example.com")).status, 200);
  const mail = await mails.next();
  assert.equal(mail.to, "ada@example.com");
  const token = tokenIn(mail.text);
  assert.ok(mail.html.includes(`http://keepwatch.test/reset-password/${token}`));
  assert.equal((await choose(server, token)).status, 200);
  assert.equal((await server.call("GET /me", { as: ada })).status, 401);
  assert.equal((await server.signIn("ada@example.com")).status, 401);
  assert.equal((await server.signIn("ada@example.com", NEW)).status, 200);
  assert.equal((await choose(server, token)).status, 400);
  const [entry] = await server.t.platform.db
    .selectFrom("audit_entries")
    .selectAll()
    .where("action", "=", "reset the password")
    .execute();
  assert.equal(entry?.actor_id, ada.id);
});

test("asking for an unknown address is answered alike and sends nothing", async () => {
  await using server = await testServer({ at });
  await server.person("ada@example.com");
  const known = await askFor(server, "ada@example.com");
  const unknown = await askFor(server, "nobody@example.com");
  assert.deepEqual(known.body, unknown.body);
});

test("without a mail server the link is logged for the operator to hand over", async () => {
  await using server = await testServer({ at });
  await server.person("ada@example.com");
  const lines: string[] = [];
  server.t.platform.log = pino({ level: "warn" }, { write: (line) => void lines.push(line) });
  await askFor(server, "ada@example.com");
  assert.equal(lines.length, 1);
  assert.equal((await choose(server, tokenIn(lines[0]!))).status, 200);
});

test("the operator can make a link for somebody who is locked out", async () => {
  await using server = await testServer({ at });
  await server.person("ada@example.com");
  const link = await resetPassword(server.t.platform, "Ada@example.com");
  assert.equal((await choose(server, tokenIn(link))).status, 200);
  assert.equal((await server.signIn("ada@example.com", NEW)).status, 200);
  await assert.rejects(resetPassword(server.t.platform, "nobody@example.com"), { code: "missing" });
});
