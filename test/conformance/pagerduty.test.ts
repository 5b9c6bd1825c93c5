import assert from "node:assert/strict";
import { Agent } from "node:https";
import { after, before, test } from "node:test";
import { acknowledge, change, resolve, trigger } from "@pagerduty/pdjs/build/src/events.js";
import { httpsServer, type TestServer } from "../../src/watch/fixtures/servers.ts";
import { type Loop, startLoop } from "../support/loop.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const V1 = "/generic/2010-04-15/create_event.json";
let loop: Loop;
let front: TestServer;

before(async () => {
  loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  await loop.service("shop", "web");
  await loop.ok("POST /integrations", loop.root, {
    slug: "pd",
    kind: "pagerduty",
    service: "shop",
    key: KEY,
  });
  // The client speaks https alone: this stands in front, as a proxy would.
  front = await httpsServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { statusCode, headers, body } = await loop.app.inject({
      ...{ method: "POST", url: request.url ?? "", headers: request.headers, payload: Buffer.concat(chunks) },
    });
    response.writeHead(statusCode, { "content-type": String(headers["content-type"]) }).end(body);
  });
});
after(async () => {
  await front[Symbol.asyncDispose]();
  await loop[Symbol.asyncDispose]();
});

const at = () => ({
  server: `127.0.0.1:${front.port}`,
  ...{ agent: new Agent({ rejectUnauthorized: false }) },
});
const payload = {
  summary: "Disk full on db-1",
  source: "db-1",
  severity: "critical" as const,
  class: "disk",
};
const status = async () => (await loop.ok("GET /incidents")).items[0]?.status;

/** What the door answers to a body, or to text that is none. */
async function send(body: unknown, url = "/v2/enqueue") {
  const answer = await loop.app.inject({
    ...{ method: "POST", url, headers: { "content-type": "application/json" } },
    payload: typeof body === "string" ? body : JSON.stringify(body),
  });
  return [answer.statusCode, answer.json()];
}

test("PagerDuty's own client triggers, acknowledges, resolves and tells of a change, unchanged", async () => {
  const event = { routing_key: KEY, dedup_key: "disk", payload };
  const fired = await trigger({ ...at(), data: { ...event, event_action: "trigger" } });
  assert.deepEqual(
    [fired.status, fired.data],
    [202, { status: "success", message: "Event processed", dedup_key: "disk" }],
  );
  await loop.settle();
  assert.deepEqual([await status(), loop.hooks.paged()], ["triggered", ["ada"]]);
  await acknowledge({ ...at(), data: { ...event, event_action: "acknowledge" } });
  await loop.settle();
  assert.equal(await status(), "acknowledged");
  const over = await resolve({ ...at(), data: { ...event, event_action: "resolve" } });
  assert.equal(over.status, 202);
  await loop.settle();
  assert.equal(await status(), "resolved");
  const build = {
    ...payload,
    summary: "Build 7",
    timestamp: "2026-11-23T08:00:00Z",
    custom_details: { state: "passed" },
  };
  const told = await change({
    ...at(),
    data: { routing_key: KEY, event_action: "trigger", payload: build, links: [] },
  });
  assert.deepEqual([told.status, told.data], [202, { status: "success", message: "Change event processed" }]);
  assert.equal((await loop.ok("GET /change-events?service=shop")).items[0].summary, "Build 7");
});

test("without a key the answer says what the alert is called, and the key is not in what is kept", async () => {
  const [code, { dedup_key }] = await send({ routing_key: KEY, event_action: "trigger", payload });
  assert.deepEqual([code, /^[\da-f]{32}$/.test(dedup_key)], [202, true]);
  assert.deepEqual(await send({ routing_key: KEY, event_action: "resolve", dedup_key }), [
    202,
    { status: "success", message: "Event processed", dedup_key },
  ]);
  const [latest] = (await loop.ok("GET /integrations/pd/received")).items;
  const { body } = await loop.ok(`GET /integrations/pd/received/${latest.id}`);
  assert.ok(body.includes(dedup_key) && !body.includes(KEY));
});

test("what is wrong is answered with PagerDuty's codes and bodies", async () => {
  const event = { routing_key: KEY, event_action: "trigger", payload };
  const invalid = (...errors: string[]) => [
    400,
    { status: "invalid event", message: "Event object is invalid", errors },
  ];
  for (const [body, answer] of [
    [
      { ...event, routing_key: "short" },
      invalid("Length of 'routing_key' is incorrect (should be 32 characters)"),
    ],
    [{ ...event, routing_key: "f".repeat(32) }, invalid("Invalid routing key")],
    [{ ...event, routing_key: undefined }, invalid("'routing_key' is missing or blank")],
    [{ ...event, event_action: undefined }, invalid("'event_action' is missing or blank")],
    [{ ...event, payload: undefined }, invalid("'payload' is missing or blank")],
    [{ ...event, payload: { ...payload, source: "" } }, invalid("'payload.source' is missing or blank")],
    [{ routing_key: KEY, event_action: "resolve" }, invalid("'dedup_key' is missing or blank")],
    [
      { ...event, dedup_key: "k".repeat(256) },
      invalid("Length of 'dedup_key' exceeds limit (max 255 characters)"),
    ],
    [
      "{oh",
      [
        400,
        {
          status: "Unrecognized object",
          message: "Event object format is unrecognized",
          errors: ["JSON parse error"],
        },
      ],
    ],
  ] as const)
    assert.deepEqual(await send(body), answer, JSON.stringify(body));
  assert.equal((await send(`"${"x".repeat(530_000)}"`))[0], 413);
  const large = {
    ...event,
    dedup_key: "large",
    payload: { ...payload, custom_details: { x: "y".repeat(500_000) } },
  };
  assert.equal((await send(large))[0], 202, "up to 512 KB is taken");
});

test("an acknowledge or resolve of something unknown is taken and changes nothing, as there", async () => {
  await loop.settle();
  const before = (await loop.ok("GET /alerts")).items.length;
  for (const event_action of ["acknowledge", "resolve"])
    assert.equal((await send({ routing_key: KEY, event_action, dedup_key: "never heard of" }))[0], 202);
  await loop.settle();
  assert.equal((await loop.ok("GET /alerts")).items.length, before);
});

test("Events API v1 is answered as it was: 200 with the incident's key", async () => {
  const event = {
    service_key: KEY,
    event_type: "trigger",
    incident_key: "srv01",
    description: "srv01 is down",
  };
  assert.deepEqual(await send(event, V1), [
    200,
    { status: "success", message: "Event processed", incident_key: "srv01" },
  ]);
  assert.equal((await send({ ...event, service_key: "x" }, V1))[0], 400);
  await send({ ...event, event_type: "resolve" }, V1);
  await loop.settle();
  const alert = (await loop.ok("GET /alerts")).items.find(
    ({ title }: { title: string }) => title === "srv01 is down",
  );
  assert.equal(alert.status, "resolved");
});
