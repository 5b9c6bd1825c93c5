import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../org/actor.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { claimDelivery } from "./claim.ts";
import { cancelRinging, tellThose } from "./deliveries.ts";
import { createBreaker } from "./providers/send-through.ts";
import { type Fixture, fixture, quiet, receiver, until } from "./testing.ts";

const tell = (
  f: Fixture,
  subjectId: string,
  some: { personIds?: string[]; purpose?: "resolved" | "joined" } = {},
) =>
  inTransaction(f.t.platform.db, (tx) =>
    tellThose(tx, by(f.t.platform, SYSTEM), {
      subject: { type: "incident", id: subjectId },
      purpose: "resolved",
      ...some,
    }),
  );

async function resolve(f: Fixture, subjectId: string) {
  f.subjects.get(subjectId)!.status = "resolved";
  await inTransaction(f.t.platform.db, (tx) =>
    cancelRinging(tx, by(f.t.platform, SYSTEM), subjectId, { reason: "resolved", how: "resolved" }),
  );
  return tell(f, subjectId);
}

test("who was paged is told that it is over, the way the page came; who was spared is not", async () => {
  await using hook = await receiver();
  await using other = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const bo = await f.person("Bo");
  const used = await f.method(ada.id, { url: hook.url });
  const unused = await f.method(ada.id, { url: other.url });
  const bos = await f.method(bo.id, { url: other.url });
  f.t.platform.due.start();
  const subject = f.subject();
  await f.page(subject, ada.id, {
    plan: [
      { method: used, afterMs: 0 },
      { method: unused, afterMs: 600_000 },
    ],
  });
  await f.page(subject, bo.id, { level: 2, plan: [{ method: bos, afterMs: 600_000 }] });
  await until(async () => (await f.deliveries())[0]?.status === "sent", "Ada is paged");
  assert.deepEqual(await resolve(f, subject), [{ id: ada.id, name: "Ada" }]);
  await until(() => hook.received.length === 2, "Ada is told");
  await quiet();
  assert.equal(other.received.length, 0);
  const { json } = hook.received[1]!;
  assert.equal(json.type, "resolved");
  assert.equal((json.incident as { status: string }).status, "resolved");
  assert.notEqual(json.delivery_id, hook.received[0]!.json.delivery_id);
  assert.deepEqual(json.page, hook.received[0]!.json.page);
});

test("a page that a dead worker left in sending counts as sent", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const { platform } = f.t;
  const ada = await f.person("Ada");
  const method = await f.method(ada.id, { url: hook.url });
  const subject = f.subject();
  await f.page(subject, ada.id, { plan: [{ method, afterMs: 0 }] });
  const [row] = await f.deliveries();
  await inTransaction(platform.db, (tx) =>
    claimDelivery(tx, by(platform, SYSTEM), {
      deliveryId: row!.id,
      answer: f.deps.answer,
      breaker: createBreaker(),
    }),
  );
  assert.deepEqual(await resolve(f, subject), [{ id: ada.id, name: "Ada" }]);
  platform.due.start();
  for (let step = 0; step < 4 && hook.received.length === 0; step++) {
    await f.advance(500);
  }
  await until(() => hook.received.length === 1, "Ada is told");
  assert.equal(hook.received[0]?.json.type, "resolved");
  assert.equal((await f.deliveries())[0]?.status, "cancelled");
});

test("who was spared at the last moment hears nothing of the end", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const method = await f.method(ada.id, { url: hook.url });
  const subject = f.subject();
  f.onDescribe = async () => {
    if (f.subjects.get(subject)?.status === "triggered") await resolve(f, subject);
  };
  f.t.platform.due.start();
  await f.page(subject, ada.id, { plan: [{ method, afterMs: 0 }] });
  await until(
    async () => (await f.deliveries()).length === 2,
    "the notice is made while the page is being sent",
  );
  for (let step = 0; step < 3; step++) {
    await f.advance(500);
  }
  await until(
    async () => (await f.deliveries()).every(({ status }) => status === "cancelled"),
    "both are cancelled",
  );
  assert.equal(hook.received.length, 0);
});

test("a person who is named is told even if no page reached them, and once for what is still to go out", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const bo = await f.person("Bo");
  await f.method(bo.id, { url: hook.url });
  const subject = f.subject({ status: "acknowledged", acknowledgedBy: "Bo" });
  for (let n = 0; n < 3; n++)
    assert.equal((await tell(f, subject, { personIds: [bo.id], purpose: "joined" })).length, 1);
  f.t.platform.due.start();
  await until(async () => (await f.deliveries())[0]?.status === "sent", "Bo is told");
  await quiet();
  assert.deepEqual(
    hook.received.map(({ json }) => json.type),
    ["joined"],
  );
});
