import assert from "node:assert/strict";
import { test } from "node:test";
import { startLoop } from "../../test/support/loop.ts";

test("an incident declared by hand pages level 1 of its service's policy, and says who declared it", async () => {
  await using loop = await startLoop();
  const [ada, bo] = [await loop.person("ada"), await loop.person("bo")];
  await loop.policy("web", [["ada", "5m"]]);
  await loop.service("shop", "web");
  const made = await loop.ok("POST /incidents", bo, {
    title: "Checkout hangs",
    service: "shop",
    severity: "SEV2",
  });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  const { status, severity, urgency, service, url, round, paged } = made;
  assert.deepEqual(
    {
      status,
      severity,
      urgency,
      service: service.slug,
      round,
      paged: paged.map((p: { name: string }) => p.name),
    },
    { status: "triggered", severity: "SEV2", urgency: "high", service: "shop", round: 1, paged: [ada.name] },
  );
  assert.equal(url, `http://keepwatch.test/incidents/${made.number}`);
  assert.equal(made.next_escalation.at, "2026-11-23T09:05:00Z");
  assert.deepEqual(await loop.timeline(made.number), [
    "declared: Declared: Checkout hangs",
    "paged: Paged level 1: Ada.",
  ]);
  const { items } = await loop.ok(`GET /incidents/${made.number}/timeline`);
  assert.deepEqual(
    items.map((entry: { actor: object }) => entry.actor),
    [
      { type: "user", name: "Bo" },
      { type: "system", name: "Keepwatch" },
    ],
  );
});

test("a declared incident may name another policy; one that does not exist is refused, nobody is paged", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.person("bo");
  await loop.policy("web", [["ada", "5m"]]);
  await loop.policy("data", [["bo", "5m"]]);
  await loop.service("shop", "web");
  const input = { title: "Queue grows", service: "shop" };
  await loop.ok("POST /incidents", loop.root, { ...input, escalation_policy: "data" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
  for (const [change, pointer] of [
    [{ escalation_policy: "daat" }, "/escalation_policy"],
    [{ service: "shpo" }, "/service"],
  ] as const) {
    const { status, body } = await loop.call("POST /incidents", loop.root, { ...input, ...change });
    assert.deepEqual([status, body.errors[0].pointer], [422, pointer]);
  }
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), []);
  assert.equal((await loop.ok("GET /incidents")).items.length, 1);
});

test("an alert opens an incident and pages level 1; what it told stands on the incident", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const shop = await loop.service("shop", "web");
  await loop.trigger("shop-home", { serviceId: shop.id, startedAt: "2026-11-23T08:59:53Z" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  const [incident] = (await loop.ok("GET /incidents?status=triggered")).items;
  assert.deepEqual(
    [incident.title, incident.started_at, incident.alerts[0].reason, incident.alerts[0].source.slug],
    ["shop-home is down", "2026-11-23T08:59:53Z", "[status] 502, wanted 200–299", "prom"],
  );
  assert.deepEqual(await loop.timeline(incident.number), [
    "opened: [status] 502, wanted 200–299",
    "paged: Paged level 1: Ada.",
  ]);
});

test("if the page cannot be written, neither are alert and incident: the event waits for another try", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const shop = await loop.service("shop", "web");
  const { due } = loop.t.platform;
  const { add } = due;
  // The page's delivery is the last thing that is written.
  due.add = async (tx, job) => {
    if (job.kind === "deliver") throw new Error("the disk is full");
    await add(tx, job);
  };
  await loop.trigger("shop-home", { serviceId: shop.id });
  await loop.settle();
  assert.deepEqual((await loop.ok("GET /incidents")).items, []);
  assert.deepEqual((await loop.ok("GET /alerts")).items, []);
  due.add = add;
  await loop.pass("1s");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.equal((await loop.ok("GET /incidents")).items.length, 1);
});

test("a second alert of the service joins its open incident and pages nobody anew", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const shop = await loop.service("shop", "web");
  await loop.trigger("home", { serviceId: shop.id });
  await loop.settle();
  await loop.trigger("basket", {
    serviceId: shop.id,
    severity: "SEV3",
    reason: "[timeout] no answer in 5 s",
  });
  await loop.pass("1m");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  const { items } = await loop.ok("GET /incidents");
  assert.deepEqual(
    [items.length, items[0].alerts.length, items[0].severity, items[0].round],
    [1, 2, "SEV2", 1],
  );
  assert.equal((await loop.timeline(items[0].number)).at(-1), "alert_fired: [timeout] no answer in 5 s");
});

test("an alert that raises the severity starts a new round", async () => {
  await using loop = await startLoop();
  const ada = await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const shop = await loop.service("shop", "web");
  await loop.trigger("home", { serviceId: shop.id, severity: "SEV3" });
  await loop.settle();
  await loop.ok("POST /incidents/1/acknowledge", ada);
  await loop.pass("1m");
  await loop.trigger("basket", { serviceId: shop.id, severity: "SEV1" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada", "ada"]);
  const { status, severity, round, acknowledged_by } = await loop.ok("GET /incidents/1");
  assert.deepEqual([status, severity, round, acknowledged_by], ["triggered", "SEV1", 2, null]);
});

test("what was degraded and goes down raises its incident and pages, also after an acknowledgement", async () => {
  await using loop = await startLoop();
  const ada = await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const shop = await loop.service("shop", "web");
  const slow = { serviceId: shop.id, title: "Home is degraded", severity: "SEV3", urgency: "low" } as const;
  await loop.trigger("home", slow);
  await loop.settle();
  await loop.ok("POST /incidents/1/acknowledge", ada);
  await loop.pass("1m");
  await loop.trigger("home", { ...slow, title: "Home is down", severity: "SEV2", urgency: "high" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada", "ada"]);
  const { title, status, severity, urgency, alerts } = await loop.ok("GET /incidents/1");
  assert.deepEqual([title, status, severity, urgency], ["Home is down", "triggered", "SEV2", "high"]);
  assert.equal(alerts.length, 1);
  await loop.trigger("home", slow);
  await loop.pass("1m");
  assert.equal(
    (await loop.ok("GET /incidents/1")).severity,
    "SEV2",
    "what gets better lowers nothing by itself",
  );
});

test("an alert that joins an acknowledged incident tells whoever has it, once", async () => {
  await using loop = await startLoop();
  const ada = await loop.person("ada");
  await loop.person("bo");
  await loop.policy("web", [["ada bo", "5m"]]);
  const shop = await loop.service("shop", "web");
  await loop.trigger("home", { serviceId: shop.id });
  await loop.settle();
  await loop.ok("POST /incidents/1/acknowledge", ada);
  await loop.trigger("basket", { serviceId: shop.id });
  await loop.pass("10m");
  const told = loop.hooks.heard.filter(({ type }) => type === "joined");
  assert.deepEqual(
    told.map(({ person }) => person),
    ["ada"],
  );
  assert.equal((await loop.ok("GET /incidents/1")).status, "acknowledged");
});

test("an incident resolves itself when its last alert is over, and tells those who were paged", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const shop = await loop.service("shop", "web");
  await loop.trigger("home", { serviceId: shop.id });
  await loop.trigger("basket", { serviceId: shop.id });
  await loop.settle();
  await loop.resolve("home");
  await loop.settle();
  assert.equal((await loop.ok("GET /incidents/1")).status, "triggered");
  await loop.resolve("basket", "the monitor was paused by Bo");
  await loop.settle();
  const incident = await loop.ok("GET /incidents/1");
  assert.deepEqual([incident.status, incident.resolution], ["resolved", "the monitor was paused by Bo"]);
  assert.deepEqual((await loop.timeline(1)).slice(-2), [
    "resolved: Resolved: the monitor was paused by Bo",
    "told: Telling Ada that it is over",
  ]);
  assert.deepEqual(
    loop.hooks.heard.map(({ type }) => type),
    ["page", "resolved"],
  );
  await loop.pass("1h");
  assert.deepEqual(loop.hooks.paged(), ["ada"], "nobody is paged for what is over");
});
