import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { usersOnCall } from "./on-call.ts";
import { drawn, instant, scheduleOf } from "./testing.ts";
import type { Restriction, Weekday } from "./types.ts";

const WORKING: Weekday[] = ["mon", "tue", "wed", "thu", "fri"];
const ada = (only: Restriction[], zone = "UTC") =>
  scheduleOf(zone, [{ rotation: "weekly", starts: "2026-01-01T00:00", users: ["ada"], only }]);

// 2026-01-05 is a Monday.
for (const [claim, only, expected] of [
  [
    "Monday 08:00 to 20:00 begins at 08:00 and is over at 20:00",
    [{ days: ["mon"], from: "08:00", to: "20:00" }],
    ["ada 2026-01-05T08:00 2026-01-05T20:00"],
  ],
  [
    "hours that cross midnight belong to the day on which they begin",
    [{ days: ["mon"], from: "22:00", to: "06:00" }],
    ["ada 2026-01-05T22:00 2026-01-06T06:00"],
  ],
  [
    "from 08:00 to 08:00 on working days is one stretch from Monday to Saturday",
    [{ days: WORKING, from: "08:00", to: "08:00" }],
    ["ada 2026-01-05T08:00 2026-01-10T08:00"],
  ],
  [
    "from 08:00 to 08:00 on Monday and Tuesday lasts until Wednesday",
    [{ days: ["mon", "tue"], from: "08:00", to: "08:00" }],
    ["ada 2026-01-05T08:00 2026-01-07T08:00"],
  ],
  ["whole days need no times", [{ days: ["sat"] }], ["ada 2026-01-10T00:00 2026-01-11T00:00"]],
  [
    "every day around the clock is always",
    [{ from: "08:00", to: "08:00" }],
    ["ada 2026-01-05T00:00 2026-01-12T00:00"],
  ],
  ["no days is never", [{ days: [], from: "08:00", to: "20:00" }], []],
  [
    "several restrictions add up, also where they overlap",
    [
      { days: ["mon"], from: "08:00", to: "12:00" },
      { days: ["mon"], from: "10:00", to: "14:00" },
      { days: ["mon"], from: "16:00", to: "17:00" },
    ],
    ["ada 2026-01-05T08:00 2026-01-05T14:00", "ada 2026-01-05T16:00 2026-01-05T17:00"],
  ],
] as const satisfies [string, Restriction[], string[]][])
  test(claim, () =>
    deepEqual(
      drawn(ada(only), "2026-01-05T00:00", "2026-01-12T00:00").filter((line) => !line.startsWith("-")),
      expected,
    ),
  );

test("a restriction is half-open: on at its first instant, off at its last", () => {
  const schedule = ada([{ days: ["mon"], from: "08:00", to: "20:00" }]);
  const on = (time: string) => usersOnCall(schedule, instant(`2026-01-05T${time}Z`)).length === 1;
  deepEqual(["07:59:59.999", "08:00", "09:00", "19:59:59.999", "20:00"].map(on), [
    false,
    true,
    true,
    true,
    false,
  ]);
});

test("hours that began before the range are seen in it", () => {
  const schedule = ada([{ days: ["mon"], from: "09:00", to: "09:00" }]);
  deepEqual(drawn(schedule, "2026-01-06T08:00", "2026-01-06T10:00"), [
    "ada 2026-01-06T08:00 2026-01-06T09:00",
    "- 2026-01-06T09:00 2026-01-06T10:00",
  ]);
});

test("the wall clock decides: 09:00 to 18:00 in Paris is an hour earlier in summer", () => {
  const schedule = ada([{ from: "09:00", to: "18:00" }], "Europe/Paris");
  const on = (at: string) => usersOnCall(schedule, instant(at)).length === 1;
  deepEqual(["2026-03-27T07:30Z", "2026-03-27T08:00Z", "2026-03-30T06:30Z", "2026-03-30T07:00Z"].map(on), [
    false,
    true,
    false,
    true,
  ]);
});

test("on the night the clocks go forward, 02:00 to 04:00 is one hour and 02:30 to 03:15 nothing", () => {
  const zone = "Europe/Paris";
  deepEqual(
    drawn(ada([{ from: "02:00", to: "04:00" }], zone), "2026-03-29T00:00", "2026-03-29T06:00", zone),
    [
      "- 2026-03-29T00:00 2026-03-29T03:00",
      "ada 2026-03-29T03:00 2026-03-29T04:00",
      "- 2026-03-29T04:00 2026-03-29T06:00",
    ],
  );
  deepEqual(
    drawn(ada([{ from: "02:30", to: "03:15" }], zone), "2026-03-29T00:00", "2026-03-29T06:00", zone),
    ["- 2026-03-29T00:00 2026-03-29T06:00"],
  );
});

test("on the night the clocks go back, hours that end at 02:30 end at the first 02:30", () => {
  const schedule = ada([{ from: "22:00", to: "02:30" }], "Europe/Paris");
  const on = (at: string) => usersOnCall(schedule, instant(at)).length === 1;
  deepEqual(["2026-10-25T00:29Z", "2026-10-25T00:30Z", "2026-10-25T01:15Z"].map(on), [true, false, false]);
});

test("hours of the next layer leave the rest to the layer below", () => {
  const schedule = scheduleOf("UTC", [
    { rotation: "weekly", starts: "2026-01-05T00:00", users: ["ada"] },
    { rotation: "weekly", starts: "2026-01-05T00:00", users: ["bo"], only: [{ from: "18:00", to: "08:00" }] },
  ]);
  deepEqual(drawn(schedule, "2026-01-06T00:00", "2026-01-07T00:00"), [
    "bo 2026-01-06T00:00 2026-01-06T08:00",
    "ada 2026-01-06T08:00 2026-01-06T18:00",
    "bo 2026-01-06T18:00 2026-01-07T00:00",
  ]);
});
