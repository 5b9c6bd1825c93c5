import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { nextHandOff, onCallAt } from "./on-call.ts";
import { lanes, shifts } from "./shifts.ts";
import { instant, scheduleOf } from "./testing.ts";
import type { Schedule } from "./types.ts";

const at = (schedule: Schedule, text: string) => {
  const { users, until, next } = onCallAt(schedule, instant(text));
  return { users, until: until?.toString() ?? null, next };
};

const weekly = scheduleOf("Europe/Paris", [
  { rotation: "weekly", starts: "2026-11-23T09:00", users: ["ada", "bo"] },
]);

test("it says who, until when, and who then", () => {
  deepEqual(at(weekly, "2026-11-25T00:00Z"), { users: ["ada"], until: "2026-11-30T08:00:00Z", next: ["bo"] });
  deepEqual(at(weekly, "2026-11-30T08:00Z"), { users: ["bo"], until: "2026-12-07T08:00:00Z", next: ["ada"] });
});

test("a hand-off to oneself is no change", () => {
  const schedule = scheduleOf("UTC", [
    { rotation: "daily", starts: "2026-01-05T09:00", users: ["ada", "ada", "bo"] },
  ]);
  deepEqual(at(schedule, "2026-01-05T10:00Z"), {
    users: ["ada"],
    until: "2026-01-07T09:00:00Z",
    next: ["bo"],
  });
});

test("a rotation of one never changes", () => {
  const schedule = scheduleOf("UTC", [{ rotation: "weekly", starts: "2026-01-05T09:00", users: ["ada"] }]);
  deepEqual(at(schedule, "2026-02-01T00:00Z"), { users: ["ada"], until: null, next: [] });
  equal(nextHandOff(schedule, instant("2026-02-01T00:00Z")), null);
});

test("a rotation of one is answered without counting its turns", () => {
  const schedule = scheduleOf("UTC", [{ every: "1s", starts: "2020-01-01T00:00", users: ["ada", "ada"] }]);
  const started = performance.now();
  deepEqual(at(schedule, "2026-02-01T00:00Z"), { users: ["ada"], until: null, next: [] });
  equal(performance.now() - started < 200, true);
});

test("before and in a gap nobody is named", () => {
  const schedule = scheduleOf("UTC", [
    {
      rotation: "weekly",
      starts: "2026-01-05T00:00",
      users: ["ada"],
      only: [{ from: "09:00", to: "18:00" }],
    },
  ]);
  deepEqual(at(schedule, "2026-01-05T12:00Z"), { users: ["ada"], until: "2026-01-05T18:00:00Z", next: [] });
  deepEqual(at(schedule, "2026-01-05T18:00Z"), { users: [], until: "2026-01-06T09:00:00Z", next: ["ada"] });
});

test("a schedule without layers is one gap", () => {
  const empty: Schedule = { versions: [], overrides: [] };
  const day = { from: instant("2026-01-01T00:00Z"), to: instant("2026-01-02T00:00Z") };
  deepEqual(shifts(empty, day.from, day.to), { items: [], gaps: [day] });
  deepEqual(at(empty, "2026-01-01T00:00Z"), { users: [], until: null, next: [] });
});

test("an empty range has neither shifts nor gaps", () => {
  const now = instant("2026-11-25T00:00Z");
  deepEqual(shifts(weekly, now, now), { items: [], gaps: [] });
});

test("lanes show each layer by itself, also where another covers it", () => {
  const definition = {
    time_zone: "UTC",
    layers: [
      { rotation: "weekly", starts: "2026-01-05T00:00", users: ["ada"] },
      {
        rotation: "weekly",
        starts: "2026-01-05T00:00",
        users: ["bo"],
        only: [{ from: "18:00", to: "08:00" }],
      },
    ],
  } as const;
  const drawnLanes = lanes(definition, instant("2026-01-06T00:00Z"), instant("2026-01-07T00:00Z")).map(
    (lane) =>
      lane.map(
        (shift) =>
          `${shift.user}${shift.layer} ${shift.from.toString().slice(11, 16)}-${shift.to.toString().slice(11, 16)}`,
      ),
  );
  deepEqual(drawnLanes, [["ada0 00:00-00:00"], ["bo1 00:00-08:00", "bo1 18:00-00:00"]]);
});

test("ninety days of hourly turns take a few milliseconds", () => {
  const schedule = scheduleOf("America/Chicago", [
    { rotation: "hourly", starts: "2012-01-01T00:30", users: ["ada", "bo", "cy"] },
  ]);
  const from = instant("2026-01-20T00:00Z");
  const to = instant("2026-04-20T00:00Z");
  const took = [1, 2, 3, 4, 5, 6].map(() => {
    const started = performance.now();
    equal(shifts(schedule, from, to).items.length, 2161);
    return performance.now() - started;
  });
  equal(Math.min(...took) < 20, true, `${Math.min(...took)} ms`);
});
