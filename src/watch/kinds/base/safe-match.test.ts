import assert from "node:assert/strict";
import { test } from "node:test";
import { safeMatch } from "./safe-match.ts";

test("a pattern is found or not", () => {
  assert.equal(safeMatch(/^v\d+/u, "v12"), "yes");
  assert.equal(safeMatch(/^v\d+/u, "12"), "no");
});

test("a pattern that would search for years is given up, and the next one works", () => {
  const startedMs = performance.now();
  assert.equal(safeMatch(/^(a+)+$/u, `${"a".repeat(60)}b`), "too slow");
  assert.ok(performance.now() - startedMs < 1_000);
  assert.equal(safeMatch(/a/u, "a"), "yes");
});
