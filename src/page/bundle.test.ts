import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlannedDelivery } from "./new-delivery.ts";
import { type Fixture, fixture, quiet, type Received, receiver, until } from "./testing.ts";

const listed = ({ json }: Received): string[] =>
  ((json.bundle ?? [json]) as { incident: { id: string } }[]).map(({ incident }) => incident.id);

/** `count` subjects, each paging this person by this plan, one after the other. */
async function storm(
  f: Fixture,
  personId: string,
  { count, plan }: { count: number; plan: PlannedDelivery[] },
) {
  const subjects: string[] = [];
  for (let n = 0; n < count; n++) {
    const subject = f.subject();
    subjects.push(subject);
    await f.page(subject, personId, { plan });
  }
  return subjects;
}

const statuses = async (f: Fixture): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { status } of await f.deliveries()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

const putOff = async (f: Fixture): Promise<boolean> =>
  (await f.deliveries()).some(({ reason }) => reason === "503 Service Unavailable");

test("in a storm the first page comes at once and the others as one message 30 s later", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const plan = [{ method: await f.method(ada.id, { url: hook.url }), afterMs: 0 }];
  f.t.platform.due.start();
  const [first] = await storm(f, ada.id, { count: 1, plan });
  await until(async () => (await statuses(f)).sent === 1, "the first page is on the ledger");
  assert.equal(hook.received.length, 1);
  const others = await storm(f, ada.id, { count: 9, plan });
  await quiet();
  assert.deepEqual(await statuses(f), { sent: 1, queued: 9 });
  await f.advance(30_000);
  await until(async () => (await statuses(f)).sent === 10, "all are sent");
  assert.equal(hook.received.length, 2);
  assert.deepEqual(listed(hook.received[0]!), [first]);
  assert.deepEqual(listed(hook.received[1]!).sort(), others.sort());
  const carriers = await f.t.platform.db.selectFrom("deliveries").select("bundle_id").distinct().execute();
  assert.equal(carriers.length, 2);
});

test("what comes in while a bundle is tried again does not join it: membership is fixed at the claim", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const plan = [{ method: await f.method(ada.id, { url: hook.url }), afterMs: 0 }];
  f.t.platform.due.start();
  await storm(f, ada.id, { count: 1, plan });
  await until(() => hook.received.length === 1, "the first page arrives");
  const members = await storm(f, ada.id, { count: 3, plan });
  hook.answer = (n) => (n === 1 ? { status: 503 } : undefined);
  await f.advance(30_000);
  await until(() => putOff(f), "the bundle is put off");
  const late = await storm(f, ada.id, { count: 1, plan });
  await f.advance(1_000);
  await until(async () => (await statuses(f)).sent === 4, "the bundle is sent");
  const [, once, again] = hook.received;
  assert.equal(once?.json.delivery_id, again?.json.delivery_id);
  assert.deepEqual(listed(again!).sort(), members.sort());
  assert.ok(!listed(again!).includes(late[0]!));
});

test("a member answered while its bundle waits for another try is left out, even the one that carries it", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const plan = [{ method: await f.method(ada.id, { url: hook.url }), afterMs: 0 }];
  f.t.platform.due.start();
  await storm(f, ada.id, { count: 1, plan });
  await until(() => hook.received.length === 1, "the first page arrives");
  const members = await storm(f, ada.id, { count: 3, plan });
  hook.answer = (n) => (n === 1 ? { status: 503 } : undefined);
  await f.advance(30_000);
  await until(() => putOff(f), "the bundle is put off");
  const carrierId = hook.received[1]!.json.delivery_id;
  const carrier = await f.t.platform.db
    .selectFrom("deliveries")
    .select("subject_id")
    .where("id", "=", carrierId)
    .executeTakeFirstOrThrow();
  await f.acknowledge(carrier.subject_id, await f.person("Bo"));
  await f.advance(1_000);
  await until(() => hook.received.length === 3, "the rest goes out");
  assert.equal(hook.received[2]!.json.delivery_id, carrierId);
  assert.deepEqual(
    listed(hook.received[2]!).sort(),
    members.filter((id) => id !== carrier.subject_id).sort(),
  );
  await until(async () => (await statuses(f)).sent === 3, "the rest is recorded");
  assert.deepEqual(await statuses(f), { sent: 3, cancelled: 1 });
});

test("a refused bundle brings forward the next method of every page in it", async () => {
  await using hook = await receiver();
  await using other = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const plan = [
    { method: await f.method(ada.id, { url: hook.url }), afterMs: 0 },
    { method: await f.method(ada.id, { url: other.url }), afterMs: 3_600_000 },
  ];
  f.t.platform.due.start();
  await storm(f, ada.id, { count: 1, plan });
  await until(() => hook.received.length === 1, "the first page arrives");
  const members = await storm(f, ada.id, { count: 3, plan });
  hook.answer = () => ({ status: 403 });
  await f.advance(30_000);
  await until(() => other.received.length > 0, "the other method rings");
  await f.advance(30_000);
  await until(() => other.received.flatMap(listed).length === 3, "all three come by the other method");
  assert.deepEqual(other.received.flatMap(listed).sort(), members.sort());
});

test("somebody who has answered what they got is paged at once about something else", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const plan = [{ method: await f.method(ada.id, { url: hook.url }), afterMs: 0 }];
  f.t.platform.due.start();
  const [first] = await storm(f, ada.id, { count: 1, plan });
  await until(async () => (await statuses(f)).sent === 1, "the first page is sent");
  await f.acknowledge(first!, ada);
  await storm(f, ada.id, { count: 1, plan });
  await until(() => hook.received.length === 2, "the second page comes at once");
});

test("a repeat of the same demand doesn't wait", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const plan = [{ method: await f.method(ada.id, { url: hook.url }), afterMs: 0 }];
  f.t.platform.due.start();
  const subject = f.subject();
  await f.page(subject, ada.id, { plan });
  await until(async () => (await statuses(f)).sent === 1, "the first page is sent");
  await f.page(subject, ada.id, { plan, repeat: 1 });
  await until(() => hook.received.length === 2, "the repeat comes at once");
});

test("130 incidents at once come as a few messages, of a hundred at most", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const ada = await f.person("Ada");
  const plan = [{ method: await f.method(ada.id, { url: hook.url }), afterMs: 0 }];
  const subjects = await storm(f, ada.id, { count: 130, plan });
  f.t.platform.due.start();
  for (let round = 0; round < 4; round++) {
    await until(async () => !(await statuses(f)).sending, "nothing is under way");
    await f.advance(30_000);
  }
  await until(async () => (await statuses(f)).sent === 130, "all are sent");
  const sizes = hook.received.map((each) => listed(each).length);
  assert.ok(hook.received.length <= 4, `came as ${sizes}`);
  assert.ok(Math.max(...sizes) <= 100);
  assert.deepEqual(hook.received.flatMap(listed).sort(), subjects.sort());
});
