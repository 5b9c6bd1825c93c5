import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";

/** Ada is paged, then Bo; an acknowledgement runs out after 20 minutes. */
async function acknowledged(loop: Loop) {
  const ada = await loop.person("ada");
  await loop.person("bo");
  const levels: [string, string][] = [
    ["ada", "5m"],
    ["bo", "5m"],
  ];
  await loop.policy("web", levels, { acknowledge_timeout: "20m" });
  await loop.ok("POST /incidents", ada, { title: "Checkout hangs", escalation_policy: "web" });
  await loop.settle();
  const incident = await loop.ok("POST /incidents/1/acknowledge", ada);
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  return { ada, incident };
}

test("an acknowledgement that nobody renews pages again: whoever gave it is told before, and the record says all of it", async () => {
  await using loop = await startLoop();
  const { incident } = await acknowledged(loop);
  assert.equal(incident.acknowledgement_expires_at, "2026-11-23T09:20:00Z");
  assert.equal(incident.acknowledged_until, null);
  await loop.pass("14m59s");
  assert.equal((await loop.timeline(1)).length, 3);
  await loop.pass("1s");
  assert.equal(
    (await loop.timeline(1)).at(-1),
    "acknowledgement_expiring: The acknowledgement by Ada runs out in 5 min; unless it is renewed, it pages again",
  );
  const told = loop.hooks.heard.filter((each) => each.type === "expiring");
  assert.equal(told.length, 1, "Ada gets a message");
  await loop.pass("4m59s");
  assert.equal((await loop.ok("GET /incidents/1")).status, "acknowledged");
  await loop.pass("1s");
  const again = await loop.ok("GET /incidents/1");
  assert.deepEqual([again.status, again.round, again.acknowledged_by], ["triggered", 2, null]);
  assert.equal(again.acknowledgement_expires_at, null);
  assert.deepEqual((await loop.timeline(1)).slice(-2), [
    "acknowledgement_expired: The acknowledgement by Ada ran out and was not renewed; paging again",
    "paged: Paged level 1: Ada.",
  ]);
});

test("whoever has it renews it by acknowledging again; somebody else is told who has it", async () => {
  await using loop = await startLoop();
  const { ada } = await acknowledged(loop);
  await loop.pass("16m");
  const bo = await loop.ok("POST /incidents/1/acknowledge", loop.root);
  assert.equal(bo.acknowledged_by.name, "Ada");
  assert.equal(bo.acknowledgement_expires_at, "2026-11-23T09:20:00Z");
  const renewed = await loop.ok("POST /incidents/1/acknowledge", ada);
  assert.equal(renewed.acknowledgement_expires_at, "2026-11-23T09:36:00Z");
  assert.match((await loop.timeline(1)).at(-1)!, /^acknowledged: Still on it; .* 20 min, it pages again$/);
  await loop.pass("14m");
  assert.equal((await loop.ok("GET /incidents/1")).status, "acknowledged");
  await loop.pass("6m");
  assert.equal((await loop.ok("GET /incidents/1")).round, 2);
});

test("a snooze keeps its own time, and resolving ends the wait", async () => {
  await using loop = await startLoop();
  const { ada } = await acknowledged(loop);
  const snoozed = await loop.ok("POST /incidents/1/snooze", ada, { minutes: 60 });
  assert.deepEqual(
    [snoozed.acknowledged_until, snoozed.acknowledgement_expires_at],
    ["2026-11-23T10:00:00Z", null],
  );
  await loop.pass("59m");
  assert.equal((await loop.ok("GET /incidents/1")).status, "acknowledged");
  await loop.ok("POST /incidents/1/resolve", ada);
  await loop.pass("2h");
  assert.equal((await loop.ok("GET /incidents/1")).round, 1);
});
