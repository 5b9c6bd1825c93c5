import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dueBetween, nextDue, phaseOf } from "./grid.ts";

const SEEDED = { seed: 7, numRuns: 200 };
const anyDue = fc.record({
  id: fc.uuid(),
  everyMs: fc.integer({ min: 1_000, max: 86_400_000 }),
  afterMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
});

test("a monitor is due within one interval, on its phase, and then every interval exactly", () => {
  const check = ({ id, everyMs, afterMs }: { id: string; everyMs: number; afterMs: number }) => {
    const due = nextDue(id, everyMs, afterMs);
    assert.ok(due > afterMs && due <= afterMs + everyMs);
    assert.equal((due - phaseOf(id, everyMs)) % everyMs, 0);
    assert.equal(nextDue(id, everyMs, due), due + everyMs);
    assert.equal(nextDue(id, everyMs, due - 1), due);
  };
  fc.assert(fc.property(anyDue, check), SEEDED);
});

test("a late look neither shifts nor skips the following due times", () => {
  const due = nextDue("m", 60_000, 1_800_000_000_000);
  assert.equal(nextDue("m", 60_000, due + 59_999), due + 60_000);
});

test("the due times of a stretch are counted, its end among them", () => {
  const due = nextDue("m", 20_000, 1_800_000_000_000);
  assert.equal(dueBetween("m", 20_000, due - 1, due), 1);
  assert.equal(dueBetween("m", 20_000, due, due), 0);
  assert.equal(dueBetween("m", 20_000, due, due + 60_000), 3);
  assert.equal(dueBetween("m", 20_000, due + 60_000, due), 0);
});

test("monitors made one after the other are spread evenly over the interval", () => {
  const buckets = new Array<number>(60).fill(0);
  for (let i = 0; i < 6_000; i++) {
    const id = `01939f2a-7c00-7000-8000-${i.toString(16).padStart(12, "0")}`;
    const second = Math.floor(phaseOf(id, 60_000) / 1_000);
    buckets[second] = (buckets[second] ?? 0) + 1;
  }
  assert.ok(
    Math.max(...buckets) < 150 && Math.min(...buckets) > 60,
    `${Math.min(...buckets)}–${Math.max(...buckets)}`,
  );
});
