import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fingerprintOf, firstLine, identityOf, normalLine } from "./fingerprint.ts";

const MONITOR = { type: "monitor", id: "0193c000-0000-7000-8000-000000000001" };
const seen = (more: Partial<Parameters<typeof identityOf>[0]> = {}) => ({
  ...{ source: MONITOR, dedupKey: MONITOR.id, title: "Shop is down", cause: "status:500" },
  ...{ reason: "[status] 500, wanted 200–299", evidence: { body: "disk full on db-1" } },
  ...more,
});

test("a failure that comes back with other numbers, ids, times and hosts has the same fingerprint", () => {
  const bodies = [
    "could not reach db-1.prod.internal:5432 after 5003 ms (request 7f9c2a1e-1111-4222-8333-abcdefabcdef)",
    "could not reach db-7.prod.internal:5432 after 12 ms (request 00000000-1111-4222-8333-000000000000)",
  ];
  const [first, second] = bodies.map((body) => fingerprintOf(identityOf(seen({ evidence: { body } }))));
  assert.equal(first, second);
});

test("another message, another code class, another step or another monitor is another failure", () => {
  const own = fingerprintOf(identityOf(seen()));
  const others = [
    seen({ evidence: { body: "too many connections" } }),
    seen({ cause: "status:503" }),
    seen({ source: { ...MONITOR, id: "0193c000-0000-7000-8000-000000000002" } }),
    seen({ evidence: { body: "disk full on db-1", steps: [{ name: "pay", status: "down" }] } }),
  ];
  for (const other of others) assert.notEqual(fingerprintOf(identityOf(other)), own);
});

for (const [line, wanted] of [
  ["dial tcp 10.0.3.17:5432: connect: connection refused", "dial tcp <host>: connect: connection refused"],
  ["api-7d9f8b6c5-x2x9q OOMKilled", "api-<id> oomkilled"],
  ["2026-11-23T08:00:00.123Z ERROR too many connections", "<time> error too many connections"],
  ["java.lang.NullPointerException in app.py line 12", "java.lang.nullpointerexception in app.py line #"],
  ["checksum failed in segment _3fa9c210b7", "checksum failed in segment _<id>"],
  ["mail to ada@example.com via https://relay.example.com/x?y=1", "mail to <email> via <url>"],
] as const)
  test(`“${line}” will be said again as “${wanted}”`, () => assert.equal(normalLine(line), wanted));

for (const [body, wanted] of [
  ["<!doctype html><html><head><title>502 Bad\n Gateway</title>", "502 Bad Gateway"],
  ["<html><body><h1>Service unavailable</h1>", "Service unavailable"],
  ['{"error":{"code":"E42","message":"disk full"}}', "disk full"],
  ['{"status":"DOWN","detail":"no leader","cut', "no leader"],
  ['Traceback (most recent call last):\n  File "x.py", line 3\nValueError: bad', "ValueError: bad"],
  ["\n-----\n12:00:01\n  pool exhausted\nmore", "pool exhausted"],
  ["", ""],
] as const)
  test(`of ${JSON.stringify(body)} the telling line is “${wanted}”`, () =>
    assert.equal(firstLine(body), wanted));

test("an integration is told apart by the words of its key; a key that is only an id says nothing", () => {
  const source = { type: "integration", id: MONITOR.id };
  const of = (dedupKey: string) => identityOf(seen({ source, dedupKey })).source;
  assert.equal(of("disk/db-1"), of("disk/db-2"));
  assert.notEqual(of("disk/db-1"), of("memory/db-1"));
  assert.equal(of("7f9c2a1e-1111-4222-8333-abcdefabcdef"), `integration:${MONITOR.id}`);
});

test("whatever an answer holds, its fingerprint is 32 hexadecimal digits", () => {
  const digits = (body: string) =>
    assert.match(fingerprintOf(identityOf(seen({ evidence: { body } }))), /^[\da-f]{32}$/);
  fc.assert(fc.property(fc.string({ maxLength: 4_096, unit: "binary" }), digits), { seed: 7, numRuns: 100 });
  // What a careless pattern would chew on for ever.
  for (const hard of ["a-", "1.", "<", "{", ":", "a.", "f0"]) digits(hard.repeat(4_000));
});
