import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findCycle } from "./model.ts";

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

test("a circle is named from the service round to itself, by its shortest way", () => {
  const edges = graph({
    shop: ["search", "payments"],
    search: ["index"],
    index: ["payments"],
    payments: ["shop"],
  });
  assert.deepEqual(findCycle(edges, "shop"), ["shop", "payments", "shop"]);
  assert.deepEqual(findCycle(edges, "index"), ["index", "payments", "shop", "search", "index"]);
  assert.deepEqual(findCycle(graph({ a: ["a"] }), "a"), ["a", "a"]);
});

test("what two services share, and a circle elsewhere, is no circle of this service", () => {
  assert.equal(findCycle(graph({ a: ["b", "c"], b: ["d"], c: ["d"] }), "a"), undefined);
  assert.equal(findCycle(graph({ a: ["b"], b: ["c"], c: ["b"] }), "a"), undefined);
  assert.equal(findCycle(graph({}), "a"), undefined);
});

test("a circle is found exactly when the service can be reached from itself, and every step of it is there", () => {
  const node = fc.integer({ min: 0, max: 6 }).map(String);
  fc.assert(
    fc.property(fc.array(fc.tuple(node, node), { maxLength: 16 }), (pairs) => {
      const edges = new Map<string, string[]>();
      for (const [from, to] of pairs) edges.set(from, [...(edges.get(from) ?? []), to]);
      const cycle = findCycle(edges, "0");
      const reached = new Set(edges.get("0"));
      for (const each of reached) for (const next of edges.get(each) ?? []) reached.add(next);
      assert.equal(cycle !== undefined, reached.has("0"));
      if (!cycle) return;
      assert.deepEqual([cycle[0], cycle.at(-1)], ["0", "0"]);
      for (let i = 1; i < cycle.length; i++) assert.ok(edges.get(cycle[i - 1]!)?.includes(cycle[i]!));
    }),
    { numRuns: 200, seed: 7243 },
  );
});
