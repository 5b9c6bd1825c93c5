import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { getAt, setAt } from "./pointer.ts";
import { parseScalar, scalarText } from "./scalar.ts";

test("a value is put at a dotted name, making what is missing on the way", () => {
  deepEqual(setAt({ url: "x" }, "expect.status", "200"), { url: "x", expect: { status: "200" } });
  equal(getAt({ expect: { status: "200" } }, "expect.status"), "200");
});

test("taking the last value out takes its empty parent out too", () => {
  deepEqual(setAt({ url: "x", expect: { status: "200" } }, "expect.status", undefined), { url: "x" });
});

test("what is typed reads as the JSON value it looks like, and comes back as typed", () => {
  for (const [text, value] of [
    ["3", 3],
    ["true", true],
    ["null", null],
    ["ok", "ok"],
    ['"3"', "3"],
  ] as const) {
    equal(parseScalar(text), value);
    equal(scalarText(value), text);
  }
});
