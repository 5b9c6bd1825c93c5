import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { joinSpans } from "../../platform/hours/spans.ts";
import {
  covers,
  currentOf,
  isOn,
  nextChange,
  nextOf,
  occurrences,
  type Recurring,
  type Timing,
  upcoming,
  type Window,
} from "./model.ts";
import { faultInRule } from "./recurrence.ts";

const local = (text: string) => Temporal.PlainDateTime.from(text);
const instant = (text: string) => Temporal.Instant.from(text);
const HOUR_MS = 3_600_000;

const windowOf = (timing: Timing, endedAt: string | null = null): Window => ({
  timing,
  endedAt: endedAt === null ? null : instant(endedAt),
});
const weekly = (more: Partial<Recurring> = {}): Window =>
  windowOf({
    zone: "Europe/Paris",
    starts: local("2026-01-04T02:30"),
    rule: "FREQ=WEEKLY;BYDAY=SU",
    durationMs: HOUR_MS,
    ...more,
  });
const range = (from: string, to: string) => ({ from: instant(from), to: instant(to) });
const shown = (list: readonly { from: Temporal.Instant; to: Temporal.Instant }[]) =>
  list.map(({ from, to }) => `${from} – ${to}`);

test("02:30 every Sunday in Paris is 02:30 there in winter and summer; the skipped one begins an hour later", () => {
  assert.deepEqual(shown(occurrences(weekly(), range("2026-03-20T00:00Z", "2026-04-06T00:00Z"))), [
    "2026-03-22T01:30:00Z – 2026-03-22T02:30:00Z",
    "2026-03-29T01:30:00Z – 2026-03-29T02:30:00Z",
    "2026-04-05T00:30:00Z – 2026-04-05T01:30:00Z",
  ]);
});

test("of the two 02:30 in the night when the clock goes back, the first is meant, and an hour stays an hour", () => {
  const night = occurrences(weekly(), range("2026-10-24T00:00Z", "2026-10-26T00:00Z"));
  assert.deepEqual(shown(night), ["2026-10-25T00:30:00Z – 2026-10-25T01:30:00Z"]);
  assert.equal(isOn(weekly(), instant("2026-10-25T01:29:59.999Z")), true);
  assert.equal(isOn(weekly(), instant("2026-10-25T01:30:00Z")), false, "02:30 for the second time");
});

test("a single window is on from its start up to its end, and afterwards never again", () => {
  const once = windowOf({
    zone: "Europe/Paris",
    starts: local("2026-03-29T02:30"),
    ends: local("2026-03-29T04:00"),
  });
  assert.deepEqual(
    ["01:29:59.999", "01:30", "01:59:59.999", "02:00"].map((time) =>
      isOn(once, instant(`2026-03-29T${time}Z`)),
    ),
    [false, true, true, false],
  );
  assert.equal(String(nextChange(once, instant("2026-03-01T00:00Z"))), "2026-03-29T01:30:00Z");
  assert.equal(String(nextChange(once, instant("2026-03-29T01:30Z"))), "2026-03-29T02:00:00Z");
  assert.equal(nextChange(once, instant("2026-03-29T02:00Z")), undefined);
});

test("ending it now ends what goes on, and the next one comes as planned", () => {
  const ended = windowOf(weekly().timing, "2026-04-05T00:45Z");
  assert.equal(isOn(ended, instant("2026-04-05T00:44Z")), true);
  assert.equal(isOn(ended, instant("2026-04-05T00:45Z")), false);
  assert.equal(String(nextOf(ended, instant("2026-04-05T00:45Z"))?.from), "2026-04-12T00:30:00Z");
});

test("a rule says when it ends, counts, and may mean the last Sunday of a month or several hours a day", () => {
  const starts = (rule: string, count = 9) =>
    upcoming(weekly({ rule }), instant("2026-01-01T00:00Z"), count).map(({ from }) =>
      from.toString().slice(0, 16),
    );
  assert.deepEqual(starts("FREQ=DAILY;COUNT=2"), ["2026-01-04T01:30", "2026-01-05T01:30"]);
  assert.deepEqual(starts("FREQ=DAILY;UNTIL=20260105"), ["2026-01-04T01:30", "2026-01-05T01:30"]);
  // 02:30 in Paris is 01:30 UTC: the end is included, and a minute earlier it is not reached.
  assert.equal(starts("FREQ=DAILY;UNTIL=20260105T013000Z").length, 2);
  assert.equal(starts("FREQ=DAILY;UNTIL=20260105T012900Z").length, 1);
  assert.deepEqual(starts("FREQ=MONTHLY;BYDAY=-1SU", 2), ["2026-01-25T01:30", "2026-02-22T01:30"]);
  assert.deepEqual(starts("RRULE:FREQ=WEEKLY;BYDAY=SU;BYHOUR=2,14", 2), [
    "2026-01-04T01:30",
    "2026-01-04T13:30",
  ]);
  assert.deepEqual(starts("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), [], "a day that never comes");
});

test("what is wrong with a rule is said in words", () => {
  for (const [rule, said] of [
    ["FREQ=HOURLY", /FREQ is DAILY, WEEKLY, MONTHLY or YEARLY/],
    ["FREQ=WEEKLY;BYDAY=XX", /BYDAY is days such as MO,WE/],
    ["FREQ=WEEKLY;FOO=1", /"FOO=1" is no part/],
    ["BYDAY=SU", /needs FREQ/],
    ["FREQ=DAILY;INTERVAL=0", /INTERVAL is a number from 1/],
    ["FREQ=DAILY;COUNT=2;UNTIL=20270101", /by COUNT or by UNTIL/],
    ["FREQ=DAILY\nDTSTART:20260101T000000Z", /FREQ is|no part/],
    ["every Sunday", /no part/],
  ] as const)
    assert.match(faultInRule(rule) ?? "", said, rule);
  assert.equal(faultInRule("RRULE:FREQ=MONTHLY;BYDAY=2TU;WKST=MO"), undefined);
});

test("windows that run into each other are one, until the last of them ends", () => {
  const long = weekly({ rule: "FREQ=DAILY;COUNT=3", durationMs: 24 * HOUR_MS });
  const now = instant("2026-01-04T12:00Z");
  assert.equal(String(currentOf(long, now)?.to), "2026-01-06T01:30:00Z", "as far as is looked ahead");
  assert.equal(isOn(long, instant("2026-01-07T01:29Z")), true);
  assert.equal(isOn(long, instant("2026-01-07T01:30Z")), false);
  assert.deepEqual(shown(joinSpans(occurrences(long, range("2026-01-01T00:00Z", "2026-02-01T00:00Z")))), [
    "2026-01-04T01:30:00Z – 2026-01-07T01:30:00Z",
  ]);
});

test("a window covers what is named in it, and what has all of its labels", () => {
  const scope = {
    everything: false,
    services: ["shop"],
    monitors: ["db"],
    labels: { env: "prod", tier: "1" },
  };
  const subject = { monitor: null, service: null, labels: {} };
  assert.equal(covers(scope, { ...subject, service: "shop" }), true);
  assert.equal(covers(scope, { ...subject, monitor: "db", service: "other" }), true);
  assert.equal(covers(scope, { ...subject, labels: { env: "prod" } }), false);
  assert.equal(covers(scope, { ...subject, labels: { env: "prod", tier: "1", region: "eu" } }), true);
  assert.equal(covers({ ...scope, labels: {} }, subject), false, "no labels are not every label");
  assert.equal(covers({ ...scope, everything: true }, subject), true);
});

const zone = fc.constantFrom(
  "Europe/Paris",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "UTC",
);
const rule = fc.constantFrom(
  "FREQ=DAILY",
  "FREQ=DAILY;INTERVAL=3",
  "FREQ=WEEKLY;BYDAY=SU,WE",
  "FREQ=WEEKLY;INTERVAL=2",
  "FREQ=MONTHLY;BYMONTHDAY=31",
  "FREQ=MONTHLY;BYDAY=-1SU;COUNT=5",
  "FREQ=DAILY;UNTIL=20260401",
);
const anyWindow = fc
  .record({ zone, rule, day: fc.nat(365), minute: fc.nat(1439), hours: fc.integer({ min: 1, max: 60 }) })
  .map(({ day, minute, hours, ...rest }) =>
    weekly({
      ...rest,
      starts: local("2026-01-01T00:00").add({ days: day, minutes: minute }),
      durationMs: hours * HOUR_MS,
    }),
  );
const moment = fc.nat(400 * 24 * 60).map((minutes) => instant("2026-01-01T00:00Z").add({ minutes }));

test("nothing changes before the next change, and there it does or goes on at least a day", () => {
  fc.assert(
    fc.property(anyWindow, moment, fc.double({ min: 0, max: 0.999999, noNaN: true }), (window, now, part) => {
      const on = isOn(window, now);
      const change = nextChange(window, now);
      if (!change) return assert.equal(on, false);
      const waitMs = change.epochMilliseconds - now.epochMilliseconds;
      assert.ok(waitMs > 0);
      assert.equal(isOn(window, now.add({ milliseconds: Math.floor(waitMs * part) })), on);
      assert.ok(isOn(window, change) !== on || waitMs >= 24 * HOUR_MS);
    }),
    { numRuns: 150, seed: 11 },
  );
});

test("at every moment it is on exactly when an occurrence says so, each beginning at the rule's own time of day", () => {
  fc.assert(
    fc.property(anyWindow, moment, (window, now) => {
      const list = occurrences(window, {
        from: now.subtract({ hours: 24 * 5 }),
        to: now.add({ hours: 24 * 5 }),
      });
      const says = list.some(
        ({ from, to }) => Temporal.Instant.compare(from, now) <= 0 && Temporal.Instant.compare(now, to) < 0,
      );
      assert.equal(isOn(window, now), says);
      const { zone, starts } = window.timing;
      for (const { from } of list) {
        const day = from.toZonedDateTimeISO(zone);
        const meant = day.toPlainDate().toZonedDateTime({ timeZone: zone, plainTime: starts.toPlainTime() });
        assert.equal(from.epochMilliseconds, meant.epochMilliseconds);
      }
    }),
    { numRuns: 150, seed: 12 },
  );
});
