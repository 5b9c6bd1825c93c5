import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { beginsAt, coversEverything, endsAt, isWithin, type WeekHours } from "./week.ts";

const at = (text: string) => Temporal.Instant.from(text);
const OFFICE: WeekHours = {
  timeZone: "Europe/Paris",
  hours: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" }],
};
const NIGHT: WeekHours = { timeZone: "Europe/Paris", hours: [{ from: "22:00", to: "07:00" }] };

test("office hours begin at nine on the wall clock, in winter and in summer", () => {
  equal(beginsAt(OFFICE, at("2026-11-20T17:00:00Z"))?.toString(), "2026-11-23T08:00:00Z");
  equal(beginsAt(OFFICE, at("2026-07-03T16:00:00Z"))?.toString(), "2026-07-06T07:00:00Z");
  equal(beginsAt(OFFICE, at("2026-11-23T08:00:00Z")), null);
  equal(beginsAt(OFFICE, at("2026-11-23T07:59:59.999Z"))?.toString(), "2026-11-23T08:00:00Z");
});

test("their end is outside, their beginning within", () => {
  deepEqual(
    ["2026-11-23T07:59:59Z", "2026-11-23T08:00:00Z", "2026-11-23T16:59:59Z", "2026-11-23T17:00:00Z"].map(
      (text) => isWithin(OFFICE, at(text)),
    ),
    [false, true, true, false],
  );
});

test("on a holiday no hours begin; those of the evening before go on", () => {
  const hours = { ...OFFICE, except: ["2026-12-25"] };
  equal(beginsAt(hours, at("2026-12-24T18:00:00Z"))?.toString(), "2026-12-28T08:00:00Z");
  const nights = { ...NIGHT, except: ["2026-12-25"] };
  equal(isWithin(nights, at("2026-12-25T04:00:00Z")), true);
  equal(isWithin(nights, at("2026-12-25T23:00:00Z")), false);
});

test("the night ends at seven, also when an hour of it is skipped or repeated", () => {
  equal(endsAt(NIGHT, at("2026-11-23T23:00:00Z"))?.toString(), "2026-11-24T06:00:00Z");
  equal(endsAt(NIGHT, at("2026-03-29T00:30:00Z"))?.toString(), "2026-03-29T05:00:00Z");
  equal(endsAt(NIGHT, at("2026-10-25T00:30:00Z"))?.toString(), "2026-10-25T06:00:00Z");
  equal(endsAt(NIGHT, at("2026-11-23T12:00:00Z")), null);
});

test("hours that leave no time are known for that, and are not waited for", () => {
  const always = [{ days: ["mon", "tue", "wed"] as const }, { days: ["thu", "fri", "sat", "sun"] as const }];
  equal(coversEverything(always), true);
  equal(coversEverything(NIGHT.hours), false);
  equal(endsAt({ timeZone: "UTC", hours: always }, at("2026-11-23T12:00:00Z")), null);
});
