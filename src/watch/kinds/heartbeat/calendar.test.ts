import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CalendarError, nextOfCalendar, parseCalendar } from "./calendar.ts";

const ms = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const iso = (at: number | null) =>
  at === null ? null : Temporal.Instant.fromEpochMilliseconds(at).toString();

function runs(
  expression: string,
  { from, zone = "UTC", count = 3 }: { from: string; zone?: string; count?: number },
) {
  const calendar = parseCalendar(expression);
  const found: (string | null)[] = [];
  for (let after: number | null = ms(from); after !== null && found.length < count; found.push(iso(after)))
    after = nextOfCalendar(calendar, after, zone);
  return found;
}

test("calendar expressions run when systemd would run them", () => {
  const from = "2026-11-23T09:00:00Z"; // a Monday
  for (const [expression, ...wanted] of [
    ["hourly", "2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z"],
    ["daily", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"],
    ["weekly", "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z"],
    ["monthly", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["quarterly", "2027-01-01T00:00:00Z", "2027-04-01T00:00:00Z"],
    ["semiannually", "2027-01-01T00:00:00Z", "2027-07-01T00:00:00Z"],
    ["yearly", "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"],
    ["*:0/15", "2026-11-23T09:15:00Z", "2026-11-23T09:30:00Z"],
    ["03:00", "2026-11-24T03:00:00Z", "2026-11-25T03:00:00Z"],
    ["Mon..Fri *-*-* 08:30:00", "2026-11-24T08:30:00Z", "2026-11-25T08:30:00Z"],
    ["Sat,sunday 10:00", "2026-11-28T10:00:00Z", "2026-11-29T10:00:00Z"],
    ["Fri", "2026-11-27T00:00:00Z", "2026-12-04T00:00:00Z"],
    ["*-*~1/1", "2026-11-30T00:00:00Z", "2026-12-31T00:00:00Z", "2027-01-31T00:00:00Z"],
    [
      "*-*~10/3",
      "2026-11-24T00:00:00Z",
      "2026-11-27T00:00:00Z",
      "2026-11-30T00:00:00Z",
      "2026-12-22T00:00:00Z",
    ],
    ["*-*~01 23:00", "2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"],
    ["Mon *-05~07/1", "2027-05-31T00:00:00Z", "2028-05-29T00:00:00Z"],
    ["*-02-29 12:00", "2028-02-29T12:00:00Z", "2032-02-29T12:00:00Z"],
    ["12-24..26 06,18:00", "2026-12-24T06:00:00Z", "2026-12-24T18:00:00Z"],
    ["2027-*-01/14 00:00:30", "2027-01-01T00:00:30Z", "2027-01-15T00:00:30Z"],
    ["daily Europe/Paris", "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"],
    ["*-*-* 9..17/2:05 America/New_York", "2026-11-23T14:05:00Z", "2026-11-23T16:05:00Z"],
  ] as const)
    assert.deepEqual(runs(expression, { from, count: wanted.length }), wanted, expression);
});

test("a time that DST skips is no run, one that it repeats is run once, and the day has its own length", () => {
  const zone = "Europe/Paris";
  assert.deepEqual(runs("02:30", { from: "2026-03-28T12:00:00Z", zone }).slice(0, 2), [
    "2026-03-30T00:30:00Z",
    "2026-03-31T00:30:00Z",
  ]);
  assert.deepEqual(runs("02:30", { from: "2026-10-24T12:00:00Z", zone }), [
    "2026-10-25T00:30:00Z",
    "2026-10-26T01:30:00Z",
    "2026-10-27T01:30:00Z",
  ]);
  assert.deepEqual(runs("hourly", { from: "2026-03-29T00:30:00Z", zone, count: 2 }), [
    "2026-03-29T01:00:00Z",
    "2026-03-29T02:00:00Z",
  ]);
});

test("an expression that never comes true has no next run", () => {
  assert.equal(nextOfCalendar(parseCalendar("*-02-30"), ms("2026-01-01T00:00:00Z"), "UTC"), null);
  assert.equal(nextOfCalendar(parseCalendar("2025-01-01"), ms("2026-01-01T00:00:00Z"), "UTC"), null);
});

test("what is no calendar expression is refused with the word that is wrong", () => {
  for (const [expression, pattern] of [
    ["", /write when it runs/],
    ["dayly", /no weekday/],
    ["Mon..Fry 09:00", /“Fry”/],
    ["Sat..Mon", /one by one/],
    ["25:00", /hour is 0 to 23, not 25/],
    ["*-13-01", /month is 1 to 12/],
    ["*-*-01 03:00 Mars/Base", /not a time zone/],
    ["*-*-01 03:00 04:00", /too much/],
    ["*:5..1", /backwards/],
    ["*:0/0", /step/],
    ["*:x", /no minute/],
    ["5", /no date/],
  ] as const)
    assert.throws(
      () => parseCalendar(expression),
      (error) => error instanceof CalendarError && pattern.test(error.message),
      expression,
    );
});

test("the next run is the first minute after now that fits, in every zone", () => {
  const minutes = fc.constantFrom("*", "0", "0/20", "10..15", "59");
  const hours = fc.constantFrom("*", "1..3", "0/6", "2");
  const weekdays = fc.constantFrom("", "Sun ", "Mon..Fri ");
  const zones = fc.constantFrom("UTC", "Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe");
  const from = fc
    .integer({ min: 0, max: 2 * 365 * 24 * 60 })
    .map((n) => ms("2026-01-01T00:00:00Z") + n * 60_000);
  fc.assert(
    fc.property(minutes, hours, weekdays, zones, from, (minute, hour, weekday, zone, after) => {
      const calendar = parseCalendar(`${weekday}*-*-* ${hour}:${minute}`);
      const next = nextOfCalendar(calendar, after, zone);
      assert.ok(next !== null && next > after);
      const fits = (at: number) => {
        const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
        const first = local.toPlainDateTime().toZonedDateTime(zone).epochMilliseconds === at;
        const { weekdays: days, hours: h, minutes: m } = calendar;
        return (
          first && h.includes(local.hour) && m.includes(local.minute) && (!days || days.has(local.dayOfWeek))
        );
      };
      assert.ok(fits(next));
      const looked = Math.min(next, after + 150 * 60_000);
      for (let at = after + 60_000; at < looked; at += 60_000) assert.ok(!fits(at), iso(at) ?? "");
    }),
    { seed: 7, numRuns: 100 },
  );
});
