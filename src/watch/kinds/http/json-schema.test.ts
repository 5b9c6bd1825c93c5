import assert from "node:assert/strict";
import { test } from "node:test";
import { httpServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { http } from "./http.ts";

const check = checkWith(http);
const answering = (document: unknown) =>
  httpServer((_request, response) => response.end(JSON.stringify(document)));

const SCHEMA = {
  type: "object",
  required: ["status", "at"],
  additionalProperties: false,
  properties: {
    status: { enum: ["ok", "warming up"] },
    at: { type: "string", format: "date-time" },
    queues: { type: "array", items: { $ref: "#/$defs/queue" } },
  },
  $defs: { queue: { type: "object", properties: { waiting: { type: "integer", maximum: 9 } } } },
};

test("a body that fits its schema is up, whether the schema is inline or a text", async () => {
  await using server = await answering({
    status: "ok",
    at: "2026-11-23T08:00:00Z",
    queues: [{ waiting: 3 }],
  });
  for (const json_schema of [SCHEMA, JSON.stringify(SCHEMA), "type: object\nrequired: [status]"]) {
    const result = await check({ url: server.url, expect: { json_schema } });
    assert.equal(result.status, "up", result.reason);
  }
});

test("the first three faults are told with their places, and how many more there are", async () => {
  await using server = await answering({
    status: "broken",
    at: "soon",
    queues: [{ waiting: 1 }, { waiting: 10 }],
    "odd name": 1,
  });
  const result = await check({ url: server.url, expect: { json_schema: SCHEMA } });
  assert.deepEqual([result.status, result.cause, result.hard], ["down", "json_schema", true]);
  for (const words of [
    '$["odd name"] is not allowed',
    '$.status is “broken”, must be one of ["ok","warming up"]',
    '$.at is “soon”, must match format "date-time"',
  ])
    assert.ok(result.reason.includes(words), `${words} in ${result.reason}`);
  assert.match(result.reason, /^\[json\] .*; and 1 more$/);
  await using list = await answering([]);
  const typed = await check({ url: list.url, expect: { json_schema: SCHEMA } });
  assert.equal(typed.reason, "[json] $ must be object");
});

test("a pattern or a comparison without end is stopped, and is no outage", async () => {
  await using server = await answering({
    name: `${"a".repeat(60)}!`,
    list: Array.from({ length: 50_000 }, (_, i) => [i]),
  });
  for (const json_schema of [
    { properties: { name: { pattern: "^(a+)+$" } } },
    { properties: { list: { uniqueItems: true } } },
  ]) {
    const startedMs = performance.now();
    const result = await check({ url: server.url, expect: { json_schema } });
    assert.ok(performance.now() - startedMs < 1_500);
    assert.deepEqual([result.status, result.cause], ["degraded", "json_schema"]);
    assert.match(
      result.reason,
      /^\[json\] the body takes longer than 100 ms to compare with the schema; make/,
    );
  }
});

test("a schema that asks itself about a deeply nested body is no outage either", async () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  await using server = await httpServer((_request, response) => response.end(deep));
  const result = await check({ url: server.url, expect: { json_schema: { items: { $ref: "#" } } } });
  assert.equal(result.status, "degraded", result.reason);
});

for (const [what, json_schema, mend] of [
  ["no schema at all", "just text", /write a JSON Schema, e\.g\. \{ type: object/],
  ["broken YAML", "a: [", /./],
  ["an unknown type", { type: "text" }, /it is not a JSON Schema: \/type must be/],
  ["a broken pattern", { pattern: "(" }, /./],
  ["another draft", { $schema: "http://json-schema.org/draft-07/schema#" }, /2020-12; leave \$schema out/],
  ["a reference to elsewhere", { $ref: "https://x.test/a.json" }, /must stand in it, under \$defs/],
  ["a schema as long as a book", { enum: ["x".repeat(100_001)] }, /longer than 100000 characters/],
] as const)
  test(`${what} is refused as a schema when the monitor is saved`, () => {
    const result = http.schema.safeParse({ url: "http://x.test/", expect: { json_schema } });
    const [issue] = result.error?.issues ?? [];
    assert.equal(issue?.path.join("."), "expect.json_schema");
    assert.match(issue?.message ?? "", mend);
  });
