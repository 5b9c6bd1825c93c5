import assert from "node:assert/strict";
import { test } from "node:test";
import { spell } from "../base/finding.ts";
import { type Answer, findings } from "./expect.ts";
import { http } from "./http.ts";
import { planOf } from "./plan.ts";

const look = (expect: unknown, answer: Partial<Answer> & { body?: string } = {}) => {
  const { body = "", ...more } = answer;
  const plan = planOf(http.schema.parse({ url: "http://x/", expect }) as { url: string });
  return findings(plan, { status: 200, totalMs: 10, text: () => body, certificate: null, ...more });
};
const unmet = (...given: Parameters<typeof look>) =>
  look(...given)
    .filter(({ ok }) => !ok)
    .map(({ reason }) => reason);

for (const [expected, status, ok] of [
  [undefined, 204, true],
  [undefined, 301, false],
  [200, 200, true],
  ["200", 201, false],
  ["200-204", 204, true],
  ["200 – 204", 205, false],
  ["2xx", 299, true],
  ["200, 404", 404, true],
  [[200, "300-399"], 302, true],
  [[200, "300-399"], 404, false],
] as const)
  test(`status ${status} ${ok ? "meets" : "does not meet"} ${expected === undefined ? "the default" : JSON.stringify(expected)}`, () => {
    assert.equal(look({ status: expected }, { status })[0]?.ok, ok);
  });

test("all texts must be there, and none of the others", () => {
  assert.deepEqual(unmet({ body_contains: ["a", "b"], body_excludes: ["c", "a"] }, { body: "xax" }), [
    "[body] “b” is missing",
    "[body] contains “a”, which it must not",
  ]);
});

const BODY = JSON.stringify({ status: "ok", n: 7, list: ["a", 1], none: null, deep: { v: "v2.1" } });

for (const [condition, ok] of [
  [{ path: "$.status", equals: "ok" }, true],
  [{ path: "$.n", equals: "7" }, false],
  [{ path: "$.none", equals: null }, true],
  [{ path: "$.gone", equals: null }, false],
  [{ path: "$.status", not_equals: "bad" }, true],
  [{ path: "$.gone", not_equals: "bad" }, false],
  [{ path: "$.none", exists: true }, true],
  [{ path: "$.gone", exists: false }, true],
  [{ path: "$.gone", exists: true }, false],
  [{ path: "$.list", contains: "a" }, true],
  [{ path: "$.list", contains: "1" }, false],
  [{ path: "$.list", contains: 1 }, true],
  [{ path: "$.status", contains: "k" }, true],
  [{ path: "$.deep.v", matches: "^v2\\." }, true],
  [{ path: "$.n", matches: "^\\d$" }, true],
  [{ path: "$.deep", matches: "v" }, false],
  [{ path: "$.n", above: 6, below: 8 }, true],
  [{ path: "$.n", above: 7 }, false],
  [{ path: "$.status", below: 7 }, false],
] as const)
  test(`JSON ${JSON.stringify(condition)} is ${ok ? "met" : "not met"}`, () => {
    assert.equal(unmet({ json: [condition] }, { body: BODY }).length === 0, ok);
  });

test("a JSON failure says the path, what is there and what was wanted", () => {
  const json = [
    { path: "$.status", equals: "fine" },
    { path: "$.gone", above: 3 },
  ];
  assert.deepEqual(unmet({ json }, { body: BODY }), [
    "[json] $.status is “ok”, wanted “fine”",
    "[json] $.gone is nothing, wanted above 3",
  ]);
  assert.deepEqual(unmet({ json }, { body: "<html>" }), ["[json] the body is not JSON"]);
});

test("a long value is quoted in part", () => {
  const [reason] = unmet({ json: [{ path: "$", equals: "x" }] }, { body: JSON.stringify("y".repeat(5_000)) });
  assert.ok((reason?.length ?? 0) < 300);
});

test("a latency on the limit is over it", () => {
  assert.deepEqual(unmet({ latency: "800ms" }, { totalMs: 799.9 }), []);
  assert.deepEqual(unmet({ latency: "800ms" }, { totalMs: 800 }), ["[latency] 800 ms, wanted under 800 ms"]);
});

const DAY_MS = 86_400_000;
test("a certificate made for a week is warned of in its last fifth, not from its first day", () => {
  const left = (days: number, life: number) =>
    unmet({}, { certificate: { leftMs: days * DAY_MS, lifetimeMs: life * DAY_MS } }).length;
  assert.deepEqual([left(6, 6), left(1.3, 6), left(1.1, 6), left(15, 90), left(13, 90)], [0, 0, 1, 0, 1]);
});

test("times are spelled for reading", () => {
  assert.deepEqual([0.4, 340.4, 1_234, 12_340, 60_000].map(spell), [
    "0 ms",
    "340 ms",
    "1.23 s",
    "12.3 s",
    "60 s",
  ]);
});
