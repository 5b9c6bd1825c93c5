import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../../test/support/loop.ts";
import { createServer } from "../../platform/http/server.ts";
import { newId } from "../../platform/ids.ts";
import type { LiveEvent } from "../../platform/live.ts";
import { silentLog } from "../../platform/log.ts";
import { createMonitor } from "../monitors.ts";
import { monitorCommon } from "../schema.ts";
import { heartbeatEngine } from "./engine.ts";
import { keepListening, readGaps } from "./listening.ts";
import { pingRoutes } from "./ping-routes.ts";

const UUID = "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278";
const TOKEN = "Xh2vT9pQ4mL7sK1bW8nR5dJ3fG6cZ0aY";

/** A heartbeat "backup" of a service that pages Ada, with a real server for its pings. */
async function heartbeats(fields: object = { period: "1h", grace: "10m" }) {
  await using stack = new AsyncDisposableStack();
  const loop = stack.use(await startLoop());
  const { platform } = loop.t;
  heartbeatEngine(platform);
  const listened = (from: string, to: string) =>
    platform.db
      .insertInto("listening")
      .values({
        id: newId(platform.clock),
        begun_at: Temporal.Instant.from(from),
        heard_at: Temporal.Instant.from(to),
      })
      .execute();
  await loop.person("ada");
  await loop.policy("db", [["ada", "5m"]]);
  await loop.service("db", "db");
  const common = monitorCommon.parse({ slug: "backup", name: "Backup", kind: "heartbeat", service: "db" });
  const { id } = await loop.verb((tx, by) =>
    createMonitor(tx, by, { ...common, fields: { uuid: UUID, token: TOKEN, ...fields } }),
  );
  const app = await createServer({ log: silentLog, version: "0", url: platform.url });
  pingRoutes(app, platform);
  stack.defer(() => app.close());
  const base = await app.listen({ host: "127.0.0.1", port: 0 });
  const opened = stack.move();
  return {
    ...{ loop, base, listened },
    async ask(path: string, init?: RequestInit): Promise<[number, string]> {
      const answer = await fetch(`${base}${path}`, init);
      return [answer.status, await answer.text()];
    },
    status: async () => {
      const row = await platform.db
        .selectFrom("monitors")
        .select(["status", "last_check"])
        .where("id", "=", id)
        .executeTakeFirstOrThrow();
      return [row.status, row.last_check?.reason];
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const open = async (loop: Loop) => (await loop.ok("GET /incidents?status=triggered,acknowledged")).items;

test("a job written for healthchecks.io changes only the host", async () => {
  await using h = await heartbeats();
  assert.deepEqual(await h.status(), ["unknown", undefined]);
  for (const [path, init] of [
    [`/ping/${UUID}`, {}],
    [`/ping/${UUID.toUpperCase()}/start?rid=${UUID}`, { method: "POST" }],
    [`/${UUID}`, { method: "POST", body: "done\n", headers: { "content-type": "text/weird" } }],
    [`/ping/${UUID}/0`, {}],
    [`/ping/${UUID}/log`, { method: "POST", body: "a line" }],
  ] as const) {
    assert.deepEqual(await h.ask(path, init), [200, "OK"], path);
    assert.equal((await h.status())[0], "up", path);
  }
  const head = await fetch(`${h.base}/ping/${UUID}`, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("ping-body-limit"), "10000");
  assert.equal(head.headers.get("access-control-allow-origin"), "*");
  assert.deepEqual(await h.ask(`/ping/${UUID}/256`), [400, "invalid url format"]);
  assert.deepEqual(await h.ask(`/ping/${UUID}?rid=7`), [400, "invalid uuid format"]);
  assert.deepEqual(await h.ask("/ping/00000000-0000-4000-8000-000000000000"), [404, "not found"]);
  assert.deepEqual(await h.ask("/ping/nothing"), [404, "not found"]);
});

test("a failure, by word or by exit status, pages at once with what the job said", async () => {
  await using h = await heartbeats();
  await h.ask(`/ping/${UUID}`);
  assert.deepEqual(await h.ask(`/ping/${UUID}/3`, { method: "POST", body: "disk full\nat /var" }), [
    200,
    "OK",
  ]);
  await h.loop.settle();
  assert.deepEqual(await h.status(), ["down", "[exit status] 3, wanted 0: disk full"]);
  assert.deepEqual(h.loop.hooks.paged(), ["ada"]);
  await h.ask(`/ping/${UUID}`);
  await h.loop.settle();
  assert.deepEqual(await open(h.loop), []);
  await h.ask(`/ping/${UUID}/fail`);
  await h.loop.settle();
  assert.equal((await open(h.loop)).length, 1);
});

test("a failure counts whatever bytes it carries, and shows no credential that the job printed", async () => {
  await using h = await heartbeats();
  const body = Buffer.from("died\0 with Authorization: Bearer abcdefgh12345678\n\xff\xfe", "latin1");
  assert.deepEqual(await h.ask(`/ping/${UUID}/fail`, { method: "POST", body }), [200, "OK"]);
  const reason = "[ping] reported a failure: died\uFFFD with Authorization: Bearer [redacted]";
  assert.deepEqual(await h.status(), ["down", reason]);
});

test("a ping that does not come pages when its grace is over, and the next one ends it", async () => {
  await using h = await heartbeats();
  await h.listened("2026-11-23T08:00:00Z", "2026-11-23T18:00:00Z");
  await h.ask(`/ping/${UUID}`);
  await h.loop.pass("69m");
  assert.equal((await h.status())[0], "up");
  assert.deepEqual(await open(h.loop), []);
  await h.loop.pass("1m");
  const [incident] = await open(h.loop);
  assert.equal(incident.opened_at, "2026-11-23T10:10:00Z");
  assert.match(
    String((await h.status())[1]),
    /^\[ping\] none since 2026-11-23 09:00:00 UTC, wanted one at 2026-11-23 10:00:00 UTC/,
  );
  assert.deepEqual(h.loop.hooks.paged(), ["ada"]);
  await h.ask(`/ping/${UUID}`);
  await h.loop.settle();
  assert.deepEqual(await open(h.loop), []);
});

test("time in which nobody listened is not held against a job: unknown, and one more period", async () => {
  await using h = await heartbeats();
  await h.ask(`/ping/${UUID}`);
  await h.listened("2026-11-23T08:00:00Z", "2026-11-23T09:30:00Z");
  await h.listened("2026-11-23T11:00:00Z", "2026-11-23T18:00:00Z");
  await h.loop.pass("3h");
  assert.equal((await h.status())[0], "unknown");
  assert.deepEqual(await open(h.loop), []);
  await h.loop.pass("10m");
  assert.equal((await open(h.loop)).length, 1, "the next one is missed in earnest");
});

test("a push monitor written for Uptime Kuma changes only the host", async () => {
  await using h = await heartbeats();
  const push = async (more: string, init?: RequestInit) => {
    const [status, body] = await h.ask(`/api/push/${TOKEN}${more}`, init);
    return [status, JSON.parse(body)];
  };
  assert.deepEqual(await push("?status=up&msg=OK&ping=82"), [200, { ok: true }]);
  assert.equal((await h.status())[0], "up");
  assert.deepEqual(await push("?status=down&msg=queue+is+full", { method: "POST" }), [200, { ok: true }]);
  await h.loop.settle();
  assert.deepEqual(await h.status(), ["down", "[ping] reported a failure: queue is full"]);
  const gone = [404, { ok: false, msg: "Monitor not found or not active." }];
  const [status, body] = await h.ask(`/api/push/${TOKEN.toLowerCase()}`);
  assert.deepEqual([status, JSON.parse(body)], gone);
  const { duration_ms } = await h.loop.t.platform.db
    .selectFrom("heartbeat_pings")
    .select("duration_ms")
    .where("number", "=", 1)
    .executeTakeFirstOrThrow();
  assert.equal(duration_ms, 82);
});

test("Keepwatch notes when it listens, and not the time in which it didn't", async () => {
  await using h = await heartbeats();
  const { platform, clock } = h.loop.t;
  const listening = keepListening(platform);
  await listening.stop();
  clock.advance(10 * 60_000);
  const again = keepListening(platform);
  await again.stop();
  const now = clock.now().epochMilliseconds;
  const gaps = await readGaps(platform.db, now - 3_600_000, now);
  assert.deepEqual(
    gaps.map(({ from, to }) => [to - from, now - to]),
    [[10 * 60_000, 0]],
  );
});

test("browsers of others hear nothing of the pings of what a team keeps to itself", async () => {
  await using h = await heartbeats();
  const { platform } = h.loop.t;
  const team = await h.loop.team("keepers");
  await platform.db.updateTable("services").set({ team_id: team, visibility: "team" }).execute();
  const heard: LiveEvent[] = [];
  platform.live.subscribe((event) => heard.push(event));
  await h.ask(`/ping/${UUID}`);
  await h.loop.settle();
  const pings = heard.filter(({ type }) => type === "check");
  assert.deepEqual(
    pings.map((event) => [event.team, event.visibility]),
    [[team, "team"]],
  );
});

test("a body of any length is taken, and its first part kept", async () => {
  await using h = await heartbeats();
  const answer = await h.ask(`/ping/${UUID}`, { method: "POST", body: "x".repeat(6_000_000) });
  assert.deepEqual(answer, [200, "OK"]);
  const { body } = await h.loop.t.platform.db
    .selectFrom("heartbeat_pings")
    .select("body")
    .executeTakeFirstOrThrow();
  assert.equal(body?.length, 10_000);
});

test("runs that overlap each have the time from their own start", async () => {
  await using h = await heartbeats();
  const rids = [newId(h.loop.t.clock), newId(h.loop.t.clock)];
  await h.ask(`/ping/${UUID}/start?rid=${rids[0]}`);
  h.loop.t.clock.advance(10_000);
  await h.ask(`/ping/${UUID}/start?rid=${rids[1]}`);
  h.loop.t.clock.advance(20_000);
  await h.ask(`/ping/${UUID}?rid=${rids[0]}`);
  await h.ask(`/ping/${UUID}?rid=${rids[1]}`);
  await h.ask(`/ping/${UUID}?rid=${rids[1]}`);
  const pings = await h.loop.t.platform.db
    .selectFrom("heartbeat_pings")
    .select("duration_ms")
    .where("kind", "=", "success")
    .orderBy("number")
    .execute();
  assert.deepEqual(
    pings.map((row) => row.duration_ms),
    [30_000, 20_000, null],
  );
});

test("whoever pings without end is told to wait, and nobody else is", async () => {
  await using h = await heartbeats();
  let answers: [number, string][] = [];
  for (let n = 0; n < 7; n++)
    answers = answers.concat(
      await Promise.all(Array.from({ length: 20 }, (_, i) => h.ask(`/ping/${UUID}/${i}`))),
    );
  assert.equal(answers.filter(([status]) => status === 200).length, 120);
  assert.deepEqual(answers.at(-1), [429, "rate limited"]);
  const refused = await fetch(`${h.base}/${UUID.toUpperCase()}`);
  assert.deepEqual([refused.status, Number(refused.headers.get("retry-after")) > 0], [429, true]);
  assert.equal((await h.ask(`/api/push/${TOKEN}`))[0], 200);
  h.loop.t.clock.advance(61_000);
  assert.equal((await h.ask(`/ping/${UUID}`))[0], 200);
});

test("two jobs can't be given one address", async () => {
  await using h = await heartbeats();
  const common = monitorCommon.parse({ slug: "other", name: "Other", kind: "heartbeat", service: "db" });
  await assert.rejects(
    h.loop.verb((tx, by) => createMonitor(tx, by, { ...common, fields: { period: "1h", uuid: UUID } })),
    /Another heartbeat has this uuid already/,
  );
});
