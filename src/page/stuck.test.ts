import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../org/actor.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { moveOn, stuckPages } from "./stuck.ts";
import { fixture, mailbox, receiver, until } from "./testing.ts";

test("a page that no worker takes is stuck after a minute, and the person's next method is due at once", async () => {
  await using box = await mailbox();
  await using f = await fixture({ smtp: box.url });
  const { db, clock } = f.t.platform;
  const ada = await f.person("Ada");
  const plan = [
    { method: await f.method(ada.id, { url: "http://127.0.0.1:9/" }), afterMs: 0 },
    { method: await f.method(ada.id, { email: ada.email }), afterMs: 600_000 },
  ];
  await f.page(f.subject(), ada.id, { plan });
  f.t.clock.advance(59_000);
  assert.deepEqual(await stuckPages(db, clock.now()), []);
  f.t.clock.advance(2_000);
  const stuck = await stuckPages(db, clock.now());
  assert.deepEqual(
    stuck.map(({ channel }) => channel),
    ["webhook"],
  );
  await inTransaction(db, (tx) => moveOn(tx, by(f.t.platform, SYSTEM), stuck));
  const [, next] = await f.deliveries();
  assert.equal(next?.reason, "brought forward: webhook is stuck");
  assert.ok(Temporal.Instant.compare(next!.due_at, clock.now()) <= 0);
});

test("while a channel is stuck, what is paged by it first takes another channel at the same time", async () => {
  await using box = await mailbox();
  await using hook = await receiver();
  await using f = await fixture({ smtp: box.url });
  const ada = await f.person("Ada");
  const bo = await f.person("Bo");
  hook.answer = () => ({ status: 503 });
  const stuck = [{ method: await f.method(ada.id, { url: hook.url }), afterMs: 0 }];
  await f.page(f.subject(), ada.id, { plan: stuck });
  f.t.clock.advance(61_000);
  const plan = [
    { method: await f.method(bo.id, { url: hook.url }), afterMs: 0 },
    { method: await f.method(bo.id, { email: bo.email }), afterMs: 600_000 },
  ];
  await f.page(f.subject(), bo.id, { plan });
  f.t.platform.due.start();
  await until(() => box.mails.length === 1, "the mail goes at once");
  await until(
    async () => (await f.deliveries()).some(({ status }) => status === "sent"),
    "it is on the ledger",
  );
});

test("an answered page is never stuck", async () => {
  await using f = await fixture();
  const ada = await f.person("Ada");
  const subject = f.subject();
  const plan = [{ method: await f.method(ada.id, { url: "http://127.0.0.1:9/" }), afterMs: 0 }];
  await f.page(subject, ada.id, { plan });
  await f.acknowledge(subject, ada);
  f.t.clock.advance(120_000);
  assert.deepEqual(await stuckPages(f.t.platform.db, f.t.platform.clock.now()), []);
});
