import assert from "node:assert/strict";
import { test } from "node:test";
import { describeHeartbeat, graceMsOf, heartbeatConfig } from "./config.ts";
import { nextRuns, scheduleOf } from "./schedule.ts";

test("a heartbeat has one schedule, and what is wrong with it is said at its field", () => {
  for (const [config, path, pattern] of [
    [{}, "period", /say when pings are expected/],
    [{ period: "1h", cron: "0 3 * * *" }, "period", /not several/],
    [{ period: "soon" }, "period", /duration/],
    [{ period: "500ms" }, "period", /shortest/],
    [{ cron: "0 3 * *" }, "cron", /five fields/],
    [{ cron: "61 3 * * *" }, "cron", /minute: 61/],
    [{ cron: "0 0 30 2 *" }, "cron", /never run/],
    [{ on_calendar: "Fry" }, "on_calendar", /weekday/],
    [{ on_calendar: "*-02-30" }, "on_calendar", /never run/],
    [{ cron: "0 3 * * *", time_zone: "+02:00" }, "time_zone", /IANA/],
    [{ period: "1h", time_zone: "UTC" }, "time_zone", /no time zone/],
    [{ on_calendar: "daily UTC", time_zone: "UTC" }, "time_zone", /its own/],
    [{ period: "1h", uuid: "abc" }, "uuid", /36 characters/],
    [{ period: "1h", token: "a b" }, "token", /16 to 64/],
  ] as const) {
    const [issue] = heartbeatConfig.safeParse(config).error?.issues ?? [];
    assert.equal(issue?.path.join("."), path, JSON.stringify(config));
    assert.match(issue.message, pattern);
  }
});

test("a heartbeat is told in a sentence, with the grace it has when none is written", () => {
  assert.equal(describeHeartbeat({ period: "90m" }), "Expects a ping every 90m, 5 min late at the most.");
  assert.equal(graceMsOf({ period: "30s" }), 30_000);
  assert.equal(
    describeHeartbeat({ cron: "0 3 * * *", time_zone: "Europe/Paris", grace: "1h", max_runtime: "2h" }),
    "Expects a ping as cron has it: 0 3 * * * (Europe/Paris), 1 h late at the most, and a run to take 2 h at the most.",
  );
  assert.match(
    describeHeartbeat({ on_calendar: "daily Europe/Paris" }),
    /on calendar daily Europe\/Paris, 5 min/,
  );
});

test("a cron expression follows the wall clock of its zone through DST", () => {
  const from = Temporal.Instant.from("2026-10-24T12:00:00Z").epochMilliseconds;
  const runs = nextRuns(scheduleOf({ cron: "30 3 * * *", time_zone: "Europe/Paris" }), from, 2);
  assert.deepEqual(
    runs.map((at) => Temporal.Instant.fromEpochMilliseconds(at).toString()),
    ["2026-10-25T02:30:00Z", "2026-10-26T02:30:00Z"],
  );
});
