import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { HeartbeatConfig } from "../kinds/heartbeat/config.ts";
import {
  durationOf,
  type Facts,
  type Gap,
  NO_FACTS,
  policyOfHeartbeat,
  rescheduled,
  resumed,
  type Signal,
  standingOf,
  take,
} from "./model.ts";

const MIN = 60_000;
const HOUR = 60 * MIN;
const T0 = Temporal.Instant.from("2026-11-23T09:00:00Z").epochMilliseconds;

/** A job's signals, told by minutes after 09:00; then how it stands by minutes. */
function heartbeat(config: HeartbeatConfig, gaps: readonly [from: number, to: number][] = []) {
  const policy = policyOfHeartbeat(config);
  const heard: Gap[] = gaps.map(([from, to]) => ({ from: T0 + from * MIN, to: T0 + to * MIN }));
  let facts: Facts = NO_FACTS;
  const view = (minute: number) => {
    const now = T0 + minute * MIN;
    return { policy, now, gaps: heard.filter(({ from }) => from < now) };
  };
  const at = (minute: number) => standingOf(facts, view(minute));
  return {
    at,
    status: (...minutes: number[]) => minutes.map((minute) => at(minute).status).join(" "),
    due: (minute: number) => ((at(minute).dueAt ?? Number.NaN) - T0) / MIN,
    pause(minute: number) {
      facts = resumed(facts, T0 + minute * MIN);
    },
    reschedule(minute: number) {
      facts = rescheduled(facts, T0 + minute * MIN);
    },
    send(minute: number, kind: Signal["kind"], more: Partial<Signal> = {}) {
      const signal = { kind, at: T0 + minute * MIN, rid: null, exitStatus: null, line: null, ...more };
      const ms = durationOf(facts, signal);
      facts = take(facts, signal, at(minute));
      return ms;
    },
  };
}

test("it is unknown until the first ping, up until a ping is late by more than the grace, and up again with the next", () => {
  const job = heartbeat({ period: "1h", grace: "10m" });
  assert.equal(job.status(0, 10_000), "unknown unknown");
  assert.equal(job.at(0).reason, "waiting for its first ping");
  job.send(0, "success");
  assert.equal(job.status(0, 60, 69.9, 70), "up up up down");
  assert.deepEqual([job.at(65).expectedAt, job.due(65)], [T0 + HOUR, 70]);
  const missed = job.at(200);
  assert.deepEqual([missed.cause, missed.since, missed.dueAt], ["ping:late", T0 + 70 * MIN, null]);
  assert.equal(
    missed.reason,
    "[ping] none since 2026-11-23 09:00:00 UTC, wanted one at 2026-11-23 10:00:00 UTC, 10 min late at the most",
  );
  job.send(200, "success");
  assert.equal(job.status(200, 269, 270), "up up down");
});

test("a reported failure is down at once and stays so until a success; a log changes nothing", () => {
  const job = heartbeat({ period: "1h", grace: "10m" });
  job.send(0, "success");
  job.send(5, "log", { line: "halfway" });
  assert.equal(job.due(5), 70);
  job.send(10, "fail", { exitStatus: 3, line: "disk full" });
  assert.deepEqual([job.at(10).status, job.at(10).reason], ["down", "[exit status] 3, wanted 0: disk full"]);
  assert.equal(job.at(10).cause, "exit:3");
  job.send(20, "start");
  job.send(21, "log");
  assert.equal(job.status(21, 1000), "down down");
  job.send(22, "success");
  assert.equal(job.status(22), "up");
});

test("a run that was started and does not end within the grace is down, also before the first success", () => {
  const job = heartbeat({ period: "1h", grace: "10m" });
  job.send(0, "start");
  assert.equal(job.status(9.9, 10), "unknown down");
  assert.equal(job.at(10).cause, "run:late");
  job.send(15, "start");
  assert.equal(job.status(15, 24), "down down", "another start proves nothing");
  job.send(16, "success");
  assert.equal(job.status(16), "up");
  job.send(74, "start");
  assert.equal(job.due(74), 84, "at 86 minutes the ping would be missed, but the run must end before");
});

test("with a longest run of its own, a run that began in time answers for its turn", () => {
  const job = heartbeat({ period: "1h", grace: "5m", max_runtime: "3h" });
  job.send(0, "success");
  job.send(62, "start");
  assert.equal(job.status(66, 241, 242), "up up down");
  assert.match(job.at(242).reason, /started 2026-11-23 10:02:00 UTC and not ended, wanted its end within 3h/);
  const late = heartbeat({ period: "1h", grace: "5m", max_runtime: "3h" });
  late.send(0, "success");
  late.send(70, "start");
  assert.equal(late.status(70, 100), "down down", "one that began too late does not");
});

test("run ids: a success of another run does not end this one, a failure ends any, and a run has its duration", () => {
  const job = heartbeat({ period: "1h", grace: "10m" });
  assert.equal(job.send(0, "start", { rid: "a" }), null);
  assert.equal(job.send(2, "success", { rid: "b" }), null);
  assert.equal(job.status(10), "down", "run a is still open");
  assert.equal(job.send(4, "success", { rid: "a" }), 4 * MIN);
  assert.equal(job.status(10), "up");
  job.send(20, "start", { rid: "c" });
  assert.equal(job.send(21, "success"), null);
  assert.equal(job.status(31), "up", "a success without an id ends whatever runs");
  job.send(40, "start");
  assert.equal(job.send(40 + 72 * 60, "success"), null, "three days is no duration");
});

test("a ping that may have come while Keepwatch was away is not called missed: unknown until the next is due too", () => {
  const job = heartbeat({ period: "1h", grace: "10m" }, [[62, 64]]);
  job.send(0, "success");
  assert.equal(job.status(61, 69, 70, 133, 134), "up up unknown unknown down");
  assert.match(
    job.at(80).reason,
    /could not be reached from 2026-11-23 10:02:00 UTC to 2026-11-23 10:04:00 UTC/,
  );
  assert.equal(job.due(69), 70);
  assert.equal(job.due(70), 134);
  const heard = heartbeat({ period: "1h", grace: "10m" }, [[20, 40]]);
  heard.send(0, "success");
  assert.equal(heard.status(70), "down", "away at a time when no ping was due");
  const long = heartbeat({ period: "1h", grace: "10m" }, [[30, 500]]);
  long.send(0, "success");
  assert.equal(long.status(501, 569, 570), "unknown unknown down");
  const daily = heartbeat({ cron: "0 10 * * *", grace: "10m" }, [[59, 61]]);
  daily.send(0, "success");
  assert.equal(daily.status(69, 70, 24 * 60 + 69, 24 * 60 + 70), "up unknown unknown down");
});

test("a run whose end may have come while Keepwatch was away is not called endless", () => {
  const job = heartbeat({ period: "1h", grace: "10m" }, [[35, 36]]);
  job.send(0, "success");
  job.send(30, "start");
  assert.equal(job.status(39, 40, 105, 106), "up unknown unknown down");
});

test("down is not forgotten because Keepwatch was away afterwards", () => {
  const job = heartbeat({ period: "1h", grace: "10m" }, [[80, 300]]);
  job.send(0, "success");
  assert.equal(job.status(75, 301), "down down");
});

test("after a pause nothing is held against it from before, and the next ping is expected from then", () => {
  const job = heartbeat({ period: "1h", grace: "10m" });
  job.send(0, "fail");
  job.pause(500);
  assert.equal(job.status(500, 569, 570), "unknown unknown down");
  const never = heartbeat({ period: "1h" });
  never.pause(500);
  assert.equal(never.status(50_000), "unknown");
});

test("another schedule counts from when it was set", () => {
  const job = heartbeat({ period: "1h", grace: "10m" });
  job.send(0, "success");
  job.reschedule(100);
  assert.equal(job.status(100, 169, 170), "up up down");
});

test("a clock that is some seconds ahead does not make a ping the one before", () => {
  const job = heartbeat({ cron: "0 * * * *", grace: "5m" });
  job.send(59.9, "success");
  assert.equal(job.at(60).expectedAt, T0 + 2 * HOUR);
  const every = heartbeat({ on_calendar: "*:*:0/10", grace: "5s" });
  every.send(0.99, "success");
  assert.equal(every.at(1).expectedAt, T0 + MIN);
});

const signals = fc.array(
  fc.record({
    minute: fc.integer({ min: 0, max: 600 }),
    kind: fc.constantFrom("success", "fail", "start", "log" as const),
    rid: fc.constantFrom(null, "a", "b"),
  }),
  { maxLength: 12 },
);
const configs = fc.constantFrom<HeartbeatConfig>(
  { period: "1h", grace: "10m" },
  { period: "30m", grace: "2h" },
  { cron: "*/20 * * * *", grace: "5m" },
  { cron: "0 * * * *", grace: "10m", max_runtime: "90m" },
  { on_calendar: "*:0/45", grace: "7m" },
);

test("between two signals it changes only when it said to look again, and never down before something was due", () => {
  fc.assert(
    fc.property(configs, signals, fc.tuple(fc.nat(500), fc.nat(60)), (config, sent, [from, length]) => {
      const job = heartbeat(config, [[from, from + length]]);
      for (const { minute, kind, rid } of sent.toSorted((a, b) => a.minute - b.minute))
        job.send(minute, kind, { rid });
      const start = Math.max(0, from + length, ...sent.map(({ minute }) => minute));
      let { status, dueAt } = job.at(start);
      for (let minute = start; minute < start + 300; minute++) {
        const now = job.at(minute);
        if (now.status !== status) {
          assert.ok(dueAt !== null && dueAt <= T0 + minute * MIN, `${status} → ${now.status} at ${minute}`);
          assert.notEqual(now.status, "up", "silence proves nothing good");
        }
        if (now.dueAt !== null) assert.ok(now.dueAt > T0 + minute * MIN);
        ({ status, dueAt } = now);
      }
    }),
    { seed: 11, numRuns: 100 },
  );
});

test("time in which nobody listened never turns into down by itself", () => {
  fc.assert(
    fc.property(configs, signals, fc.integer({ min: 1, max: 5000 }), (config, sent, away) => {
      const ordered = sent.filter(({ kind }) => kind !== "fail").toSorted((a, b) => a.minute - b.minute);
      const last = ordered.at(-1)?.minute ?? 0;
      const job = heartbeat(config, [[last + 0.1, last + away]]);
      for (const { minute, kind, rid } of ordered) job.send(minute, kind, { rid });
      const before = job.at(last).status;
      if (before !== "down") assert.notEqual(job.at(last + away).status, "down");
    }),
    { seed: 13, numRuns: 200 },
  );
});
