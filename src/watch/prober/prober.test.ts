import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { ManualClock, systemClock } from "../../platform/clock.ts";
import { serverThread } from "../fixtures/server-thread.ts";
import { closedPort, httpServer } from "../fixtures/servers.ts";
import { type ProbeResult, type ProberOptions, type ProbeTarget, startProber } from "./prober.ts";

/** A prober whose results can be waited for, stopped when disposed. */
function probing(more: Partial<ProberOptions> = {}) {
  const results: { id: string; result: ProbeResult }[] = [];
  const arrivals = new EventEmitter();
  const prober = startProber({
    clock: systemClock,
    guard: { ownPorts: [7243], allowPrivate: true },
    onResult: (id, result) => {
      results.push({ id, result });
      arrivals.emit("result");
    },
    ...more,
  });
  return {
    prober,
    results,
    async until(done: () => boolean) {
      while (!done()) await once(arrivals, "result");
    },
    [Symbol.asyncDispose]: () => prober.stop(),
  };
}

const target = (id: string, url: string, more: Partial<ProbeTarget> = {}): ProbeTarget => ({
  id,
  kind: "http",
  config: { url },
  everyMs: 3_600_000,
  timeoutMs: 2_000,
  ...more,
});

test("monitors are checked when due, each result with its instants and phases", async () => {
  await using server = await httpServer((_request, response) => response.end("fine"));
  await using p = probing();
  p.prober.set(target("a", server.url, { everyMs: 1_000 }));
  // On a machine that is busy with other tests the prober may doubt its first samples, and rightly.
  await p.until(() => p.results.length >= 2 && p.results.some(({ result }) => result.suspect === null));
  const [first, second] = p.results.map(({ result }) => result);
  const sure = p.results.find(({ result }) => result.suspect === null)?.result;
  assert.deepEqual([sure?.status, sure?.occasion], ["up", "due"]);
  const apartMs = (second?.at ?? 0) - (first?.at ?? 0);
  assert.ok(apartMs > 800 && apartMs < 1_200, `${apartMs} ms apart`);
  assert.ok((first?.endedAt ?? 0) >= (first?.at ?? 0));
  const { planned, onTime, skipped } = p.prober.coverage();
  assert.ok(
    planned >= 2 && onTime >= 1 && skipped === 0,
    `${onTime} of ${planned} on time, ${skipped} skipped`,
  );
});

test("a second look comes at once when asked for, dated by the clock that was handed in", async () => {
  const clock = new ManualClock("2030-01-01T00:00:00Z");
  const port = await closedPort();
  await using p = probing({ clock });
  p.prober.set(target("a", `http://127.0.0.1:${port}/`));
  p.prober.recheckAt("a", clock.now().epochMilliseconds);
  await p.until(() => p.results.length === 1);
  const result = p.results[0]?.result;
  assert.deepEqual([result?.cause, result?.occasion, result?.hard], ["refused", "recheck", true]);
  const agoMs = clock.now().epochMilliseconds - (result?.at ?? 0);
  assert.ok(agoMs >= 0 && agoMs < 1_000, `${agoMs} ms ago`);
  assert.deepEqual([result?.evidence?.location, typeof result?.evidence?.loop_lag_ms], ["local", "number"]);
});

test("somebody who asks gets one check with all its evidence, of a target that was never set", async () => {
  await using server = await httpServer((_request, response) => response.end("fine"));
  await using p = probing({ location: "attic" });
  const result = await p.prober.checkNow(target("trial", server.url));
  assert.deepEqual([result.status, result.occasion, result.evidence?.body], ["up", "asked", "fine"]);
  assert.equal(result.evidence?.location, "attic");
  const own = await p.prober.checkNow(target("own", "http://127.0.0.1:7243/"));
  assert.deepEqual([own.status, own.cause], ["unknown", "guard"]);
  assert.equal(p.results.length, 0);
});

test("a monitor set again as it was keeps the second look it waits for", async () => {
  await using server = await httpServer((_request, response) => response.end("fine"));
  await using p = probing();
  p.prober.set(target("a", server.url));
  p.prober.recheckAt("a", systemClock.now().epochMilliseconds + 50);
  p.prober.set(target("a", server.url));
  await p.until(() => p.results.length === 1);
  assert.equal(p.results[0]?.result.occasion, "recheck");
});

test("a removed monitor gives no more results", async () => {
  await using server = await httpServer((_request, response) => response.end("fine"));
  await using p = probing();
  p.prober.set(target("a", server.url));
  p.prober.set(target("b", server.url));
  p.prober.recheckAt("a", 0);
  p.prober.remove("a");
  p.prober.recheckAt("b", 0);
  await p.until(() => p.results.length === 1);
  await p.prober.checkNow(target("later", server.url));
  assert.deepEqual(
    p.results.map(({ id }) => id),
    ["b"],
  );
});

test("a main thread held up for 1.2 s turns no healthy answer into a time-out", async () => {
  await using server = await serverThread();
  await using p = probing({ limits: { total: 64, perHost: 64 } });
  await p.prober.checkNow(target("warm", server.url));
  const ids = Array.from({ length: 40 }, (_, i) => `m${i}`);
  for (const id of ids) p.prober.set(target(id, `${server.url}/?ms=100`, { timeoutMs: 600 }));
  for (const [i, id] of ids.entries())
    p.prober.recheckAt(id, systemClock.now().epochMilliseconds + 100 + i * 20);
  const untilMs = performance.now() + 1_200;
  while (performance.now() < untilMs);
  await p.until(() => p.results.length === ids.length);
  for (const { result } of p.results) {
    assert.equal(result.status, "up", result.reason);
    assert.ok((result.timings.total ?? 0) < 500, `took ${result.timings.total} ms`);
  }
});

test("a worker that dies is started again with all its monitors, and said so", async () => {
  await using server = await httpServer((_request, response) => response.end("fine"));
  const faults: string[] = [];
  await using p = probing({
    workerUrl: new URL("./crashing-worker.fixture.ts", import.meta.url),
    onFault: (error) => faults.push(error.message),
  });
  p.prober.set(target("a", server.url, { everyMs: 1_000 }));
  const lost = await p.prober.checkNow(target("x", server.url, { kind: "crash" }));
  assert.deepEqual([lost.status, lost.cause], ["unknown", "own:prober"]);
  assert.deepEqual(faults, ["crashed as asked"]);
  const answered = await p.prober.checkNow(target("y", server.url));
  assert.equal(answered.status, "up", "asked while there was no worker");
  await p.until(() => p.results.length >= 1);
  assert.equal(p.results[0]?.id, "a");
});

test("a kind of a newer version, and a configuration of an older one, are unknown and harm nobody", async () => {
  await using p = probing();
  const strange = await p.prober.checkNow(target("x", "http://127.0.0.1/", { kind: "gopher" }));
  assert.deepEqual(
    [strange.status, strange.reason],
    ["unknown", "[unknown] this version does not know the kind “gopher”"],
  );
  const broken = await p.prober.checkNow(target("x", "", { config: { url: "no url" } }));
  assert.deepEqual([broken.status, broken.cause], ["unknown", "own:bug"]);
});

test("who waits for a check when the prober stops is answered", async () => {
  await using server = await httpServer(() => {});
  const { prober } = probing();
  const waiting = prober.checkNow(target("a", server.url));
  await prober.stop();
  assert.equal((await waiting).reason, "[unknown] the prober is shutting down");
});
