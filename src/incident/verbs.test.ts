import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";

/** Ada at level 1, Bo five minutes later; an alert fires and Ada is paged. */
async function ringing() {
  const loop = await startLoop();
  const [ada, bo] = [await loop.person("ada"), await loop.person("bo")];
  await loop.policy("web", [
    ["ada", "5m"],
    ["bo", "5m"],
  ]);
  const shop = await loop.service("shop", "web");
  await loop.trigger("home", { serviceId: shop.id });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  return Object.assign(loop, { ada, bo, shop });
}

const deliveries = (loop: Loop) =>
  loop.t.platform.db
    .selectFrom("deliveries")
    .innerJoin("contact_methods", "contact_methods.id", "contact_method_id")
    .select(["deliveries.status", "deliveries.reason"])
    .orderBy("contact_methods.position")
    .execute();

test("whoever acknowledges first has it; the second one is told who was quicker", async () => {
  await using loop = await ringing();
  const replies = await Promise.all([
    loop.ok("POST /incidents/1/acknowledge", loop.ada),
    loop.ok("POST /incidents/1/acknowledge", loop.bo),
  ]);
  const [first, second] = replies.map((reply) => reply.acknowledged_by.name);
  assert.equal(first, second, "both are told the same name");
  const lines = (await loop.timeline(1)).filter((line) => line.startsWith("acknowledged"));
  assert.deepEqual(lines, ["acknowledged: Acknowledged"]);
  const { items } = await loop.ok("GET /incidents/1/timeline");
  assert.equal(items.at(-1).actor.name, first);
  await loop.pass("1h");
  assert.deepEqual(loop.hooks.paged(), [], "nobody else is woken");
});

test("an acknowledgement cancels what has not gone out yet, and says so on the ledger", async () => {
  await using loop = await startLoop();
  const ada = await loop.person("ada", { methods: 2 });
  await loop.policy("web", [["ada", "5m"]]);
  const { db } = loop.t.platform;
  const rule = { user_id: ada.id, urgency: "high" } as const;
  const values = [
    { ...rule, position: 0, method: "webhook", after_ms: 0 },
    { ...rule, position: 1, method: "webhook-2", after_ms: 120_000 },
  ];
  const methods = await db.selectFrom("contact_methods").select("slug").orderBy("position").execute();
  await db
    .insertInto("notification_rules")
    .values(values.map((value, index) => ({ ...value, method: methods[index]!.slug })))
    .execute();
  await loop.ok("POST /incidents", loop.root, { title: "Checkout hangs", escalation_policy: "web" });
  await loop.pass("1m");
  assert.deepEqual(
    (await deliveries(loop)).map(({ status }) => status),
    ["sent", "queued"],
  );
  await loop.ok("POST /incidents/1/acknowledge", ada);
  const [, second] = await deliveries(loop);
  assert.deepEqual([second?.status, second?.reason], ["cancelled", "acknowledged by Ada"]);
  await loop.pass("10m");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
});

test("an acknowledgement until a time rings again then, in a new round", async () => {
  await using loop = await ringing();
  await loop.ok("POST /incidents/1/snooze", loop.ada, { minutes: 30 });
  const snoozed = await loop.ok("GET /incidents/1");
  assert.deepEqual([snoozed.status, snoozed.acknowledged_until], ["acknowledged", "2026-11-23T09:30:00Z"]);
  await loop.pass("29m");
  assert.deepEqual(loop.hooks.paged(), []);
  await loop.pass("1m");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  const rings = await loop.ok("GET /incidents/1");
  assert.deepEqual([rings.status, rings.round, rings.acknowledged_by], ["triggered", 2, null]);
  assert.deepEqual((await loop.timeline(1)).slice(-3), [
    "snoozed: Snoozed until 2026-11-23T09:30:00Z",
    "acknowledgement_expired: The snooze is over and nobody resolved it",
    "paged: Paged level 1: Ada.",
  ]);
});

test("a snooze can be set anew, and then only its last end counts", async () => {
  await using loop = await ringing();
  await loop.ok("POST /incidents/1/snooze", loop.ada, { minutes: 10 });
  await loop.pass("5m");
  await loop.ok("POST /incidents/1/snooze", loop.ada, { minutes: 30 });
  await loop.pass("29m");
  assert.deepEqual(loop.hooks.paged(), []);
  await loop.pass("1m");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
});

test("an acknowledgement cannot end in the past", async () => {
  await using loop = await ringing();
  const until = "2026-11-23T08:59:59Z";
  const { status, body } = await loop.call("POST /incidents/1/acknowledge", loop.ada, { until });
  assert.deepEqual([status, body.errors[0].pointer], [422, "/until"]);
  assert.equal((await loop.ok("GET /incidents/1")).status, "triggered");
});

test("escalate now wakes the next level at once, also after an acknowledgement", async () => {
  await using loop = await ringing();
  await loop.ok("POST /incidents/1/acknowledge", loop.ada);
  await loop.ok("POST /incidents/1/escalate", loop.ada);
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
  const { status, round } = await loop.ok("GET /incidents/1");
  assert.deepEqual([status, round], ["triggered", 2]);
  assert.deepEqual((await loop.timeline(1)).slice(-2), [
    "escalated: Waking the next person",
    "paged: Paged level 2: Bo.",
  ]);
});

test("an incident is handed to a person, or to another policy; nobody of the old one is paged on", async () => {
  await using loop = await ringing();
  await loop.person("cy");
  await loop.policy("data", [["cy", "5m"]]);
  await loop.ok("POST /incidents/1/reassign", loop.ada, { user: "Bo@example.com" });
  await loop.pass("4m");
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
  await loop.ok("POST /incidents/1/reassign", loop.bo, { escalation_policy: "data" });
  await loop.pass("20m");
  assert.deepEqual(loop.hooks.paged(), ["cy"]);
  const { round, policy } = await loop.ok("GET /incidents/1");
  assert.deepEqual([round, policy.slug], [3, "data"]);
  for (const [to, pointer] of [
    [{ user: "nobody@example.com" }, "/user"],
    [{ escalation_policy: "nothing" }, "/escalation_policy"],
  ] as const) {
    const { status, body } = await loop.call("POST /incidents/1/reassign", loop.ada, to);
    assert.deepEqual([status, body.errors[0].pointer], [422, pointer]);
  }
});

test("resolving by hand while something still fires asks first, and changes nothing", async () => {
  await using loop = await ringing();
  const { status, body } = await loop.call("POST /incidents/1/resolve", loop.ada);
  assert.deepEqual([status, body.errors[0].pointer], [409, "/still_failing"]);
  assert.match(body.detail, /^1 alert is still firing\./);
  assert.equal((await loop.ok("GET /incidents/1")).status, "triggered");
});

test("called fixed and still failing five minutes later, it is a new incident, linked to the old one", async () => {
  await using loop = await ringing();
  await loop.ok("POST /incidents/1/resolve", loop.ada, {
    still_failing: "really_fixed",
    note: "Restarted it",
  });
  await loop.pass("4m");
  assert.equal((await loop.ok("GET /incidents")).items.length, 1);
  await loop.pass("1m");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  const second = await loop.ok("GET /incidents/2");
  assert.deepEqual([second.status, second.follows.number, second.alerts.length], ["triggered", 1, 1]);
  assert.equal(
    (await loop.timeline(2))[0],
    "opened: Still failing after it was called fixed: [status] 502, wanted 200–299",
  );
  await loop.resolve("home");
  await loop.settle();
  assert.equal((await loop.ok("GET /incidents/2")).status, "resolved");
});

test("called fixed and really fixed, nothing follows", async () => {
  await using loop = await ringing();
  await loop.ok("POST /incidents/1/resolve", loop.ada, { still_failing: "really_fixed" });
  await loop.pass("1m");
  await loop.resolve("home");
  await loop.pass("10m");
  assert.equal((await loop.ok("GET /incidents")).items.length, 1);
  assert.deepEqual(loop.hooks.paged(), []);
  assert.equal((await loop.timeline(1)).at(-1), "alert_resolved: home is down: the check recovered");
});

test("called fixed and still failing joins what else of the service has failed since", async () => {
  await using loop = await ringing();
  await loop.ok("POST /incidents/1/resolve", loop.ada, { still_failing: "really_fixed" });
  await loop.pass("2m");
  await loop.trigger("basket", { serviceId: loop.shop.id });
  await loop.pass("3m");
  const { items } = await loop.ok("GET /incidents?status=triggered");
  assert.deepEqual(
    items.map((item: { number: number; alerts: unknown[] }) => [item.number, item.alerts.length]),
    [[2, 2]],
  );
  assert.deepEqual((await loop.ok("GET /alerts?status=firing")).items.map(numberOf), [2, 2]);
});

const numberOf = (alert: { incident: { number: number } }) => alert.incident.number;

test("what is resolved can be neither escalated nor reassigned, and an acknowledgement changes nothing", async () => {
  await using loop = await ringing();
  await loop.resolve("home");
  await loop.settle();
  for (const verb of ["escalate", "reassign"]) {
    const { status, body } = await loop.call(`POST /incidents/1/${verb}`, loop.ada, {
      user: "bo@example.com",
    });
    assert.equal(status, 409, verb);
    assert.match(body.detail, /^Incident #1 is resolved/);
  }
  assert.equal((await loop.ok("POST /incidents/1/acknowledge", loop.ada)).status, "resolved");
  assert.equal((await loop.ok("POST /incidents/1/resolve", loop.ada)).resolution, "the check recovered");
});

test("raising the urgency by hand pages anew; a corrected title is said and kept", async () => {
  await using loop = await startLoop();
  const ada = await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const input = { title: "Slow", escalation_policy: "web", urgency: "low" };
  await loop.ok("POST /incidents", loop.root, input);
  await loop.settle();
  await loop.ok("POST /incidents/1/acknowledge", ada);
  await loop.ok("PATCH /incidents/1", ada, { title: "Search is slow" });
  await loop.pass("1m");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  const raised = await loop.ok("PATCH /incidents/1", ada, { urgency: "high", severity: "SEV1" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.deepEqual([raised.title, raised.status, raised.round], ["Search is slow", "triggered", 2]);
  assert.deepEqual((await loop.timeline(1)).slice(-3), [
    "changed: Changed title → Search is slow",
    "changed: Changed severity SEV3 → SEV1, urgency low → high",
    "paged: Paged level 1: Ada.",
  ]);
});

test("a note stands on the timeline in its writer's name; an empty one is refused", async () => {
  await using loop = await ringing();
  await loop.ok("POST /incidents/1/note", loop.bo, { text: "Rolled back to 1.4" });
  const { items } = await loop.ok("GET /incidents/1/timeline");
  const { kind, text, actor } = items.at(-1);
  assert.deepEqual([kind, text, actor.name], ["note", "Rolled back to 1.4", "Bo"]);
  assert.equal((await loop.call("POST /incidents/1/note", loop.bo, { text: " " })).status, 422);
});
