import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";
import { by, SYSTEM } from "../org/actor.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { receive } from "./intake.ts";
import type { AlertEvent, TriggerEvent } from "./model.ts";

const alerts = async (loop: Loop, query = "") => (await loop.ok(`GET /alerts${query}`)).items;
const titles = (items: { title: string }[]) => items.map(({ title }) => title);

test("an event is durable with its sender's transaction, and gone with it", async () => {
  await using loop = await startLoop();
  const { platform } = loop.t;
  const event: AlertEvent = {
    action: "resolve",
    source: { type: "monitor", id: "0193588e-0000-7000-8000-0000000000ab", slug: "home", name: "Home" },
    reason: "recovered",
    at: "2026-11-23T09:00:00Z",
  };
  await assert.rejects(
    inTransaction(platform.db, async (tx) => {
      await receive(tx, by(platform, SYSTEM), { dedupKey: "home", event });
      throw new Error("the sender failed");
    }),
  );
  for (const table of ["inbox_events", "due_jobs"] as const)
    assert.deepEqual(await platform.db.selectFrom(table).selectAll().execute(), [], table);
});

test("events of one key are applied in the order in which they came", async () => {
  await using loop = await startLoop();
  await loop.t.platform.due.stop(0);
  for (let n = 1; n <= 4; n++) {
    await loop.trigger("home", { reason: `failure ${n}` });
    await loop.resolve("home", `recovery ${n}`);
  }
  await loop.trigger("home", { reason: "failure 5" });
  loop.t.platform.due.start();
  await loop.settle();
  const items = await alerts(loop);
  assert.deepEqual(
    items.map(({ status, reason }: { status: string; reason: string }) => [status, reason]),
    [
      ["firing", "failure 5"],
      ["resolved", "failure 4"],
      ["resolved", "failure 3"],
      ["resolved", "failure 2"],
      ["resolved", "failure 1"],
    ],
  );
  for (let n = 1; n <= 4; n++)
    assert.ok((await loop.timeline(n)).includes(`resolved: Resolved: recovery ${n}`), `incident ${n}`);
});

test("the same failure reported again and again is one alert, with the newest reason", async () => {
  await using loop = await startLoop();
  await loop.trigger("home", { reason: "[status] 502" });
  await loop.pass("1m");
  await loop.trigger("home", { reason: "[status] 503", evidence: { status: 503 } });
  await loop.pass("1m");
  const [alert, ...others] = await alerts(loop);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [alert.reason, alert.first_at, alert.last_at, alert.evidence.status],
    ["[status] 503", "2026-11-23T09:00:00Z", "2026-11-23T09:01:00Z", 503],
  );
  const incident = await loop.ok("GET /incidents/1");
  assert.deepEqual([incident.alerts[0].reason, incident.round], ["[status] 503", 1]);
  assert.deepEqual(
    (await loop.timeline(1)).filter((line) => line.includes("503")),
    [],
  );
});

test("a trigger after a resolve is a new alert and a new incident", async () => {
  await using loop = await startLoop();
  const shop = await loop.service("shop", null);
  await loop.trigger("home", { serviceId: shop.id });
  await loop.resolve("home");
  await loop.pass("1m");
  await loop.trigger("home", { serviceId: shop.id });
  await loop.settle();
  assert.equal((await alerts(loop)).length, 2);
  const { items } = await loop.ok("GET /incidents");
  assert.deepEqual(
    items.map((item: { number: number; status: string }) => [item.number, item.status]),
    [
      [2, "triggered"],
      [1, "resolved"],
    ],
  );
});

test("a resolve of what never fired says nothing, and neither does a second one", async () => {
  await using loop = await startLoop();
  await loop.resolve("home");
  await loop.settle();
  assert.deepEqual(await alerts(loop), []);
  await loop.trigger("home");
  await loop.resolve("home");
  await loop.resolve("home");
  await loop.settle();
  const resolved = (await loop.timeline(1)).filter((line) => line.startsWith("alert_resolved"));
  assert.equal(resolved.length, 1);
});

test("two services that fail in the same moment are two incidents", async () => {
  await using loop = await startLoop();
  const [shop, search] = [await loop.service("shop", null), await loop.service("search", null)];
  await Promise.all([
    loop.trigger("shop-home", { serviceId: shop.id }),
    loop.trigger("search-home", { serviceId: search.id }),
  ]);
  await loop.settle();
  const { items } = await loop.ok("GET /incidents");
  assert.deepEqual(items.map((item: { service: { slug: string } }) => item.service.slug).sort(), [
    "search",
    "shop",
  ]);
});

test("what has no service stands alone, also when it comes from one source", async () => {
  await using loop = await startLoop();
  await loop.trigger("disk");
  await loop.trigger("memory");
  await loop.settle();
  assert.equal((await loop.ok("GET /incidents")).items.length, 2);
});

test("twenty alerts of one service in the same moment open one incident, with all of them", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const shop = await loop.service("shop", "web");
  await Promise.all(Array.from({ length: 20 }, (_, n) => loop.trigger(`check-${n}`, { serviceId: shop.id })));
  await loop.settle();
  const { items } = await loop.ok("GET /incidents");
  assert.deepEqual([items.length, items[0].alerts.length, items[0].round], [1, 20, 1]);
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  await Promise.all(Array.from({ length: 20 }, (_, n) => loop.resolve(`check-${n}`)));
  await loop.settle();
  assert.equal((await loop.ok("GET /incidents/1")).status, "resolved");
  assert.deepEqual(await alerts(loop, "?status=firing"), []);
});

/** An event of a version that knew another severity: the database refuses what it would write. */
const impossible: Partial<TriggerEvent> = { severity: JSON.parse('"SEV9"') };

test("an event that can't be applied is tried again, then parked and told of; what is behind it goes on", async () => {
  await using loop = await startLoop();
  const { db } = loop.t.platform;
  await loop.person("ruth", { role: "admin" });
  await loop.trigger("home", { ...impossible, title: "broken" });
  await loop.trigger("home", { title: "sound" });
  await loop.trigger("other", { title: "other" });
  await loop.settle();
  assert.deepEqual(titles(await alerts(loop)), ["other"], "what has another key isn't held up");
  const first = await db.selectFrom("inbox_events").selectAll().orderBy("id").execute();
  assert.deepEqual(
    first.map(({ attempts, parked_at }) => [attempts, parked_at]),
    [
      [1, null],
      [0, null],
    ],
  );
  await loop.pass("2m");
  assert.deepEqual(titles(await alerts(loop)).sort(), ["other", "sound"]);
  const [parked, ...rest] = await db.selectFrom("inbox_events").selectAll().execute();
  assert.deepEqual(rest, []);
  assert.equal(parked?.attempts, 8);
  assert.match(parked?.last_error ?? "", /severity/);
  assert.ok(parked?.parked_at);
  const { items } = await loop.ok("GET /incidents?q=not understood");
  assert.deepEqual(titles(items), ["Not understood: broken"]);
  assert.match(items[0].summary, /^Prometheus sent an event that Keepwatch tried 8 times to apply\./);
  assert.equal(items[0].paged[0].name, "Ruth", "without a service, the administrators");
  await loop.ok(`POST /incidents/${items[0].number}/resolve`);
});

test("what made an event fail may pass: then it is applied as if nothing had been", async () => {
  await using loop = await startLoop();
  const { due } = loop.t.platform;
  const { add } = due;
  due.add = (tx, job) => (job.kind === "escalate" ? Promise.reject(new Error("no room")) : add(tx, job));
  const ada = await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const shop = await loop.service("shop", "web");
  await loop.trigger("home", { serviceId: shop.id });
  await loop.settle();
  assert.deepEqual(await alerts(loop), []);
  due.add = add;
  await loop.pass("1s");
  assert.equal((await alerts(loop)).length, 1);
  const { items } = await loop.ok("GET /incidents");
  assert.deepEqual([items.length, items[0].paged[0].id], [1, ada.id]);
});

test("alerts are listed by status and service, and shown with their incident", async () => {
  await using loop = await startLoop();
  const shop = await loop.service("shop", null);
  await loop.trigger("home", { serviceId: shop.id, labels: { region: "eu" } });
  await loop.trigger("disk");
  await loop.settle();
  await loop.resolve("disk");
  await loop.settle();
  assert.deepEqual(titles(await alerts(loop, "?status=firing")), ["home is down"]);
  assert.deepEqual(titles(await alerts(loop, "?status=resolved")), ["disk is down"]);
  const [home] = await alerts(loop, "?service=shop");
  const shown = await loop.ok(`GET /alerts/${home.id}`);
  assert.deepEqual(shown, home);
  assert.deepEqual([shown.labels, shown.held, shown.source.slug], [{ region: "eu" }, null, "prom"]);
  assert.equal(typeof shown.incident.number, "number");
});
