import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Duty, type LoadInput, loads } from "./load.ts";
import { quality } from "./quality.ts";

const ms = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const HOUR = 3_600_000;
const duty = (user: string, from: string, to: string, schedule = "s"): Duty => ({
  ...{ user, schedule, from: ms(from), to: ms(to) },
});

function load(duties: Duty[], more: Partial<LoadInput> = {}) {
  const range = { from: ms("2026-11-02T00:00Z"), to: ms("2026-12-28T00:00Z") };
  const zones = new Map([["ada", "Europe/Paris"]]);
  const all = { range, now: range.to, duties, pages: [], zones, holidays: new Map(), ...more };
  return loads(all).get("ada")!;
}

test("a week from Monday nine to Monday nine is 168 hours, 7 nights and a whole weekend", () => {
  const week = load([duty("ada", "2026-11-09T08:00Z", "2026-11-16T08:00Z")]);
  assert.equal(week.onCallMs, 168 * HOUR);
  assert.deepEqual([week.nights, week.nightMs], [7, 63 * HOUR]);
  assert.equal(week.weekendMs, 48 * HOUR);
  assert.deepEqual([week.shifts, week.points], [1, 168 + 63 + 48]);
});

test("nights are those of the person's own clock, not of the schedule's", () => {
  const day = [duty("ada", "2026-11-10T08:00Z", "2026-11-10T16:00Z")];
  assert.equal(load(day).nights, 0);
  const zones = new Map([["ada", "Australia/Sydney"]]);
  const far = load(day, { zones });
  assert.deepEqual([far.nights, far.nightMs], [1, 5 * HOUR], "19:00 to 03:00 in Sydney");
});

test("the night on which the clocks go back has ten hours", () => {
  const range = { from: ms("2026-10-24T00:00Z"), to: ms("2026-10-26T00:00Z") };
  const night = load([duty("ada", "2026-10-24T18:00Z", "2026-10-25T08:00Z")], { range });
  assert.deepEqual([night.nights, night.nightMs], [1, 10 * HOUR]);
});

test("a hand-off half an hour into the night is no night", () => {
  const late = load([duty("ada", "2026-11-10T08:00Z", "2026-11-10T21:30Z")]);
  assert.deepEqual([late.nights, late.nightMs], [0, HOUR / 2]);
});

test("two schedules at once count once, and are two shifts", () => {
  const both = load([
    duty("ada", "2026-11-10T08:00Z", "2026-11-10T16:00Z", "a"),
    duty("ada", "2026-11-10T12:00Z", "2026-11-10T20:00Z", "b"),
  ]);
  assert.deepEqual([both.onCallMs, both.shifts], [12 * HOUR, 2]);
});

test("a holiday counts where the schedule's list names it, and only what falls on the person's own day", () => {
  const holidays = new Map([["s", ["2026-12-25"]]]);
  const shift = ["2026-12-24T22:00Z", "2026-12-25T11:00Z"] as const;
  const named = load([duty("ada", ...shift)], { holidays });
  assert.deepEqual([named.holidays, named.holidayMs], [1, 12 * HOUR], "from midnight in Paris");
  assert.equal(load([duty("ada", ...shift, "other")], { holidays }).holidays, 0);
});

test("pages are counted, those at night apart, and an answer at night is an interruption", () => {
  const page = (at: string, answered: string | null) => ({
    ...{ user: "ada", at: ms(at), answeredAt: answered === null ? null : ms(answered) },
  });
  const found = load([], {
    pages: [
      page("2026-11-10T10:00Z", "2026-11-10T10:01Z"),
      page("2026-11-10T02:00Z", "2026-11-10T02:04Z"),
      page("2026-11-10T03:00Z", null),
      page("2026-11-10T05:59Z", "2026-11-10T06:01Z"),
      page("2026-11-01T02:00Z", "2026-11-01T02:04Z"),
    ],
  });
  assert.deepEqual([found.pages, found.nightPages, found.interruptions], [4, 3, 1]);
});

test("what is still to come is told apart from what was", () => {
  const now = ms("2026-11-10T10:00Z");
  assert.equal(load([duty("ada", "2026-11-10T08:00Z", "2026-11-10T16:00Z")], { now }).plannedMs, 6 * HOUR);
});

test("however a stretch is cut and shared out, the hours, nights and weekends add up to the whole", () => {
  const span = fc.record({ at: fc.nat(50 * 24 * 4), length: fc.integer({ min: 1, max: 14 * 24 * 4 }) });
  const zone = fc.constantFrom("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");
  fc.assert(
    fc.property(span, fc.nat(100), zone, ({ at, length }, share, where) => {
      const quarter = HOUR / 4;
      const from = ms("2026-10-10T00:00Z") + at * quarter;
      const to = from + length * quarter;
      const cut = from + Math.floor(((to - from) * share) / 100);
      const range = { from: ms("2026-10-01T00:00Z"), to: ms("2027-01-01T00:00Z") };
      const zones = new Map([
        ["ada", where],
        ["bo", where],
      ]);
      const split = loads({
        ...{ range, now: from, zones, pages: [], holidays: new Map([["s", ["2026-10-25"]]]) },
        duties: [
          { user: "ada", schedule: "s", from, to: cut },
          { user: "bo", schedule: "s", from: cut, to },
        ],
      });
      const whole = load([{ user: "ada", schedule: "s", from, to }], {
        ...{ range, zones, holidays: new Map([["s", ["2026-10-25"]]]) },
      });
      const [ada, bo] = [split.get("ada")!, split.get("bo")!];
      for (const key of ["onCallMs", "nightMs", "weekendMs", "holidayMs"] as const)
        assert.equal(ada[key] + bo[key], whole[key], key);
      assert.ok(whole.nightMs <= whole.onCallMs && whole.weekendMs <= whole.onCallMs);
    }),
    { numRuns: 60, seed: 11 },
  );
});

test("the quality score is the one that Grafana OnCall gives", () => {
  const whole = { coveredMs: 100, wholeMs: 100 };
  const empty = quality(new Map(), { coveredMs: 0, wholeMs: 100 });
  assert.deepEqual([empty.total, empty.comment], [0, "Schedule is empty"]);
  const even = new Map([
    ["ada", 20],
    ["bo", 21],
  ]);
  assert.equal(quality(even, { coveredMs: 41, wholeMs: 100 }).total, 70, "70.5 goes to the even neighbour");
  assert.equal(quality(even, whole).balance, 100, "95 % alike is alike");
  const uneven = quality(
    new Map([
      ["ada", 30],
      ["bo", 10],
      ["cy", 20],
    ]),
    whole,
  );
  assert.equal(uneven.balance, Math.round(((1 / 3 + 2 / 3 + 1 / 2) / 3) * 100));
  assert.deepEqual(uneven.overloaded, [{ user: "ada", percent: 50 }]);
  assert.equal(quality(new Map([["ada", 5]]), whole).total, 100, "one person alone is balanced");
});
