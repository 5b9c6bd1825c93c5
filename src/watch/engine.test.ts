import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { eventually } from "../../test/support/keepwatch.ts";
import { type Loop, startLoop } from "../../test/support/loop.ts";
import { startTarget } from "../../test/support/world.ts";
import { type Clock, msBetween, systemClock } from "../platform/clock.ts";
import { json } from "../platform/database/tables.ts";
import type { Platform } from "../platform/platform.ts";
import { startWatch, type Watch } from "./engine.ts";
import { closedPort } from "./fixtures/servers.ts";
import { createMonitor, deleteMonitor, pauseMonitor, updateMonitor } from "./monitors.ts";
import { monitorCommon } from "./schema.ts";
import type { Reference } from "./sight/model.ts";

/** A prober that really checks, by the system's clock; what comes of it is done by the loop's. */
interface Watched extends Loop {
  /** Called once a second, retried after 20 ms: two failures in a row are an outage. */
  watching(slug: string, url: string, more?: object): Promise<string>;
  start(clock?: Clock, references?: Reference[]): Promise<Watch>;
  monitor(slug: string): ReturnType<typeof readMonitor>;
  until(slug: string, status: string): Promise<void>;
  /** Brings the loop to the present and does what has fallen due there. */
  catchUp(): Promise<void>;
  incident(number: number): Promise<{ status: string; resolution: string | null; urgency: string }>;
}

const readMonitor = (platform: Platform, slug: string) =>
  platform.db.selectFrom("monitors").selectAll().where("slug", "=", slug).executeTakeFirstOrThrow();

async function watched(): Promise<Watched> {
  const loop = await startLoop({ at: systemClock.now().toString({ smallestUnit: "millisecond" }) });
  const running = new Set<Watch>();
  await loop.service("shop", null);
  const { platform, clock } = loop.t;
  const rest: Omit<Watched, keyof Loop> = {
    async watching(slug, url, more = {}) {
      const input = {
        ...{ slug, name: slug, kind: "http", service: "shop", every: "1s", timeout: "2s" },
        ...{ confirm: { failures: 2, retry_every: "20ms" } },
        ...more,
      };
      const { id } = await loop.verb((tx, hand) =>
        createMonitor(tx, hand, { ...monitorCommon.parse(input), fields: { url } }),
      );
      return id;
    },
    async start(clock = systemClock, references = []) {
      const guard = { ownPorts: [], allowPrivate: true };
      const watch = await startWatch({ ...platform, clock }, { guard, references });
      running.add(watch);
      return {
        ...watch,
        async stop() {
          if (running.delete(watch)) await watch.stop();
        },
      };
    },
    monitor: (slug) => readMonitor(platform, slug),
    async until(slug, status) {
      await eventually(
        `${slug} is ${status}`,
        async () => (await readMonitor(platform, slug)).status === status,
      );
    },
    async catchUp() {
      clock.advance(Math.max(0, msBetween(clock.now(), systemClock.now())) + 1);
      await loop.settle();
    },
    incident: (number) => loop.ok(`GET /incidents/${number}`),
  };
  const dispose = loop[Symbol.asyncDispose];
  return Object.assign(loop, rest, {
    async [Symbol.asyncDispose]() {
      for (const watch of running) await watch.stop();
      await dispose();
    },
  });
}

test("a site that goes down opens an incident from its first failing check on, and one that recovers ends it", async () => {
  await using shop = await startTarget();
  await using w = await watched();
  const id = await w.watching("home", shop.url, { severity: "SEV2" });
  await w.start();
  await w.until("home", "up");
  shop.answer.status = 502;
  await w.until("home", "down");
  await w.catchUp();
  const [alert] = (await w.ok("GET /alerts?status=firing")).items;
  assert.deepEqual(
    [alert.title, alert.reason, alert.severity, alert.urgency, alert.service.slug, alert.source.slug],
    ["shop: home is down", "[status] 502, wanted 200–299", "SEV2", "high", "shop", "home"],
  );
  assert.equal(alert.evidence.status, 502);
  const transitions = await w.t.platform.db
    .selectFrom("monitor_transitions")
    .selectAll()
    .where("monitor_id", "=", id)
    .orderBy("at")
    .execute();
  assert.deepEqual(
    transitions.map(({ from_status, to_status }) => `${from_status} → ${to_status}`),
    ["unknown → up", "up → down"],
  );
  const incident = await w.ok("GET /incidents/1");
  assert.equal(incident.started_at, transitions[1]?.at.toString(), "counted from the first failing check");
  shop.answer.status = 200;
  await w.until("home", "up");
  await w.catchUp();
  const { status, resolution } = await w.incident(1);
  assert.deepEqual([status, resolution], ["resolved", "the check recovered"]);
});

test("a monitor's change and its event are one: what can't be stored is tried again until both are", async () => {
  await using shop = await startTarget();
  await using w = await watched();
  shop.answer.status = 500;
  const { due, db } = w.t.platform;
  const { addAll } = due;
  let refused = 0;
  due.addAll = async (tx, jobs) => {
    if (jobs.every(({ kind }) => kind !== "intake")) return addAll(tx, jobs);
    refused += 1;
    throw new Error("the database is away");
  };
  await w.watching("home", shop.url);
  await w.start();
  await eventually("a refusal", () => refused > 0);
  assert.equal((await w.monitor("home")).status, "unknown");
  for (const table of ["inbox_events", "monitor_transitions"] as const)
    assert.deepEqual(await db.selectFrom(table).selectAll().execute(), [], table);
  due.addAll = addAll;
  await w.until("home", "down");
  await w.catchUp();
  assert.equal((await w.incident(1)).status, "triggered");
});

test("a monitor that is paused or deleted ends its alert, saying so, and is checked no more", async () => {
  await using shop = await startTarget();
  await using w = await watched();
  shop.answer.status = 500;
  await w.service("search", null);
  await w.watching("home", shop.url);
  await w.watching("find", shop.url, { service: "search" });
  await w.start();
  await w.until("home", "down");
  await w.until("find", "down");
  await w.catchUp();
  await w.verb((tx, hand) => pauseMonitor(tx, hand, { slug: "home", paused: true }));
  await w.verb((tx, hand) => deleteMonitor(tx, hand, "find"));
  await w.catchUp();
  const { items } = await w.ok("GET /incidents");
  assert.deepEqual(
    items
      .map((item: { service: { slug: string }; resolution: string }) => [item.service.slug, item.resolution])
      .sort(),
    [
      ["search", "the monitor was deleted by Root"],
      ["shop", "the monitor was paused by Root"],
    ],
  );
  assert.equal((await w.monitor("home")).status, "unknown");
  await new Promise((done) => setTimeout(done, 100));
  const hits = shop.hits();
  await new Promise((done) => setTimeout(done, 1_200));
  assert.equal(shop.hits(), hits);
});

test("a monitor that is resumed is looked at at once and begins anew: still down is a new incident", async () => {
  await using shop = await startTarget();
  await using w = await watched();
  shop.answer.status = 500;
  await w.watching("home", shop.url, { every: "1h" });
  await w.start();
  await w.until("home", "down");
  await w.catchUp();
  for (const paused of [true, false])
    await w.verb((tx, hand) => pauseMonitor(tx, hand, { slug: "home", paused }));
  await w.until("home", "down");
  await w.catchUp();
  assert.deepEqual([(await w.incident(1)).status, (await w.incident(2)).status], ["resolved", "triggered"]);
});

test("a restart says nothing anew of what was known, and still sees it end", async () => {
  await using shop = await startTarget();
  await using w = await watched();
  shop.answer.status = 500;
  await w.watching("home", shop.url);
  const before = await w.start();
  await w.until("home", "down");
  await w.catchUp();
  await before.stop();
  const told = async () =>
    (await w.t.platform.db.selectFrom("monitor_transitions").select("id").execute()).length;
  assert.equal(await told(), 1);
  await w.start();
  const hits = shop.hits();
  await eventually("another check", () => shop.hits() > hits);
  assert.equal(await told(), 1);
  shop.answer.status = 200;
  await w.until("home", "up");
  await w.catchUp();
  assert.equal((await w.incident(1)).status, "resolved");
});

test("an alert carries the service's urgency and the monitor's severity as they are when it goes down", async () => {
  await using shop = await startTarget();
  await using w = await watched();
  await w.watching("home", shop.url, { severity: "SEV4" });
  await w.start();
  await w.until("home", "up");
  await w.t.platform.db.updateTable("services").set({ urgency: "low" }).execute();
  await w.verb((tx, hand) => updateMonitor(tx, hand, { slug: "home", change: { severity: "SEV1" } }));
  shop.answer.status = 500;
  await w.until("home", "down");
  await w.catchUp();
  const [alert] = (await w.ok("GET /alerts?status=firing")).items;
  assert.deepEqual([alert.urgency, alert.severity], ["low", "SEV1"]);
});

test("while Keepwatch was not running nothing is known: that time stays out of uptime", async () => {
  await using shop = await startTarget();
  await using w = await watched();
  const id = await w.watching("home", shop.url);
  const before = await w.start();
  await w.until("home", "up");
  await before.stop();
  const { judge } = await w.monitor("home");
  const lastAt = systemClock.now().epochMilliseconds - 600_000;
  const stored = json({ ...(judge as object), lastAt, since: lastAt - 60_000 });
  await w.t.platform.db
    .updateTable("monitors")
    .set({ judge: stored, last_check: null })
    .where("id", "=", id)
    .execute();
  await w.start();
  const transitions = () =>
    w.t.platform.db
      .selectFrom("monitor_transitions")
      .select(["at", "to_status", "reason"])
      .where("monitor_id", "=", id)
      .orderBy("id")
      .execute();
  await eventually("it is seen again", async () => (await transitions()).length === 3);
  const [, gap, again] = await transitions();
  assert.deepEqual([gap?.to_status, gap?.at.epochMilliseconds, again?.to_status], ["unknown", lastAt, "up"]);
  assert.match(gap?.reason ?? "", /nobody looked: Keepwatch was not running from /);
});

test("a monitor that this version can't read stops no other from being watched", async () => {
  await using shop = await startTarget();
  await using w = await watched();
  const id = await w.watching("strange", shop.url);
  await w.watching("home", shop.url);
  await w.t.platform.db.updateTable("monitors").set({ kind: "gopher" }).where("id", "=", id).execute();
  await w.start();
  await w.until("home", "up");
  assert.equal((await w.monitor("strange")).status, "unknown");
});

test("what was changed, made or deleted while nobody listened is found by the next look", async () => {
  await using shop = await startTarget();
  await using search = await startTarget();
  await using w = await watched();
  await w.watching("home", shop.url, { every: "1h" });
  const looks: (() => void)[] = [];
  const clock: Clock = {
    now: () => systemClock.now(),
    at(at, run) {
      if (msBetween(systemClock.now(), at) < 20_000) return systemClock.at(at, run);
      looks.push(run);
      return () => {};
    },
  };
  const watch = await w.start(clock);
  await w.until("home", "up");
  await w.t.listener.stop();
  w.t.clock.advance(1);
  const change = { every: "1s", fields: { url: search.url } };
  await w.verb((tx, hand) => updateMonitor(tx, hand, { slug: "home", change }));
  await w.watching("late", shop.url);
  looks.shift()?.();
  await w.until("late", "up");
  await eventually("the changed one is checked where it is now", () => search.hits() > 1);
  await w.t.platform.db.deleteFrom("monitors").where("slug", "=", "home").execute();
  await eventually("the next look", () => looks.length > 0);
  looks.shift()?.();
  await eventually("that look is over", () => looks.length > 0);
  const [hits, others] = [search.hits(), shop.hits()];
  await eventually("the other is checked on", () => shop.hits() > others + 1);
  assert.ok(search.hits() <= hits + 1, "at most the check that was under way");
  await watch.stop();
});

test("our own network down is one alert about ourselves and none about what we watch; it ends with the outage", async () => {
  await using w = await watched();
  // Nobody has this address: it stands for all that is out of reach.
  await w.watching("far", "http://192.0.2.254/", { timeout: "50ms" });
  const clock: Clock = {
    now: () => systemClock.now(),
    // The next look is after 5 s; here it is at once.
    at(at, run) {
      const waitMs = msBetween(systemClock.now(), at);
      return systemClock.at(waitMs > 4_000 && waitMs < 6_000 ? systemClock.now() : at, run);
    },
  };
  const port = await closedPort();
  const ask = { by: "connection" as const, host: "127.0.0.1", ports: [port] };
  await w.start(clock, [{ name: "the gateway", shows: "private", chosen: true, ask }]);
  const alerts = () => w.t.platform.db.selectFrom("alerts").select(["title", "status"]).execute();
  const told = async (status: string) => {
    await w.catchUp();
    const all = await alerts();
    return all.length === 1 && all[0]?.title.startsWith("Keepwatch can't see") && all[0].status === status;
  };
  await eventually("the alert about ourselves", () => told("firing"));
  assert.equal((await w.monitor("far")).status, "unknown");
  const gateway = createServer().listen(port, "127.0.0.1");
  await eventually("its end", () => told("resolved"));
  await w.until("far", "down");
  gateway.close();
});
