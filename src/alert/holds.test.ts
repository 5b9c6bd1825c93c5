import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";
import { newJudgeState } from "../watch/judge.ts";
import { createMonitor, kindFields } from "../watch/monitors.ts";
import { monitorCommon } from "../watch/schema.ts";
import { commitTransition } from "../watch/transition.ts";
import { SYSTEM_SOURCE } from "./system.ts";

/** Ada on call for the shop, whose home page is watched. The clock stands at 09:00 UTC. */
async function openShop(): Promise<Loop & { shop: { id: string } }> {
  const loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const shop = await loop.service("shop", "web");
  const written = {
    slug: "shop-home",
    name: "Home",
    kind: "http",
    service: "shop",
    url: "http://127.0.0.1/",
  };
  await loop.verb((tx, by) =>
    createMonitor(tx, by, { ...monitorCommon.parse(written), fields: kindFields(written) }),
  );
  return Object.assign(loop, { shop });
}

/** What the prober does when its judge has decided. */
async function turn(loop: Loop, to: "up" | "down", from: "up" | "down" | "unknown" = "up"): Promise<void> {
  const { db, clock } = loop.t.platform;
  const { id } = await db.selectFrom("monitors").select("id").executeTakeFirstOrThrow();
  const at = clock.now().epochMilliseconds;
  const timings = { dns: null, connect: null, tls: null, first_byte: null, transfer: null, total: 1 };
  const reason = to === "up" ? "200" : "[status] 502, wanted 200–299";
  await commitTransition(
    loop.t.platform,
    { id },
    {
      transition: {
        ...{ at, since: at, from, to, reason, known: null, cause: "status:502" },
        ...{ hard: true, confirmedBy: 1, flapping: false },
      },
      check: { at: clock.now().toString(), status: to, reason, cause: "status:502", timings, evidence: null },
      judge: newJudgeState(at),
    },
  );
  await loop.settle();
}

const plan = (loop: Loop, some: object = {}) =>
  loop.ok("POST /maintenance-windows", loop.root, {
    ...{ name: "DB upgrade", services: ["shop"], time_zone: "UTC" },
    ...{ starts: "2026-11-23T09:10", ends: "2026-11-23T10:00" },
    ...some,
  });
const incidents = async (loop: Loop): Promise<{ number: number; status: string }[]> =>
  (await loop.ok("GET /incidents")).items;
const held = async (loop: Loop) =>
  (await loop.ok("GET /alerts")).items.map(
    ({ held }: { held: { by: string; until: string } | null }) => held,
  );

test("a monitor that goes down in a window pages nobody; still down when the window ends, it does", async () => {
  await using loop = await openShop();
  await plan(loop);
  await loop.pass("20m");
  await turn(loop, "down");
  const [alert] = (await loop.ok("GET /alerts")).items;
  assert.deepEqual(alert.held, {
    ...{ by: "maintenance", until: "2026-11-23T10:00:00Z", name: "DB upgrade", ref: "db-upgrade" },
  });
  assert.deepEqual([alert.status, alert.incident, alert.source.slug], ["firing", null, "shop-home"]);
  await loop.pass("39m");
  assert.deepEqual([await incidents(loop), loop.hooks.paged()], [[], []]);
  await loop.pass("1m");
  assert.equal((await incidents(loop)).length, 1);
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.deepEqual(await held(loop), [null]);
  assert.match(
    (await loop.timeline(1))[0] ?? "",
    /^opened: Still failing after maintenance \(DB upgrade\): \[status\] 502/,
  );
});

test("what recovers within the window never becomes an incident", async () => {
  await using loop = await openShop();
  await plan(loop);
  await loop.pass("20m");
  await turn(loop, "down");
  await turn(loop, "up", "down");
  await loop.pass("2h");
  assert.deepEqual([await incidents(loop), loop.hooks.paged()], [[], []]);
  const [alert] = (await loop.ok("GET /alerts")).items;
  assert.deepEqual([alert.status, alert.held.by], ["resolved", "maintenance"]);
});

for (const [what, change] of [
  ["ended early", (loop: Loop) => loop.ok("POST /maintenance-windows/db-upgrade/end")],
  ["deleted", (loop: Loop) => loop.call("DELETE /maintenance-windows/db-upgrade", loop.root)],
  [
    "shortened to the past",
    (loop: Loop) => loop.ok("PATCH /maintenance-windows/db-upgrade", loop.root, { ends: "2026-11-23T09:15" }),
  ],
  [
    "given to another service",
    async (loop: Loop) => {
      await loop.service("search", null);
      await loop.ok("PATCH /maintenance-windows/db-upgrade", loop.root, { services: ["search"] });
    },
  ],
] as const)
  test(`when the window is ${what}, what still fails pages at once`, async () => {
    await using loop = await openShop();
    await plan(loop);
    await loop.pass("20m");
    await turn(loop, "down");
    await change(loop);
    assert.equal((await incidents(loop)).length, 1, "in the same transaction");
    await loop.settle();
    assert.deepEqual(loop.hooks.paged(), ["ada"]);
  });

test("a window made longer holds longer", async () => {
  await using loop = await openShop();
  await plan(loop);
  await loop.pass("20m");
  await turn(loop, "down");
  await loop.ok("PATCH /maintenance-windows/db-upgrade", loop.root, { ends: "2026-11-23T11:00" });
  assert.equal((await held(loop))[0].until, "2026-11-23T11:00:00Z");
  await loop.pass("1h");
  assert.deepEqual(loop.hooks.paged(), []);
  await loop.pass("1h");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
});

test("an incident that is open when the window begins goes on, and what gets worse meanwhile starts nothing anew", async () => {
  await using loop = await openShop();
  await loop.trigger("disk", { serviceId: loop.shop.id, severity: "SEV3", urgency: "low", title: "Disk" });
  await loop.settle();
  assert.deepEqual(
    (await incidents(loop)).map(({ number }) => number),
    [1],
  );
  await plan(loop);
  await loop.pass("20m");
  assert.equal((await held(loop))[0].by, "maintenance");
  await loop.trigger("disk", { serviceId: loop.shop.id, severity: "SEV1", urgency: "high", title: "Disk" });
  await turn(loop, "down");
  const during = await loop.ok("GET /incidents/1");
  assert.deepEqual([during.round, during.severity, during.alerts.length], [1, "SEV3", 1]);
  await loop.pass("1h");
  const after = await loop.ok("GET /incidents/1");
  assert.deepEqual([after.severity, after.urgency, after.alerts.length], ["SEV1", "high", 2]);
  assert.ok(after.round > 1);
});

test("muted for 30 minutes while somebody deploys; unmuted early, what still fails pages", async () => {
  await using loop = await openShop();
  const ada = await loop.person("bo");
  const silence = await loop.ok("POST /services/shop/mute", ada, { for: "30m", reason: "deploy 4711" });
  assert.deepEqual(
    [silence.sentence, silence.until, silence.created_by],
    ["service shop", "2026-11-23T09:30:00Z", "Bo"],
  );
  await loop.pass("1m");
  await turn(loop, "down");
  assert.deepEqual((await held(loop))[0].name, "deploy 4711");
  const again = await loop.ok("POST /services/shop/mute", ada, { for: "1h" });
  assert.deepEqual([again.id, again.until, again.held], [silence.id, "2026-11-23T10:01:00Z", 1]);
  await loop.pass("45m");
  assert.deepEqual(loop.hooks.paged(), []);
  assert.equal((await loop.call("POST /services/shop/unmute", ada)).status, 204);
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.equal((await loop.call("POST /services/shop/unmute", ada)).status, 409);
  assert.equal((await loop.call("POST /monitors/nothing/mute", ada, { for: "1h" })).status, 404);
});

test("a silence holds what it is about until it ends by itself, and nothing else", async () => {
  await using loop = await openShop();
  const matchers = { text: "disk", severities: ["SEV3"] };
  await loop.ok("POST /silences", loop.root, { matchers, for: "1h", reason: "known" });
  await loop.trigger("disk-a", { severity: "SEV3", title: "Disk a is full", serviceId: loop.shop.id });
  await loop.settle();
  assert.deepEqual(await incidents(loop), []);
  await loop.trigger("disk-b", { severity: "SEV2", title: "Disk b is full", serviceId: loop.shop.id });
  await loop.settle();
  assert.equal((await loop.ok("GET /incidents/1")).alerts.length, 1);
  await loop.pass("1h");
  assert.ok(
    (await loop.timeline(1)).some((line) => /^alert_fired: Still failing after its silence/.test(line)),
  );
  const { items } = await loop.ok("GET /silences");
  assert.deepEqual([items.length, items[0].on], [1, false]);
  assert.equal((await loop.call("POST /silences", loop.root, { matchers: {}, for: "1h" })).status, 422);
});

test("of two holds the longer one counts, and what Keepwatch says about itself is never planned work", async () => {
  await using loop = await openShop();
  await plan(loop, { services: [], everything: true });
  await loop.ok("POST /services/shop/mute", loop.root, { for: "2h" });
  await loop.pass("20m");
  await turn(loop, "down");
  assert.deepEqual((await held(loop))[0].by, "silence");
  await loop.pass("45m");
  assert.deepEqual(await incidents(loop), [], "the window is over, the mute is not");
  await plan(loop, { everything: true, services: [], ends: "2026-11-23T12:00" });
  const source = { ...SYSTEM_SOURCE };
  await loop.trigger("backup", { source, title: "The backup fails" });
  await loop.settle();
  assert.equal((await incidents(loop)).length, 1);
});

test("resolved as silenced until later: nobody is paged until then, and afterwards a linked incident is", async () => {
  await using loop = await openShop();
  await turn(loop, "down");
  const refused = await loop.call("POST /incidents/1/resolve", loop.root, { still_failing: "silence" });
  assert.equal(refused.status, 422);
  const silence_until = "2026-11-23T12:00:00Z";
  await loop.ok("POST /incidents/1/resolve", loop.root, {
    still_failing: "silence",
    silence_until,
    note: "known",
  });
  assert.deepEqual((await held(loop))[0].until, silence_until);
  await loop.pass("170m");
  assert.equal((await incidents(loop)).length, 1);
  await loop.pass("10m");
  const [next] = await incidents(loop);
  const shown = await loop.ok(`GET /incidents/${next?.number}`);
  assert.deepEqual([shown.status, shown.follows.number], ["triggered", 1]);
});

test("what is called really fixed within a window is looked at again when the window is over", async () => {
  await using loop = await openShop();
  await turn(loop, "down");
  await plan(loop);
  await loop.pass("11m");
  await loop.ok("POST /incidents/1/resolve", loop.root, { still_failing: "really_fixed" });
  await loop.pass("30m");
  assert.equal((await incidents(loop)).length, 1);
  await loop.pass("20m");
  assert.deepEqual(
    (await incidents(loop)).map(({ status }) => status),
    ["triggered", "resolved"],
  );
});

test("an event that is applied while the window ends is neither lost nor paged twice", async () => {
  await using loop = await openShop();
  await plan(loop);
  await loop.pass("59m");
  await Promise.all([
    ...[1, 2, 3, 4].map((n) => loop.trigger(`check-${n}`, { serviceId: loop.shop.id })),
    loop.ok("POST /maintenance-windows/db-upgrade/end"),
  ]);
  await loop.settle();
  const shown = await loop.ok("GET /incidents/1");
  assert.equal(shown.alerts.length, 4);
  assert.deepEqual([(await incidents(loop)).length, loop.hooks.paged()], [1, ["ada"]]);
});
