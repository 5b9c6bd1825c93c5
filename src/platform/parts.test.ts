import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { ManualClock } from "./clock.ts";
import { silentLog } from "./log.ts";
import { type Part, startParts } from "./parts.ts";

/** Parts over a clock that the test moves; `failed` has the names of those that failed. */
function running(...parts: Part[]) {
  const clock = new ManualClock("2026-11-23T09:00:00Z");
  const failed: string[] = [];
  const started = startParts(parts, { clock, log: silentLog, onFailure: (name) => failed.push(name) });
  return {
    failed,
    states: () =>
      started.states().map(({ name, lastRun, lastError }) => [name, lastRun && String(lastRun), lastError]),
    stop: () => started.stop(),
    async pass(ms: number) {
      clock.advance(ms);
      for (let n = 0; n < 5; n++) await turn();
    },
  };
}

const part = (name: string, run: Part["run"], more: Partial<Part> = {}): Part => ({
  ...{ name, everyMs: 60_000, limitMs: 10_000, run },
  ...more,
});

test("a part runs soon after the start and then every so often, until it is stopped", async () => {
  let runs = 0;
  const r = running(part("roll-ups", async () => void runs++));
  await r.pass(1_000);
  assert.equal(runs, 1);
  await r.pass(59_000);
  assert.equal(runs, 1);
  await r.pass(1_000);
  assert.equal(runs, 2);
  assert.deepEqual(r.states(), [["roll-ups", "2026-11-23T09:01:01Z", null]]);
  await r.stop();
  await r.pass(600_000);
  assert.equal(runs, 2);
});

test("a part that fails is reported by its name, runs again, and stops no other", async () => {
  let tries = 0;
  let runs = 0;
  const r = running(
    part("backup", async () => {
      tries += 1;
      if (tries === 1) throw new Error("the disk is full");
    }),
    part("retention", async () => void runs++),
  );
  await r.pass(1_000);
  assert.deepEqual(r.failed, ["backup"]);
  assert.deepEqual(r.states(), [
    ["backup", null, "the disk is full"],
    ["retention", "2026-11-23T09:00:01Z", null],
  ]);
  await r.pass(60_000);
  assert.deepEqual([tries, runs], [2, 2]);
  assert.equal(r.states()[0]?.[2], null, "what works again has no error");
  await r.stop();
});

test("a part that takes too long is told to stop and reported; the others don't wait for it", async () => {
  let told = false;
  const r = running(
    part("stuck", (signal) => new Promise(() => signal.addEventListener("abort", () => (told = true))), {
      limitMs: 20,
    }),
  );
  await r.pass(1_000);
  // The limit is by the real clock: a part that hangs hangs whatever time the test says it is.
  await new Promise((done) => setTimeout(done, 60));
  assert.deepEqual([told, r.failed], [true, ["stuck"]]);
  assert.equal(r.states()[0]?.[2], "stuck took longer than 20 ms");
  await r.stop();
});
