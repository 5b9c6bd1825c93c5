import assert from "node:assert/strict";
import { test } from "node:test";
import { spell } from "../base/finding.ts";
import { type Answer, findings } from "./expect.ts";
import { http } from "./http.ts";
import { planOf } from "./plan.ts";

const look = (expect: unknown, answer: Partial<Answer> & { body?: string } = {}) => {
  const { body = "", ...more } = answer;
  const plan = planOf(http.schema.parse({ url: "http://x/", expect }) as { url: string });
  return findings(plan, {
    ...{ status: 200, httpVersion: "1.1", headers: {}, ledTo: null, totalMs: 10, certificate: null },
    ...{ text: () => body, bytes: () => Buffer.byteLength(body) },
    ...more,
  });
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

for (const [condition, ok] of [
  [{ name: "Content-Type", contains: "json" }, true],
  [{ name: "content-type", equals: "application/json; charset=utf-8" }, true],
  [{ name: "content-type", matches: "^text/" }, false],
  [{ name: "content-type", excludes: "html" }, true],
  [{ name: "x-powered-by", exists: false }, true],
  [{ name: "x-powered-by", excludes: "php" }, true],
  [{ name: "x-powered-by", contains: "php" }, false],
  [{ name: "set-cookie", contains: "Secure" }, true],
  [{ name: "set-cookie", equals: "a=1; Secure" }, false],
] as const)
  test(`header ${JSON.stringify(condition)} is ${ok ? "met" : "not met"}`, () => {
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "set-cookie": ["a=1; Secure", "b=2"],
    };
    const [reason] = unmet({ headers: [condition] }, { headers });
    assert.equal(reason === undefined, ok);
    assert.doesNotMatch(reason ?? "", /b=2/, "a secret header's value is told to nobody");
  });

test("a body must match patterns, and not match others; a pattern without end is ours, not the page's", () => {
  const body = `order #12 ${"a".repeat(60)}!`;
  assert.deepEqual(unmet({ body_matches: ["#\\d+", "^order"], body_not_matches: "error" }, { body }), []);
  assert.deepEqual(unmet({ body_matches: "#x", body_not_matches: "#\\d" }, { body }), [
    "[body] does not match #x",
    "[body] matches #\\d, which it must not",
  ]);
  const [endless] = look({ body_matches: "(a+)+$" }, { body }).filter(({ ok }) => !ok);
  assert.equal(endless?.status, "degraded");
  assert.match(endless?.reason ?? "", /takes too long to search for; write it without nested repetition/);
});

test("a size that does not fit is said in bytes", () => {
  assert.deepEqual(unmet({ size: { min: 3, max: 3 } }, { body: "äx" }), []);
  assert.deepEqual(unmet({ size: { min: 2 } }, { body: "x" }), [
    "[size] the body has 1 byte, wanted 2 bytes or more",
  ]);
  assert.equal(unmet({ size: { max: 0 } }, { body: "x" }).length, 1);
});

for (const [wanted, ledTo, ok] of [
  ["/login", "http://x/login", true],
  ["/login", "http://x/login?state=1", true],
  ["/login?state=2", "http://x/login?state=1", false],
  ["https://y/", "https://y/", true],
  ["https://y", "https://y/", true],
  ["https://y/", "http://y/", false],
  ["/login", null, false],
] as const)
  test(`leading to ${ledTo ?? "nowhere"} ${ok ? "is" : "is not"} leading to ${wanted}`, () => {
    assert.equal(unmet({ redirects_to: wanted }, { ledTo }).length === 0, ok);
  });

const DAY_MS = 86_400_000;
test("a certificate made for a week is warned of in its last fifth, not from its first day", () => {
  const left = (days: number, life: number) =>
    unmet({}, { certificate: { leftMs: days * DAY_MS, lifetimeMs: life * DAY_MS } }).length;
  assert.deepEqual([left(6, 6), left(1.3, 6), left(1.1, 6), left(15, 90), left(13, 90)], [0, 0, 1, 0, 1]);
});

test("times are spelled for reading", () => {
  assert.deepEqual([0.4, 340.4, 1_234, 12_340, 60_000].map(spell), [
    "0.4 ms",
    "340 ms",
    "1.23 s",
    "12.3 s",
    "60 s",
  ]);
});
