import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ManualClock } from "../platform/clock.ts";
import { silentLog } from "../platform/log.ts";
import { between, coverageWords, isThin, keptMarks, type Mark } from "./coverage.ts";
import { watchCoverage } from "./coverage-watch.ts";

const START = "2026-11-23T09:00:00Z";

/** A prober that runs so many of a hundred checks each half minute. */
function watched({ wasThin = false } = {}) {
  const clock = new ManualClock(START);
  const count = { planned: 0, onTime: 0 };
  const told: (string | null)[] = [];
  const stop = watchCoverage({
    ...{ clock, log: silentLog, wasThin },
    coverage: () => count,
    tell: async (words) => void told.push(words),
  });
  return {
    told,
    stop,
    async run(onTime: number, halfMinutes: number, planned = 100) {
      for (let i = 0; i < halfMinutes; i++) {
        count.planned += planned;
        count.onTime += onTime;
        clock.advance(30_000);
        await new Promise((done) => setImmediate(done));
      }
    },
  };
}

test("checks that are not made are told of once, and that they are made again five minutes later", async () => {
  const w = watched();
  await w.run(100, 20);
  assert.deepEqual(w.told, []);
  await w.run(80, 4);
  assert.deepEqual(w.told, ["98 % of 1000 planned checks ran on time"]);
  await w.run(100, 11);
  assert.deepEqual(w.told.slice(1), [null]);
  w.stop();
});

test("one late check of few is no reason to wake anybody, and with every monitor paused nothing is missed", async () => {
  const w = watched();
  await w.run(0, 2, 1);
  assert.deepEqual(w.told, []);
  await w.run(0, 20, 0);
  assert.deepEqual(w.told, []);
  w.stop();
});

test("an alert of an earlier start ends only when a whole window was well", async () => {
  const w = watched({ wasThin: true });
  await w.run(100, 9);
  assert.deepEqual(w.told, []);
  await w.run(100, 2);
  assert.deepEqual(w.told, [null]);
  w.stop();
});

test("the marks kept reach back over the window whatever came before, and the figure is never rounded up to all", () => {
  const anyMarks = fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(anyMarks, fc.integer({ min: 1, max: 10_000 }), (steps, missed) => {
      let at = 0;
      const marks: Mark[] = steps.map((step, i) => {
        at += step;
        return { at, planned: i * 100, onTime: i * 99 };
      });
      const kept = keptMarks(marks, at);
      assert.deepEqual(kept.at(-1), marks.at(-1));
      assert.ok((kept[1]?.at ?? at) > at - 300_000 || kept.length === 1);
      assert.deepEqual(keptMarks(kept, at), kept);
      const { planned, onTime } = between(kept);
      assert.equal(onTime * 100, planned * 99);
      const nearly = { planned: 1_000_000, onTime: 1_000_000 - missed };
      assert.ok(!coverageWords(nearly).startsWith("100 "));
      assert.equal(isThin(nearly), false);
    }),
    { seed: 3, numRuns: 200 },
  );
});
