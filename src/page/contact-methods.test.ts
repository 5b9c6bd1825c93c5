import assert from "node:assert/strict";
import { test } from "node:test";
import { type Actor, by, SYSTEM } from "../org/actor.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { createServer } from "../platform/http/server.ts";
import { silentLog } from "../platform/log.ts";
import { addContactMethod, changeContactMethod, usableMethods } from "./contact-methods.ts";
import { pageRoutes } from "./routes.ts";
import { fixture, mailbox, receiver } from "./testing.ts";

type Body = Record<string, unknown> | undefined;

/** The folder's routes; who asks is named by a header, as the sign-in would do it. */
async function served(options: { smtp?: string } = {}) {
  const f = await fixture(options);
  const app = await createServer({ log: silentLog, version: "0", url: f.t.platform.url });
  const people = new Map<string, Actor>();
  app.addHook("onRequest", async (request) => {
    const actor = people.get(String(request.headers["x-who"]));
    if (actor) request.actor = actor;
  });
  pageRoutes(app, f.t.platform, f.deps);
  await app.ready();
  return {
    f,
    async person(name: string, role: Actor["role"] = "responder") {
      const person = { ...(await f.person(name)), role };
      people.set(person.id, person);
      return person;
    },
    async call(who: Actor, line: string, body?: Body) {
      const [method = "", url = ""] = line.split(" ");
      const answer = await app.inject({
        method: method as "GET",
        url,
        headers: { "x-who": who.id ?? "" },
        ...(body ? { payload: body } : {}),
      });
      return { status: answer.statusCode, text: answer.body, json: answer.body ? answer.json() : null };
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await f[Symbol.asyncDispose]();
    },
  };
}

test("a method is verified by the six-digit code that its own channel brings", async () => {
  await using box = await mailbox();
  await using s = await served({ smtp: box.url });
  const ada = await s.person("Ada");
  const path = `/users/${ada.id}/contact-methods`;
  const made = await s.call(ada, `POST ${path}`, { channel: "email", address: { email: ada.email } });
  assert.equal(made.status, 201);
  assert.deepEqual([made.json.slug, made.json.verified_at], ["email", null]);
  assert.equal((await usableMethods(s.f.t.platform.db, [ada.id])).size, 0);
  const sent = await s.call(ada, `POST ${path}/email/send-code`);
  assert.equal(sent.json.ok, true);
  assert.match(sent.json.detail, /^250/);
  const code = /\b(\d{6})\b/.exec(box.mails[0]?.subject ?? "")?.[1] ?? "";
  const stored = await s.f.t.platform.db.selectFrom("contact_methods").selectAll().executeTakeFirstOrThrow();
  assert.ok(!JSON.stringify(stored).includes(code), "only a hash of the code is kept");
  const verified = await s.call(ada, `POST ${path}/email/verify`, { code });
  assert.equal(verified.status, 200);
  assert.equal(verified.json.verified_by, "a code sent to it");
  assert.equal((await usableMethods(s.f.t.platform.db, [ada.id])).get(ada.id)?.length, 1);
});

test("a code has five tries and fifteen minutes, and half a minute must pass between two", async () => {
  await using box = await mailbox();
  await using s = await served({ smtp: box.url });
  const ada = await s.person("Ada");
  const path = `/users/${ada.id}/contact-methods`;
  await s.call(ada, `POST ${path}`, { channel: "email", address: { email: ada.email } });
  await s.call(ada, `POST ${path}/email/send-code`);
  assert.equal((await s.call(ada, `POST ${path}/email/send-code`)).status, 429);
  const right = /\b(\d{6})\b/.exec(box.mails[0]?.subject ?? "")?.[1] ?? "";
  const wrong = right === "000000" ? "000001" : "000000";
  for (const left of ["4 tries are", "3 tries are", "2 tries are", "1 try is", "That was the last try"]) {
    const answer = await s.call(ada, `POST ${path}/email/verify`, { code: wrong });
    assert.equal(answer.status, 422);
    assert.match(answer.json.detail, new RegExp(left));
  }
  assert.equal((await s.call(ada, `POST ${path}/email/verify`, { code: right })).status, 409);
  s.f.t.clock.advance(30_000);
  await s.call(ada, `POST ${path}/email/send-code`);
  const second = /\b(\d{6})\b/.exec(box.mails[1]?.subject ?? "")?.[1] ?? "";
  s.f.t.clock.advance(15 * 60_000);
  const late = await s.call(ada, `POST ${path}/email/verify`, { code: second });
  assert.equal(late.status, 409);
  assert.match(late.json.detail, /15 minutes/);
});

test("a code that could not be sent says why, and can be sent again at once", async () => {
  await using box = await mailbox();
  await using s = await served({ smtp: box.url });
  const ada = await s.person("Ada");
  const path = `/users/${ada.id}/contact-methods`;
  await s.call(ada, `POST ${path}`, { channel: "email", address: { email: ada.email } });
  box.refuse = () => ({ code: 550, text: "No such user here" });
  const failed = await s.call(ada, `POST ${path}/email/send-code`);
  assert.equal(failed.json.ok, false);
  assert.match(failed.json.detail, /No such user here/);
  box.refuse = () => null;
  assert.equal((await s.call(ada, `POST ${path}/email/send-code`)).json.ok, true);
});

test("a test really rings, reports the provider's own words and is on the ledger", async () => {
  await using hook = await receiver();
  await using s = await served();
  const ada = await s.person("Ada");
  await s.f.method(ada.id, { url: hook.url });
  const path = `/users/${ada.id}/contact-methods/webhook/test`;
  hook.answer = (n) => (n === 0 ? { status: 202, body: "ringing" } : { status: 403, body: "who are you" });
  const good = await s.call(ada, `POST ${path}`);
  assert.deepEqual([good.json.ok, good.json.detail], [true, "202 Accepted: ringing"]);
  assert.equal(hook.received[0]?.json.type, "test");
  assert.equal((await s.call(ada, `POST ${path}`)).status, 429);
  s.f.t.clock.advance(5_000);
  const bad = await s.call(ada, `POST ${path}`);
  assert.deepEqual([bad.json.ok, bad.json.detail], [false, "403 Forbidden: who are you"]);
  const rows = await s.f.t.platform.db
    .selectFrom("deliveries")
    .select(["purpose", "status"])
    .orderBy("id")
    .execute();
  assert.deepEqual(rows, [
    { purpose: "test", status: "sent" },
    { purpose: "test", status: "failed" },
  ]);
});

test("secrets are sealed at rest and never come back out", async () => {
  await using s = await served();
  const ada = await s.person("Ada");
  const path = `/users/${ada.id}/contact-methods`;
  const address = { url: "https://hooks.example.com/a/b?key=zzz", secret: "open sesame" };
  const made = await s.call(ada, `POST ${path}`, { channel: "webhook", slug: "hook", address });
  assert.deepEqual(made.json.address, { url: address.url });
  assert.equal(made.json.destination, "hooks.example.com/a/…");
  const { db } = s.f.t.platform;
  const stored = [
    await db.selectFrom("contact_methods").selectAll().execute(),
    await db.selectFrom("audit_entries").selectAll().execute(),
  ];
  assert.ok(!JSON.stringify(stored).includes("open sesame"));
  assert.ok(!(await s.call(ada, `GET ${path}`)).text.includes("open sesame"));
});

test("a wrong address is refused field by field, and an unknown channel by name", async () => {
  await using s = await served();
  const ada = await s.person("Ada");
  const path = `/users/${ada.id}/contact-methods`;
  const bad = await s.call(ada, `POST ${path}`, {
    channel: "webhook",
    address: { url: "ftp://x", extra: 1 },
  });
  assert.equal(bad.status, 422);
  const pointers = bad.json.errors.map((each: { pointer: string }) => each.pointer);
  assert.ok(pointers.includes("/address/url") && pointers.includes("/address/secret"), String(pointers));
  const unknown = await s.call(ada, `POST ${path}`, { channel: "pigeon", address: {} });
  assert.match(unknown.json.detail, /no channel "pigeon".*email.*webhook/);
  await s.call(ada, `POST ${path}`, { channel: "email", slug: "m", address: { email: ada.email } });
  const twice = await s.call(ada, `POST ${path}`, {
    channel: "email",
    slug: "m",
    address: { email: ada.email },
  });
  assert.equal(twice.status, 409);
});

test("only the person and administrators see an address or touch a method", async () => {
  await using s = await served();
  const ada = await s.person("Ada");
  const bo = await s.person("Bo");
  const root = await s.person("Root", "admin");
  const path = `/users/${ada.id}/contact-methods`;
  await s.call(ada, `POST ${path}`, { channel: "email", address: { email: ada.email } });
  assert.deepEqual((await s.call(bo, `GET ${path}`)).json.items[0].address, {});
  for (const line of [`DELETE ${path}/email`, `POST ${path}/email/send-code`, `POST ${path}/email/test`])
    assert.equal((await s.call(bo, line)).status, 403);
  assert.deepEqual((await s.call(root, `GET ${path}`)).json.items[0].address, { email: ada.email });
  assert.equal((await s.call(root, `DELETE ${path}/email`)).status, 204);
  assert.equal((await s.call(ada, `GET ${path}`)).json.items.length, 0);
  assert.equal((await s.call(ada, `DELETE ${path}/email`)).status, 404);
});

test("the configuration's methods count as verified by the operator, and only it may change them", async () => {
  await using s = await served();
  const { db } = s.f.t.platform;
  const ada = await s.person("Ada");
  const config = { ...by(s.f.t.platform, { ...SYSTEM, type: "config" }), managedBy: "config" as const };
  const url = "http://127.0.0.1:9000/ada";
  const row = await inTransaction(db, (tx) =>
    addContactMethod(tx, config, {
      userId: ada.id,
      slug: "hook",
      channel: "webhook",
      address: { url, secret: "one" },
    }),
  );
  assert.equal(row.verified_by, "the operator, by configuration");
  const entry = await db.selectFrom("audit_entries").selectAll().executeTakeFirstOrThrow();
  assert.deepEqual(entry.after, {
    channel: "webhook",
    destination: "127.0.0.1:9000/ada",
    position: 0,
    verified_by: "the operator, by configuration",
  });
  assert.equal((await s.call(ada, `DELETE /users/${ada.id}/contact-methods/hook`)).status, 409);
  s.f.t.clock.advance(1_000);
  const later = { ...config, at: s.f.t.clock.now() };
  const change = (address: Record<string, unknown>) =>
    inTransaction(db, (tx) => changeContactMethod(tx, later, { userId: ada.id, ref: "hook", address }));
  const same = await change({ url });
  assert.deepEqual([same.address, same.verified_at], [row.address, row.verified_at]);
  const moved = await change({ url: "http://127.0.0.1:9000/bo" });
  assert.equal(moved.verified_at?.toString(), later.at.toString());
});

test("channels describe their form, and say why they can't be used", async () => {
  await using s = await served();
  const ada = await s.person("Ada");
  const { json } = await s.call(ada, "GET /channels");
  assert.deepEqual(
    json.items.map(({ id, available }: { id: string; available: boolean }) => [id, available]),
    [
      ["email", false],
      ["ntfy", false],
      ["pushover", false],
      ["slack", false],
      ["sms", false],
      ["telegram", false],
      ["voice", false],
      ["web_push", false],
      ["webhook", true],
    ],
  );
  assert.match(json.items[0].unavailable_reason, /KEEPWATCH_SMTP_URL/);
  assert.match(json.items[2].unavailable_reason, /Settings → Providers/);
  assert.deepEqual(
    json.items.at(-1).form.map(({ name, type }: { name: string; type: string }) => [name, type]),
    [
      ["url", "url"],
      ["secret", "secret"],
    ],
  );
});

test("pages are listed for who may see the incident, and for nobody else", async () => {
  await using s = await served();
  const ada = await s.person("Ada");
  const stranger = await s.person("Stranger");
  const subject = s.f.subject();
  for (let level = 1; level <= 3; level++) await s.f.page(subject, ada.id, { plan: [], level });
  const first = await s.call(ada, `GET /pages?incident=${subject}&limit=2`);
  assert.deepEqual(
    first.json.items.map((page: { level: number }) => page.level),
    [1, 2],
  );
  const rest = await s.call(ada, `GET /pages?incident=${subject}&limit=2&cursor=${first.json.next}`);
  assert.deepEqual([rest.json.items.length, rest.json.next], [1, null]);
  s.f.deps.answer.resource = async () => ({ type: "incident", team: "another", visibility: "team" });
  assert.equal((await s.call(stranger, `GET /pages?incident=${subject}`)).status, 404);
  s.f.deps.answer.resource = async () => null;
  assert.equal((await s.call(ada, `GET /pages?incident=${subject}`)).status, 404);
});
