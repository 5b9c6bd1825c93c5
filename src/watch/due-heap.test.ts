import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DueHeap } from "./due-heap.ts";

test("nothing comes out before it is due", () => {
  const heap = new DueHeap<string>();
  assert.equal(heap.takeDue(10), undefined);
  heap.add(5, "a");
  assert.equal(heap.nextAt(), 5);
  assert.equal(heap.takeDue(4), undefined);
  assert.equal(heap.takeDue(5), "a");
  assert.equal(heap.size, 0);
});

test("whatever is added and taken in whatever order comes out earliest first, ties as they went in", () => {
  const steps = fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { nil: "take" as const }), {
    maxLength: 80,
  });
  const check = (run: readonly (number | "take")[]) => {
    const heap = new DueHeap<number>();
    const model: { at: number; order: number }[] = [];
    const takeBoth = () => {
      model.sort((a, b) => a.at - b.at || a.order - b.order);
      assert.equal(heap.nextAt(), model[0]?.at);
      assert.equal(heap.takeDue(Number.POSITIVE_INFINITY), model.shift()?.order);
    };
    for (const [order, step] of run.entries()) {
      if (step === "take") takeBoth();
      else {
        heap.add(step, order);
        model.push({ at: step, order });
      }
    }
    while (model.length > 0) takeBoth();
    assert.equal(heap.size, 0);
  };
  fc.assert(fc.property(steps, check), { seed: 7, numRuns: 200 });
});
