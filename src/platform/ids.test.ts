import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "./clock.ts";
import { isId, newId } from "./ids.ts";

test("ids made later sort later, within one millisecond and across many", () => {
  const clock = new ManualClock("2026-11-23T09:00:00Z");
  const ids: string[] = [];
  for (let ms = 0; ms < 20; ms += 1) {
    for (let n = 0; n < 500; n += 1) ids.push(newId(clock));
    clock.advance(1);
  }
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(new Set(ids).size, ids.length);
});

test("an id is a UUID of version 7 that begins with its millisecond", () => {
  const id = newId(new ManualClock("2026-11-23T09:00:00.123Z"));
  assert.ok(isId(id));
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const ms = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  assert.equal(ms, Temporal.Instant.from("2026-11-23T09:00:00.123Z").epochMilliseconds);
});
