import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type Loop, startLoop } from "../../../test/support/loop.ts";
import { dropOld } from "./engine.ts";

const KEY = "0123456789abcdef0123456789abcdef";

interface Door extends Loop {
  /** Sends to `/in/{key}`, or to a path that begins with a slash. */
  send(
    body: unknown,
    options?: { path?: string; headers?: Record<string, string>; method?: "GET" | "PUT" },
  ): Promise<{
    status: number;
    headers: Record<string, unknown>;
    body: Record<string, unknown> & { errors: { pointer: string }[] };
  }>;
}

/** Ada on call for the shop, which has an integration. */
async function openDoor(kind = "generic", more: object = {}): Promise<Door> {
  const loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  await loop.service("shop", "web");
  await loop.ok("POST /integrations", loop.root, {
    slug: "prom",
    name: "Prom",
    kind,
    service: "shop",
    key: KEY,
    ...more,
  });
  return Object.assign(loop, {
    send: async (
      body: unknown,
      {
        path = `/in/${KEY}`,
        headers = {},
        method = "POST",
      }: { path?: string; headers?: Record<string, string>; method?: "POST" | "GET" | "PUT" } = {},
    ) => {
      const isRaw = typeof body === "string" || Buffer.isBuffer(body);
      const answer = await loop.app.inject({
        ...{ method, url: path },
        headers: {
          ...(isRaw || body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: isRaw ? body : JSON.stringify(body) }),
      });
      return { status: answer.statusCode, headers: answer.headers, body: parsed(answer.body) };
    },
  });
}

const parsed = (text: string) => {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
};

const alerts = async (loop: Loop) =>
  (await loop.ok("GET /alerts")).items.map((each: { title: string; status: string; severity: string }) => [
    each.title,
    each.status,
    each.severity,
  ]);
const incidents = async (loop: Loop): Promise<{ number: number; status: string }[]> =>
  (await loop.ok("GET /incidents")).items;

test("what is sent pages who is on call, and is resolved by its key; sent again it is one alert", async () => {
  await using loop = await openDoor();
  const fires = { title: "Disk full", severity: "critical", dedup_key: "disk", labels: { host: "db-1" } };
  const answer = await loop.send(fires);
  assert.deepEqual([answer.status, answer.body.dedup_keys], [202, ["disk"]]);
  await loop.send({ ...fires, title: "Disk still full" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.deepEqual(await alerts(loop), [["Disk still full", "firing", "SEV1"]]);
  const [alert] = (await loop.ok("GET /alerts")).items;
  assert.deepEqual([alert.source.slug, alert.service.slug, alert.labels], ["prom", "shop", { host: "db-1" }]);
  await loop.send({ status: "resolved", dedup_key: "disk" });
  await loop.settle();
  assert.equal((await incidents(loop))[0]?.status, "resolved");
  await loop.send(fires);
  await loop.settle();
  assert.equal((await incidents(loop)).length, 2, "a trigger after a resolve is a new incident");
});

test("an acknowledge event stops the ringing, in the integration's name", async () => {
  await using loop = await openDoor();
  await loop.send({ title: "Disk full", dedup_key: "disk" });
  await loop.send({ status: "acknowledged", dedup_key: "disk" });
  await loop.settle();
  assert.equal((await incidents(loop))[0]?.status, "acknowledged");
  const { items } = await loop.ok("GET /incidents/1/timeline");
  const entry = items.find(({ kind }: { kind: string }) => kind === "acknowledged");
  assert.deepEqual(entry.actor, { type: "integration", name: "Prom" });
});

test("an event that comes late changes nothing: its source has said newer things", async () => {
  await using loop = await openDoor();
  const at = (minute: string) => `2026-11-23T08:${minute}:00Z`;
  await loop.send({ title: "Newer", dedup_key: "a", at: at("10") });
  await loop.send({ title: "Older", dedup_key: "a", at: at("05") });
  await loop.send({ status: "resolved", dedup_key: "a", at: at("09") });
  await loop.send({ status: "resolved", dedup_key: "b", at: at("20") });
  await loop.send({ title: "Before its resolve", dedup_key: "b", at: at("15") });
  await loop.settle();
  assert.deepEqual(await alerts(loop), [["Newer", "firing", "SEV3"]]);
});

test("what nobody can read is kept and shown, and said once, until it can be read again", async () => {
  await using loop = await openDoor();
  for (const body of [{ a: 1 }, { b: 2 }]) assert.equal((await loop.send(body)).status, 422);
  await loop.settle();
  assert.deepEqual(await alerts(loop), [["Prom sends what Keepwatch can't read", "firing", "SEV4"]]);
  assert.equal((await loop.ok("GET /integrations/prom")).state, "not_understood");
  const { items } = await loop.ok("GET /integrations/prom/received?outcome=not_understood");
  assert.equal(items.length, 2);
  const shown = await loop.ok(`GET /integrations/prom/received/${items[0].id}`);
  assert.deepEqual(
    [shown.body, shown.why],
    ['{"b":2}', "there is neither `title` nor `summary` nor `dedup_key`"],
  );
  await loop.send({ title: "Disk full" });
  await loop.settle();
  const firing = (await alerts(loop)).filter(([, status]: string[]) => status === "firing");
  assert.deepEqual(firing, [["Disk full", "firing", "SEV3"]]);
});

test("hostile requests are refused in words, and never break anything", async () => {
  await using loop = await openDoor();
  const bomb = gzipSync(Buffer.alloc(5_000_000, 32));
  const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
  const jsonType = { "content-type": "application/json" };
  for (const [name, status, answer] of [
    ["too long", 413, await loop.send("x".repeat(600_000))],
    ["a bomb", 413, await loop.send(bomb, { headers: { "content-encoding": "gzip" } })],
    ["not gzip", 400, await loop.send("plain", { headers: { "content-encoding": "gzip" } })],
    ["unknown packing", 400, await loop.send("plain", { headers: { "content-encoding": "zstd9" } })],
    ["not JSON", 400, await loop.send("{oh", { headers: jsonType })],
    ["too deep", 400, await loop.send(deep, { headers: jsonType })],
    ["wrong types", 422, await loop.send({ title: "x", labels: 7, urgency: "huge" })],
    ["empty", 422, await loop.send("")],
    ["unknown key", 404, await loop.send({ title: "x" }, { path: "/in/ffffffffffffffffffffffffffffffff" })],
    ["wrong method", 405, await loop.send(undefined, { method: "GET" })],
    [
      "odd text",
      202,
      await loop.send({ title: "\u0000a\ud800", dedup_key: "\u0000", at: "2026-11-23T08:00:00Z" }),
    ],
    ["packed", 202, await loop.send(gzipSync('{"title":"y"}'), { headers: { "content-encoding": "gzip" } })],
  ] as const)
    assert.equal(answer.status, status, name);
  const wrong = await loop.send({ title: "x", labels: 7, urgency: "huge" });
  assert.deepEqual(
    wrong.body.errors.map(({ pointer }) => pointer),
    ["/urgency", "/labels"],
  );
  await loop.settle();
  assert.equal((await alerts(loop)).length, 2 + 1, "two were understood; that others weren't is said once");
});

test("a key may send only so much in a minute", async () => {
  await using loop = await openDoor("generic", { rate_limit: 2 });
  for (const status of [202, 202, 429]) {
    const answer = await loop.send({ title: "x" });
    assert.equal(answer.status, status);
    if (status === 429) assert.equal(answer.headers["retry-after"], "60");
  }
});

test("many requests at once are all kept; of what is more than may be kept, the newest stay", async () => {
  await using loop = await openDoor();
  const answers = await Promise.all(
    Array.from({ length: 150 }, (_, n) =>
      loop.send({ title: `Disk ${n}`, dedup_key: `disk-${n % 30}`, severity: "info" }),
    ),
  );
  assert.ok(answers.every(({ status }) => status === 202));
  await loop.settle();
  assert.equal((await loop.ok("GET /alerts?limit=500")).items.length, 30);
  const { items } = await loop.ok("GET /integrations/prom/received?limit=500");
  assert.equal(items.length, 150);
  await dropOld(loop.t.platform, 10 * 600);
  const left = (await loop.ok("GET /integrations/prom/received?limit=500")).items;
  assert.deepEqual(left, items.slice(0, left.length), "the newest stay");
  assert.ok(left.length > 5 && left.length < 12, String(left.length));
});

test("an alert of which nothing is heard for the agreed time is resolved; heard of again, it waits", async () => {
  await using loop = await openDoor("generic", { auto_resolve_after: "10m" });
  await loop.send({ title: "Disk full" });
  await loop.pass("8m");
  await loop.send({ title: "Disk full" });
  await loop.pass("9m");
  assert.deepEqual(await alerts(loop), [["Disk full", "firing", "SEV3"]]);
  await loop.pass("2m");
  assert.deepEqual(await alerts(loop), [["Disk full", "resolved", "SEV3"]]);
});

test("the key is shown once, can be made anew, and no answer or audit entry holds it", async () => {
  await using loop = await openDoor();
  const made = await loop.ok("POST /integrations", loop.root, { slug: "auto", kind: "generic" });
  assert.match(made.key, /^[\da-f]{32}$/);
  assert.equal(made.url, `http://keepwatch.test/in/${made.key}`);
  assert.ok(made.setup.includes(made.url));
  const again = await loop.ok("POST /integrations/auto/rotate-key");
  assert.equal((await loop.send({ title: "x" }, { path: `/in/${made.key}` })).status, 404);
  assert.equal((await loop.send({ title: "x" }, { path: `/in/${again.key}` })).status, 202);
  const audited = await loop.t.platform.db.selectFrom("audit_entries").selectAll().execute();
  const said = JSON.stringify([
    audited,
    await loop.ok("GET /integrations/auto"),
    await loop.ok("GET /integrations"),
  ]);
  assert.ok(!said.includes(made.key) && !said.includes(again.key));
  assert.ok(audited.some(({ action }) => action === "rotated the key of"));
});

test("paused, it takes in nothing and what fires is resolved; deleted, its key is dead", async () => {
  await using loop = await openDoor();
  await loop.send({ title: "Disk full" });
  await loop.settle();
  assert.equal((await loop.ok("POST /integrations/prom/pause")).state, "paused");
  assert.equal((await loop.send({ title: "Disk full" })).status, 202);
  await loop.settle();
  assert.deepEqual(await alerts(loop), [["Disk full", "resolved", "SEV3"]]);
  assert.equal((await loop.ok("GET /integrations/prom/received")).items[0].outcome, "ignored");
  await loop.ok("POST /integrations/prom/resume");
  await loop.send({ title: "Disk full" });
  await loop.settle();
  assert.equal((await loop.call("DELETE /integrations/prom", loop.root)).status, 204);
  await loop.settle();
  assert.ok((await alerts(loop)).every(([, status]: string[]) => status === "resolved"));
  assert.equal((await loop.send({ title: "Disk full" })).status, 404);
});

test("a viewer sees the list but no payloads; another team's integration is not there for others", async () => {
  await using loop = await openDoor();
  await loop.send({ title: "Disk full" });
  const viewer = await loop.person("vi", { role: "viewer" });
  assert.equal((await loop.ok("GET /integrations", viewer)).items[0].may_edit, false);
  assert.equal((await loop.call("GET /integrations/prom/received", viewer)).status, 403);
  assert.equal((await loop.call("POST /integrations/prom/pause", viewer)).status, 403);
  const team = await loop.team("pay");
  await loop.service("pay", null, { team: "pay", visibility: "team" });
  await loop.ok("POST /integrations", loop.root, { slug: "pay", kind: "generic", service: "pay" });
  const bo = await loop.person("bo");
  assert.equal((await loop.call("GET /integrations/pay", bo)).status, 404);
  assert.equal((await loop.ok("GET /integrations", bo)).items.length, 1);
  const member = await loop.person("mo", { team });
  assert.equal((await loop.ok("GET /integrations", member)).items.length, 2);
  assert.equal(
    (await loop.call("POST /integrations", bo, { slug: "x", kind: "generic", service: "pay" })).status,
    404,
  );
});

test("a payload can be tried without paging anybody", async () => {
  await using loop = await openDoor();
  const tried = await loop.ok("POST /integrations/prom/try", loop.root, {
    body: '{"title":"Disk","severity":"warning"}',
  });
  assert.partialDeepStrictEqual(tried, {
    outcome: "understood",
    events: [{ title: "Disk", severity: "SEV3", urgency: "high", service: "shop" }],
  });
  const not = await loop.ok("POST /integrations/prom/try", loop.root, { body: "{}" });
  assert.equal(not.outcome, "not_understood");
  assert.deepEqual([(await loop.ok("GET /integrations/prom/received")).items, await alerts(loop)], [[], []]);
});

test("what is wrong with a definition is said at its field, with the mend", async () => {
  await using loop = await openDoor();
  const wrong = async (body: object) =>
    (await loop.call("POST /integrations", loop.root, { slug: "b", kind: "generic", ...body })).body;
  assert.match((await wrong({ kind: "alertmanger" })).detail, /Did you mean "alertmanager"/);
  assert.equal((await wrong({ service: "shpo" })).errors[0].pointer, "/service");
  assert.equal((await wrong({ key: KEY })).errors[0].pointer, "/key");
  assert.equal((await wrong({ key: "short" })).errors[0].pointer, "/key");
  assert.equal((await wrong({ settings: { x: 1 } })).errors[0].pointer, "/settings");
  assert.equal((await wrong({ slug: "prom" })).status, 409);
});

test("Alertmanager's group pages for each alert that fires and resolves each that is over", async () => {
  await using loop = await openDoor("alertmanager");
  const alert = (name: string, status: string, end = "0001-01-01T00:00:00Z") => ({
    ...{
      status,
      labels: { alertname: name, severity: "critical" },
      annotations: { summary: `${name} is bad` },
    },
    ...{ startsAt: "2026-11-23T08:58:00Z", endsAt: end, fingerprint: name },
  });
  const group = (...all: object[]) => ({ version: "4", status: "firing", receiver: "k", alerts: all });
  assert.equal((await loop.send(group(alert("a", "firing"), alert("b", "firing")))).status, 202);
  await loop.settle();
  await loop.send(group(alert("a", "resolved", "2026-11-23T08:59:00Z"), alert("c", "firing")));
  await loop.settle();
  assert.deepEqual((await alerts(loop)).sort(), [
    ["a is bad", "resolved", "SEV1"],
    ["b is bad", "firing", "SEV1"],
    ["c is bad", "firing", "SEV1"],
  ]);
  assert.equal((await incidents(loop)).length, 1);
});

test("a deploy pages nobody and is listed with its service", async () => {
  await using loop = await openDoor();
  await loop.send({
    type: "change",
    summary: "shop 4711",
    url: "https://ci.example.com/1",
    at: "2026-11-23T08:30:00Z",
  });
  await loop.settle();
  assert.deepEqual([await incidents(loop), await alerts(loop)], [[], []]);
  const { items } = await loop.ok("GET /change-events?service=shop&from=2026-11-23T08:00:00Z");
  assert.partialDeepStrictEqual(items, [
    { summary: "shop 4711", at: "2026-11-23T08:30:00Z", service: { slug: "shop" } },
  ]);
});
