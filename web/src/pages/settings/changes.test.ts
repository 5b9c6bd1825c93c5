import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf } from "./changes.ts";

test("only what differs is a change", () => {
  assert.deepEqual(
    changesOf(
      { name: "Shop", urgency: "high", tags: ["a"] },
      { name: "Shop", urgency: "low", tags: ["a", "b"] },
    ),
    [
      { field: "urgency", before: "high", after: "low" },
      { field: "tags", before: "a", after: "a, b" },
    ],
  );
});

test("of something new all that is set is shown, and of something gone all that was", () => {
  assert.deepEqual(changesOf(null, { name: "Shop", team: null }), [
    { field: "name", before: null, after: "Shop" },
  ]);
  assert.deepEqual(changesOf({ name: "Shop" }, null), [{ field: "name", before: "Shop", after: null }]);
});

test("an action that keeps no states has no changes to open", () => {
  assert.deepEqual(changesOf(null, null), []);
});
