import assert from "node:assert/strict";
import { test } from "node:test";
import { telephoned } from "./channels/telephone.fixture.ts";
import { until } from "./testing.ts";

const MINUTE = 60_000;

test("a receipt that never comes makes the next contact method due at once, and the ledger says so", async () => {
  await using s = await telephoned("sms");
  const call = await s.add("voice");
  await s.f.page(s.f.subject(), s.ada.id, {
    plan: [
      { method: s.method, afterMs: 0 },
      { method: call, afterMs: 30 * MINUTE },
    ],
  });
  await until(async () => (await s.f.deliveries())[0]?.status === "sent", "the message is on the ledger");
  await s.f.advance(59_000);
  assert.equal(s.provider.made.length, 1);
  await s.f.advance(1_500);
  await until(() => s.provider.made.length === 2, "the call");
  await until(async () => (await s.f.deliveries())[1]?.status === "sent", "the call is on the ledger");
  const [sms, voice] = await s.f.deliveries();
  assert.deepEqual([sms?.status, sms?.reason], ["sent", "No receipt within 60 s; went on to voice"]);
  assert.equal(voice?.status, "sent");
  await s.post(s.provider.made[0]?.StatusCallback ?? "", { MessageStatus: "delivered", MessageSid: "SM1" });
  assert.equal((await s.f.deliveries())[0]?.status, "delivered");
  assert.equal(s.provider.made.length, 2);
});

test("a receipt in time leaves the next contact method its own time", async () => {
  await using s = await telephoned("sms");
  const call = await s.add("voice");
  await s.f.page(s.f.subject(), s.ada.id, {
    plan: [
      { method: s.method, afterMs: 0 },
      { method: call, afterMs: 30 * MINUTE },
    ],
  });
  await until(async () => (await s.f.deliveries())[0]?.status === "sent", "the message is on the ledger");
  const receipt = { MessageStatus: "delivered", MessageSid: "SM1" };
  await s.post(s.provider.made[0]?.StatusCallback ?? "", receipt);
  await s.f.advance(2 * MINUTE);
  await s.f.advance(0);
  assert.equal(s.provider.made.length, 1);
  assert.equal((await s.f.deliveries())[1]?.status, "queued");
});

test("a page that was answered meanwhile waits for no receipt", async () => {
  await using s = await telephoned("sms");
  const subject = s.f.subject();
  await s.f.page(subject, s.ada.id, { plan: [{ method: s.method, afterMs: 0 }] });
  await until(async () => (await s.f.deliveries())[0]?.status === "sent", "the message is on the ledger");
  await s.f.acknowledge(subject, s.ada);
  await s.f.advance(2 * MINUTE);
  await s.f.advance(0);
  assert.equal((await s.f.deliveries())[0]?.reason, null);
});

test("when nobody can call back, no receipt is waited for", async () => {
  await using s = await telephoned("sms");
  s.f.t.platform.url = "http://127.0.0.1:7243";
  await s.f.page(s.f.subject(), s.ada.id, { plan: [{ method: s.method, afterMs: 0 }] });
  await until(async () => (await s.f.deliveries())[0]?.status === "sent", "the message is on the ledger");
  const waiting = await s.f.t.platform.db
    .selectFrom("due_jobs")
    .selectAll()
    .where("kind", "=", "receipt")
    .execute();
  assert.deepEqual(waiting, []);
});

test("callbacks that come twice, late, in the wrong order or about nothing change nothing", async () => {
  await using s = await telephoned("sms");
  await s.f.page(s.f.subject(), s.ada.id, { plan: [{ method: s.method, afterMs: 0 }] });
  await until(async () => (await s.f.deliveries())[0]?.status === "sent", "the message is on the ledger");
  const status = s.provider.made[0]?.StatusCallback ?? "";
  const tell = (MessageStatus: string) => s.post(status, { MessageStatus, MessageSid: "SM1" });
  for (const each of ["delivered", "delivered", "sent", "queued", "made-up", "delivered"])
    assert.equal((await tell(each)).status, 204);
  assert.equal((await s.f.deliveries())[0]?.status, "delivered");
  const nobody = `${s.home}/callbacks/phone/sms-status?d=0193588e-0000-7000-8000-0000000000ee`;
  for (const address of [
    nobody,
    `${s.home}/callbacks/phone/sms-status?d=nonsense`,
    `${s.home}/callbacks/phone/sms-status`,
  ])
    assert.equal((await s.post(address, { MessageStatus: "undelivered" })).status, 204);
  assert.equal((await tell("undelivered")).status, 204);
  assert.equal((await s.f.deliveries())[0]?.status, "delivered");
  assert.equal(s.f.unreachable.length, 0);
});
