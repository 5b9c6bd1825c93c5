import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../org/actor.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { claimDelivery } from "./claim.ts";
import { removeContactMethod } from "./contact-methods.ts";
import { createPages } from "./deliveries.ts";
import { listPages } from "./pages.ts";
import { createBreaker } from "./providers/send-through.ts";
import { fixture, mailbox, quiet, receiver, until } from "./testing.ts";

const DAY = 86_400_000;

test("a page reaches its person as soon as its transaction commits, and the ledger says how", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const method = await f.method(ada.id, { url: hook.url });
  f.t.platform.due.start();
  const subject = f.subject();
  const pageId = await f.page(subject, ada.id, { plan: [{ method, afterMs: 0 }] });
  await until(async () => (await f.deliveries())[0]?.status === "sent", "the delivery is sent");
  const { json } = hook.received[0]!;
  const { items } = await listPages(f.t.platform.db, { subjectId: subject, limit: 50 });
  assert.equal(items.length, 1);
  const [page] = items;
  assert.equal(page?.id, pageId);
  assert.deepEqual(page?.person, { id: ada.id, name: "Ada", email: "ada@example.com" });
  const [delivery] = page?.deliveries ?? [];
  assert.equal(delivery?.id, json.delivery_id);
  assert.equal(delivery?.method, "webhook");
  assert.deepEqual(
    delivery?.attempts.map(({ outcome, detail }) => ({ outcome, detail })),
    [{ outcome: "accepted", detail: "200 OK" }],
  );
});

test("the same page asked for twice pages once, and a new round pages again", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const plan = [{ method: await f.method(ada.id, { url: hook.url }), afterMs: 0 }];
  f.t.platform.due.start();
  const subject = f.subject();
  const first = await f.page(subject, ada.id, { plan });
  const again = await f.page(subject, ada.id, { plan });
  assert.equal(first, again);
  await until(() => hook.received.length === 1, "the page arrives");
  f.subjects.get(subject)!.round = 2;
  await f.page(subject, ada.id, { plan, round: 2 });
  await until(() => hook.received.length === 2, "the second round's page arrives");
  assert.equal((await f.deliveries()).length, 2);
});

test("a page without any method is recorded and reported as unreached", async () => {
  await using f = await fixture();
  const ada = await f.person("Ada");
  const [made] = await inTransaction(f.t.platform.db, (tx) =>
    createPages(tx, by(f.t.platform, SYSTEM), {
      subject: { type: "incident", id: f.subject() },
      pages: [{ personId: ada.id, round: 1, level: 1, repeat: 0, urgency: "high", reason: "on call" }],
      plan: () => [],
    }),
  );
  assert.deepEqual({ created: made?.created, reached: made?.reached }, { created: true, reached: false });
});

test("a method that can't work here is on the ledger as failed, and the next one takes its turn", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const mail = await f.method(ada.id, { email: ada.email });
  const web = await f.method(ada.id, { url: hook.url });
  f.t.platform.due.start();
  await f.page(f.subject(), ada.id, {
    plan: [
      { method: mail, afterMs: 0 },
      { method: web, afterMs: 5 * 60_000 },
    ],
  });
  await until(() => hook.received.length === 1, "the webhook rings at once");
  const [failed] = await f.deliveries();
  assert.equal(failed?.status, "failed");
  assert.match(failed?.reason ?? "", /KEEPWATCH_SMTP_URL/);
  assert.equal(f.unreachable.length, 0);
});

test("a delivery is tried again at growing waits, with the same delivery_id, until it is taken", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  hook.answer = (n) => (n < 3 ? { status: 503 } : undefined);
  const ada = await f.person("Ada");
  const method = await f.method(ada.id, { url: hook.url });
  f.t.platform.due.start();
  await f.page(f.subject(), ada.id, { plan: [{ method, afterMs: 0 }] });
  for (let tries = 1; tries <= 3; tries++) {
    await until(async () => {
      const [row] = await f.deliveries();
      return hook.received.length === tries && row?.status === "queued";
    }, `try ${tries} is recorded`);
    const [row] = await f.deliveries();
    const waitMs = row!.due_at.epochMilliseconds - f.t.clock.now().epochMilliseconds;
    const fullMs = 1_000 * 2 ** (tries - 1);
    assert.ok(waitMs <= fullMs && waitMs >= fullMs * 0.8, `waits ${waitMs} ms after try ${tries}`);
    assert.equal(row?.reason, "503 Service Unavailable");
    await f.advance(waitMs);
  }
  await until(async () => (await f.deliveries())[0]?.status === "sent", "the fourth try is taken");
  assert.equal(new Set(hook.received.map(({ json }) => json.delivery_id)).size, 1);
  const attempts = await f.t.platform.db
    .selectFrom("delivery_attempts")
    .selectAll()
    .orderBy("number")
    .execute();
  assert.deepEqual(
    attempts.map(({ number, outcome }) => [number, outcome]),
    [
      [1, "retry"],
      [2, "retry"],
      [3, "retry"],
      [4, "accepted"],
    ],
  );
});

test("a refused method hands over to the person's next one at once", async () => {
  await using hook = await receiver();
  await using box = await mailbox();
  await using f = await fixture({ smtp: box.url });
  hook.answer = () => ({ status: 404, body: "no such hook" });
  const ada = await f.person("Ada");
  const web = await f.method(ada.id, { url: hook.url });
  const mail = await f.method(ada.id, { email: ada.email });
  f.t.platform.due.start();
  await f.page(f.subject(), ada.id, {
    plan: [
      { method: web, afterMs: 0 },
      { method: mail, afterMs: 10 * 60_000 },
    ],
  });
  await until(() => box.mails.length === 1, "the mail goes out without its ten minutes");
  await until(async () => (await f.deliveries())[1]?.status === "sent", "the mail is recorded");
  const [failed] = await f.deliveries();
  assert.equal(failed?.status, "failed");
  assert.equal(failed?.reason, "404 Not Found: no such hook");
  assert.equal(f.unreachable.length, 0);
});

test("when every method was refused the ledger says so and escalation is told, once", async () => {
  await using hook = await receiver();
  await using box = await mailbox();
  await using f = await fixture({ smtp: box.url });
  hook.answer = () => ({ status: 410 });
  box.refuse = () => ({ code: 550, text: "gone" });
  const ada = await f.person("Ada");
  const plan = [
    { method: await f.method(ada.id, { url: hook.url }), afterMs: 0 },
    { method: await f.method(ada.id, { email: ada.email }), afterMs: 0 },
  ];
  f.t.platform.due.start();
  const subject = f.subject();
  const pageId = await f.page(subject, ada.id, { plan, level: 2, repeat: 1 });
  await until(() => f.unreachable.length > 0, "escalation is told");
  await until(
    async () =>
      (await f.deliveries()).some(({ reason }) => reason?.endsWith("No other way to reach Ada is left.")),
    "the ledger says it",
  );
  await quiet();
  assert.deepEqual(f.unreachable, [
    { id: pageId, subjectId: subject, round: 1, level: 2, repeat: 1, personId: ada.id, personName: "Ada" },
  ]);
});

test("a method removed before its time moves on like a refused one", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const first = await f.method(ada.id, { url: hook.url });
  const second = await f.method(ada.id, { url: hook.url });
  await f.page(f.subject(), ada.id, {
    plan: [
      { method: first, afterMs: 0 },
      { method: second, afterMs: DAY },
    ],
  });
  const config = { ...by(f.t.platform, SYSTEM), managedBy: "config" as const };
  await inTransaction(f.t.platform.db, (tx) =>
    removeContactMethod(tx, config, { userId: ada.id, ref: first.id }),
  );
  f.t.platform.due.start();
  await until(() => hook.received.length === 1, "the second method rings");
  const failed = (await f.deliveries()).find(({ status }) => status === "failed");
  assert.match(failed?.reason ?? "", /removed or disabled/);
});

test("an acknowledgement cancels what has not gone out, and the page says who answered", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const bo = await f.person("Bo");
  const method = await f.method(ada.id, { url: hook.url });
  f.t.platform.due.start();
  const subject = f.subject();
  await f.page(subject, ada.id, { plan: [{ method, afterMs: 60_000 }] });
  const answeredAt = f.t.clock.now();
  await f.acknowledge(subject, bo);
  const [row] = await f.deliveries();
  assert.deepEqual([row?.status, row?.reason], ["cancelled", "acknowledged by Bo"]);
  await f.advance(61_000);
  await quiet();
  assert.equal(hook.received.length, 0);
  const { items } = await listPages(f.t.platform.db, { subjectId: subject, limit: 50 });
  assert.deepEqual(items[0]?.answered, { at: answeredAt.toString(), by: "Bo", how: "Keepwatch" });
});

test("a delivery whose round is over is cancelled when its time comes, with the reason", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const method = await f.method(ada.id, { url: hook.url });
  const subject = f.subject();
  await f.page(subject, ada.id, { plan: [{ method, afterMs: 0 }] });
  f.subjects.get(subject)!.round = 2;
  f.t.platform.due.start();
  await until(async () => (await f.deliveries())[0]?.status === "cancelled", "it is cancelled");
  assert.equal((await f.deliveries())[0]?.reason, "a newer round has begun");
  assert.equal(hook.received.length, 0);
});

test("an acknowledgement between the claim and the sending still stops the page", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const bo = await f.person("Bo");
  const method = await f.method(ada.id, { url: hook.url });
  const subject = f.subject();
  f.onDescribe = async () => {
    if (f.subjects.get(subject)?.status === "triggered") await f.acknowledge(subject, bo);
  };
  f.t.platform.due.start();
  await f.page(subject, ada.id, { plan: [{ method, afterMs: 0 }] });
  await until(async () => (await f.deliveries())[0]?.status === "cancelled", "it is cancelled");
  await quiet();
  assert.equal(hook.received.length, 0);
  assert.equal((await f.t.platform.db.selectFrom("delivery_attempts").selectAll().execute()).length, 0);
});

test("a delivery that a dead worker left in sending goes out again under the same id", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const { platform } = f.t;
  const ada = await f.person("Ada");
  const method = await f.method(ada.id, { url: hook.url });
  await f.page(f.subject(), ada.id, { plan: [{ method, afterMs: 0 }] });
  const [row] = await f.deliveries();
  const claim = await inTransaction(platform.db, (tx) =>
    claimDelivery(tx, by(platform, SYSTEM), {
      deliveryId: row!.id,
      answer: f.deps.answer,
      breaker: createBreaker(),
    }),
  );
  assert.equal(claim.kind, "claimed");
  assert.equal((await f.deliveries())[0]?.status, "sending");
  platform.due.start();
  await until(async () => (await f.deliveries())[0]?.status === "sent", "it goes out");
  assert.equal(hook.received[0]?.json.delivery_id, row?.id);
  const attempts = await platform.db
    .selectFrom("delivery_attempts")
    .select("outcome")
    .orderBy("number")
    .execute();
  assert.deepEqual(
    attempts.map(({ outcome }) => outcome),
    ["sending", "accepted"],
  );
});

test("while paging is paused nothing goes out, and it goes out when the pause is over", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const { db, due, clock } = f.t.platform;
  const ada = await f.person("Ada");
  const method = await f.method(ada.id, { url: hook.url });
  const pausedUntil = clock.now().add({ seconds: 3 });
  await db.updateTable("installation").set({ paging_paused_until: pausedUntil }).execute();
  due.start();
  await f.page(f.subject(), ada.id, { plan: [{ method, afterMs: 0 }] });
  await quiet();
  assert.equal(hook.received.length, 0);
  assert.equal((await f.deliveries())[0]?.status, "queued");
  await f.advance(3_100);
  await until(() => hook.received.length === 1, "it goes out after the pause");
});

test("a page whose subject can't be described still rings, with what the page itself knows", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  f.onDescribe = () => Promise.reject(new Error("the database is on fire"));
  const ada = await f.person("Ada");
  const method = await f.method(ada.id, { url: hook.url });
  f.t.platform.due.start();
  await f.page(f.subject(), ada.id, { plan: [{ method, afterMs: 0 }], reason: "You are on call for Shop." });
  await until(() => hook.received.length === 1, "it rings");
  const incident = hook.received[0]?.json.incident as { title: string };
  assert.equal(incident.title, "You are on call for Shop.");
});
