import assert from "node:assert/strict";
import { test } from "node:test";
import { createBatcher } from "./batcher.ts";

test("calls that come together share runs of so many, and each has its own answer", async () => {
  const runs: number[] = [];
  const double = createBatcher({
    ...{ most: 4, inFlight: 2 },
    run: async (items: readonly number[]) => {
      runs.push(items.length);
      return items.map((item) => item * 2);
    },
  });
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5, 6].map(double)), [2, 4, 6, 8, 10, 12]);
  assert.deepEqual(runs, [4, 2]);
  assert.equal(await double(7), 14);
});

test("one bad item fails by itself", async () => {
  const check = createBatcher({
    ...{ most: 8, inFlight: 1 },
    run: async (items: readonly number[]) => {
      if (items.includes(3)) throw new Error("no threes");
      return items;
    },
  });
  const settled = await Promise.allSettled([1, 2, 3, 4].map(check));
  assert.deepEqual(
    settled.map(({ status }) => status),
    ["fulfilled", "fulfilled", "rejected", "fulfilled"],
  );
});
