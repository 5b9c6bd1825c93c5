import assert from "node:assert/strict";
import { test } from "node:test";
import { readCalendar } from "./parse.ts";

const at = (text: string) => Temporal.Instant.from(text);
const range = { from: at("2026-11-01T00:00Z"), to: at("2027-06-01T00:00Z") };

/** What Paris makes of a calendar: "from to summary" each. */
const read = (...lines: string[]): string[] =>
  readCalendar(["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR"].join("\r\n"), {
    timeZone: "Europe/Paris",
    range,
  }).map(({ from, to, summary }) => `${from} ${to} ${summary}`);
const event = (uid: string, ...lines: string[]) => ["BEGIN:VEVENT", `UID:${uid}`, ...lines, "END:VEVENT"];

test("whole days are days of the person's own clock, the last one not included, also one without an end", () => {
  assert.deepEqual(
    read(...event("a", "DTSTART;VALUE=DATE:20270327", "DTEND;VALUE=DATE:20270329", "SUMMARY:Easter")),
    ["2027-03-26T23:00:00Z 2027-03-28T22:00:00Z Easter"],
  );
  assert.deepEqual(read(...event("a", "DTSTART;VALUE=DATE:20261224", "SUMMARY:Eve")), [
    "2026-12-23T23:00:00Z 2026-12-24T23:00:00Z Eve",
  ]);
});

test("times are in UTC, in a zone by its name, in the calendar's own zone, or in the person's", () => {
  const own = [
    ...["BEGIN:VTIMEZONE", "TZID:Our office", "BEGIN:STANDARD", "DTSTART:19700101T000000"],
    ...["TZOFFSETFROM:+0530", "TZOFFSETTO:+0530", "END:STANDARD", "END:VTIMEZONE"],
  ];
  assert.deepEqual(
    read(
      ...own,
      ...event("u", "DTSTART:20261201T080000Z", "DTEND:20261201T090000Z", "SUMMARY:utc"),
      ...event("p", "DTSTART:20261202T080000", "DURATION:PT2H", "SUMMARY:person"),
      ...event("n", "DTSTART;TZID=America/New_York:20261203T080000", "DURATION:PT1H", "SUMMARY:named"),
      ...event("o", "DTSTART;TZID=Our office:20261204T080000", "DURATION:PT1H", "SUMMARY:own"),
    ),
    [
      "2026-12-01T08:00:00Z 2026-12-01T09:00:00Z utc",
      "2026-12-02T07:00:00Z 2026-12-02T09:00:00Z person",
      "2026-12-03T13:00:00Z 2026-12-03T14:00:00Z named",
      "2026-12-04T02:30:00Z 2026-12-04T03:30:00Z own",
    ],
  );
});

test("what recurs is worked out through the change of clocks, less what is excluded, moved or cancelled", () => {
  const zone = "DTSTART;TZID=Europe/Paris";
  assert.deepEqual(
    read(
      ...event(
        "w",
        `${zone}:20270308T090000`,
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=6",
        "SUMMARY:Kita",
        "EXDATE;TZID=Europe/Paris:20270315T090000",
      ),
      ...event(
        "w",
        "RECURRENCE-ID;TZID=Europe/Paris:20270322T090000",
        `${zone}:20270323T100000`,
        "DURATION:PT1H",
        "SUMMARY:Kita, moved",
      ),
      ...event(
        "w",
        "RECURRENCE-ID;TZID=Europe/Paris:20270405T090000",
        `${zone}:20270405T090000`,
        "DURATION:PT1H",
        "STATUS:CANCELLED",
      ),
    ),
    [
      "2027-03-08T08:00:00Z 2027-03-08T09:00:00Z Kita",
      "2027-03-23T09:00:00Z 2027-03-23T10:00:00Z Kita, moved",
      "2027-03-29T07:00:00Z 2027-03-29T08:00:00Z Kita",
      "2027-04-12T07:00:00Z 2027-04-12T08:00:00Z Kita",
    ],
  );
});

test("what is cancelled, over, or has no length is left out", () => {
  assert.deepEqual(
    read(
      ...event("c", "DTSTART:20261201T080000Z", "DTEND:20261201T090000Z", "STATUS:CANCELLED"),
      ...event("o", "DTSTART:20251201T080000Z", "DTEND:20251201T090000Z"),
      ...event("z", "DTSTART:20261201T080000Z", "DTEND:20261201T080000Z"),
    ),
    [],
  );
});

test("what isn't a calendar, or would never end, is refused in words", () => {
  const options = { timeZone: "UTC", range };
  assert.throws(() => readCalendar("<html>", options), /BEGIN:VCALENDAR/);
  assert.throws(() => readCalendar("", options), RangeError);
  assert.throws(
    () =>
      read(...event("s", "DTSTART:20261201T080000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY", "SUMMARY:tick")),
    /recurs in a way/,
  );
});

test("a rule that never comes true again is worked out at once", () => {
  for (const rule of ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=9"])
    assert.deepEqual(
      read(...event("n", "DTSTART:20261201T080000Z", "DURATION:PT1H", `RRULE:${rule}`, "SUMMARY:once")),
      ["2026-12-01T08:00:00Z 2026-12-01T09:00:00Z once"],
    );
});

test("who attends is known by e-mail, in any case; rooms without an address are nobody", () => {
  const calendar = [
    "BEGIN:VCALENDAR",
    ...event("a", "DTSTART:20261201T080000Z", "DURATION:PT1H", "ATTENDEE;CN=Ada:MAILTO:Ada@Example.com"),
    ...event("b", "DTSTART:20261202T080000Z", "DURATION:PT1H", "ATTENDEE;CUTYPE=ROOM:urn:uuid:room-1"),
    "END:VCALENDAR",
  ];
  const spans = readCalendar(calendar.join("\r\n"), { timeZone: "UTC", range });
  assert.deepEqual(
    spans.map((span) => span.attendees),
    [["ada@example.com"], []],
  );
});
