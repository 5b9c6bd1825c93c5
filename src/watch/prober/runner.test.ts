import assert from "node:assert/strict";
import { test } from "node:test";
import { httpServer } from "../fixtures/servers.ts";
import { contextWith } from "../kinds/base/context.fixture.ts";
import { LoopLag } from "./loop-lag.ts";
import { monotonicMs } from "./monotonic.ts";
import type { ProbeTarget } from "./protocol.ts";
import { runCheck } from "./runner.ts";

const holdUp = (ms: number) => {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
};

const options = (jumped = false) => ({
  shared: contextWith({ monotonicMs }),
  lag: new LoopLag(monotonicMs),
  timeline: { jumpedSince: () => jumped },
  location: "local",
});

const target = (url: string): ProbeTarget => ({
  id: "a",
  kind: "http",
  config: { url },
  everyMs: 60_000,
  timeoutMs: 2_000,
});

test("a sample taken while our own loop was held up is marked, with the lag as evidence", async () => {
  await using server = await httpServer((_request, response) => {
    setTimeout(() => response.writeHead(500).end(), 80);
  });
  const pending = runCheck(target(server.url), "due", options());
  setTimeout(() => holdUp(250), 20);
  const report = await pending;
  assert.match(report.suspect ?? "", /^the prober's own loop was held up for \d+ ms$/);
  assert.ok((report.result.evidence?.loop_lag_ms ?? 0) > 100);
  assert.equal(report.result.status, "down", "what was seen is kept; the judge counts it as unknown");
});

test("a calm loop leaves no mark, and what happened before the check doesn't count", async () => {
  await using server = await httpServer((_request, response) => {
    setTimeout(() => response.end(), 60);
  });
  const calm = options();
  const before = calm.lag.watch();
  holdUp(200);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal((await runCheck(target(server.url), "due", calm)).suspect, null);
  assert.ok(before() > 100);
});

test("a sample that spans a clock jump or a suspend is marked", async () => {
  await using server = await httpServer((_request, response) => response.end());
  const report = await runCheck(target(server.url), "due", options(true));
  assert.equal(report.suspect, "the clock jumped or the machine slept during the check");
});
