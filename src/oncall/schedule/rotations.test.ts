import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { usersOnCall } from "./on-call.ts";
import { shifts } from "./shifts.ts";
import { drawn, handOffs, instant, scheduleOf } from "./testing.ts";
import type { LayerDefinition } from "./types.ts";

const CHICAGO = "America/Chicago";
const LORD_HOWE = "Australia/Lord_Howe";
const users = ["ada", "bo", "cy"];
/** So many that a turn skipped by the clocks never brings the same person back. */
const many = ["a", "b", "c", "d", "e", "f", "g"];

// A local time that the clocks skip moves forward by the gap; one they repeat means its first occurrence.
for (const [claim, zone, layer, from, to, expected] of [
  [
    "a daily 02:30 hand-off comes at 03:30 on the night 02:30 is skipped",
    CHICAGO,
    { rotation: "daily", starts: "2020-03-01T02:30", users: many },
    "2020-03-07T00:00Z",
    "2020-03-10T00:00Z",
    ["2020-03-07T08:30Z", "2020-03-08T08:30Z", "2020-03-09T07:30Z"],
  ],
  [
    "an hourly turn at half past is two real hours long across the gap, and the skipped one has no length",
    CHICAGO,
    { rotation: "hourly", starts: "2020-03-01T00:30", users: many },
    "2020-03-08T06:00Z",
    "2020-03-08T10:00Z",
    ["2020-03-08T06:30Z", "2020-03-08T07:30Z", "2020-03-08T08:30Z", "2020-03-08T09:30Z"],
  ],
  [
    "on the hour, 02:00 and 03:00 are the same hand-off",
    CHICAGO,
    { rotation: "hourly", starts: "2020-03-01T00:00", users: many },
    "2020-03-08T06:30Z",
    "2020-03-08T10:30Z",
    ["2020-03-08T07:00Z", "2020-03-08T08:00Z", "2020-03-08T09:00Z", "2020-03-08T10:00Z"],
  ],
  [
    "half-hourly turns that the gap pushes past 03:00 have no length",
    CHICAGO,
    { every: "30m", starts: "2020-03-01T00:00", users: many },
    "2020-03-08T07:00Z",
    "2020-03-08T09:10Z",
    ["2020-03-08T07:30Z", "2020-03-08T08:00Z", "2020-03-08T08:30Z", "2020-03-08T09:00Z"],
  ],
  [
    "a hand-off that the gap pushes past a later one gives way to it",
    CHICAGO,
    { every: "45m", starts: "2020-03-08T00:15", users: many },
    "2020-03-08T07:30Z",
    "2020-03-08T09:10Z",
    ["2020-03-08T07:45Z", "2020-03-08T08:15Z", "2020-03-08T09:00Z"],
  ],
  [
    "half-hourly turns pause while 01:00 to 02:00 is repeated",
    CHICAGO,
    { every: "30m", starts: "2020-03-01T00:00", users: many },
    "2020-11-01T05:45Z",
    "2020-11-01T09:10Z",
    ["2020-11-01T06:00Z", "2020-11-01T06:30Z", "2020-11-01T08:00Z", "2020-11-01T08:30Z", "2020-11-01T09:00Z"],
  ],
  [
    "three-hour turns end at 03:00 local when clocks go forward: two real hours",
    CHICAGO,
    { every: "3h", starts: "2017-03-12T00:00", users: many },
    "2017-03-12T06:00Z",
    "2017-03-12T09:00Z",
    ["2017-03-12T08:00Z"],
  ],
  [
    "three-hour turns end at 03:00 local when clocks go back: four real hours",
    CHICAGO,
    { every: "3h", starts: "2017-11-05T00:00", users: many },
    "2017-11-05T05:00Z",
    "2017-11-05T10:00Z",
    ["2017-11-05T09:00Z"],
  ],
  [
    "a weekly turn over the spring change is 167 hours",
    CHICAGO,
    { rotation: "weekly", starts: "2017-03-10T08:00", users: many },
    "2017-03-10T14:00Z",
    "2017-03-18T00:00Z",
    ["2017-03-17T13:00Z"],
  ],
  [
    "a weekly turn over the autumn change is 169 hours",
    CHICAGO,
    { rotation: "weekly", starts: "2017-11-04T08:00", users: many },
    "2017-11-04T13:00Z",
    "2017-11-12T00:00Z",
    ["2017-11-11T14:00Z"],
  ],
  [
    "a daily turn over the spring change is 23 hours",
    CHICAGO,
    { rotation: "daily", starts: "2017-03-11T08:00", users: many },
    "2017-03-11T14:00Z",
    "2017-03-12T20:00Z",
    ["2017-03-12T13:00Z"],
  ],
  [
    "a daily turn over the autumn change is 25 hours",
    CHICAGO,
    { rotation: "daily", starts: "2017-11-04T08:00", users: many },
    "2017-11-04T13:00Z",
    "2017-11-05T20:00Z",
    ["2017-11-05T14:00Z"],
  ],
  [
    "Lord Howe skips half an hour, and 02:15 becomes 02:45",
    LORD_HOWE,
    { rotation: "daily", starts: "2020-10-01T02:15", users: many },
    "2020-10-02T00:00Z",
    "2020-10-05T00:00Z",
    ["2020-10-02T15:45Z", "2020-10-03T15:45Z", "2020-10-04T15:15Z"],
  ],
  [
    "Beirut goes forward at midnight: the day begins at 01:00",
    "Asia/Beirut",
    { rotation: "daily", starts: "2024-03-01T00:00", users: many },
    "2024-03-29T00:00Z",
    "2024-04-01T00:00Z",
    ["2024-03-29T22:00Z", "2024-03-30T22:00Z", "2024-03-31T21:00Z"],
  ],
  [
    "Beirut goes back at midnight: the day before lasts 25 hours",
    "Asia/Beirut",
    { rotation: "daily", starts: "2024-03-01T00:00", users: many },
    "2024-10-25T00:00Z",
    "2024-10-28T00:00Z",
    ["2024-10-25T21:00Z", "2024-10-26T22:00Z", "2024-10-27T22:00Z"],
  ],
  [
    "São Paulo of 2018 went forward at midnight",
    "America/Sao_Paulo",
    { rotation: "daily", starts: "2018-11-01T00:00", users: many },
    "2018-11-03T00:00Z",
    "2018-11-06T00:00Z",
    ["2018-11-03T03:00Z", "2018-11-04T03:00Z", "2018-11-05T02:00Z"],
  ],
  [
    "São Paulo of 2018 went back at midnight, so 23:30 means its first occurrence",
    "America/Sao_Paulo",
    { rotation: "daily", starts: "2018-01-01T23:30", users: many },
    "2018-02-17T00:00Z",
    "2018-02-20T00:00Z",
    ["2018-02-17T01:30Z", "2018-02-18T01:30Z", "2018-02-19T02:30Z"],
  ],
  [
    "Apia skipped 2011-12-30 altogether: its turn has no length",
    "Pacific/Apia",
    { rotation: "daily", starts: "2011-12-26T09:00", users: many },
    "2011-12-28T00:00Z",
    "2012-01-01T00:00Z",
    ["2011-12-28T19:00Z", "2011-12-29T19:00Z", "2011-12-30T19:00Z", "2011-12-31T19:00Z"],
  ],
  [
    "hourly turns in Apia run on from the 29th to the 31st",
    "Pacific/Apia",
    { rotation: "hourly", starts: "2011-12-26T00:00", users: many },
    "2011-12-30T07:30Z",
    "2011-12-30T12:30Z",
    ["2011-12-30T08:00Z", "2011-12-30T09:00Z", "2011-12-30T10:00Z", "2011-12-30T11:00Z", "2011-12-30T12:00Z"],
  ],
] as const satisfies [string, string, LayerDefinition, string, string, string[]][])
  test(claim, () => deepEqual(handOffs(scheduleOf(zone, [layer]), from, to), expected));

test("turns without length keep their numbers: Apia's ring is one place further on the 31st", () => {
  const schedule = scheduleOf("Pacific/Apia", [{ rotation: "daily", starts: "2011-12-26T00:00", users }]);
  // 26 ada, 27 bo, 28 cy, 29 ada, 30 bo (never came), 31 cy.
  deepEqual(drawn(schedule, "2011-12-28T00:00", "2012-01-01T00:00", "Pacific/Apia"), [
    "cy 2011-12-28T00:00 2011-12-29T00:00",
    "ada 2011-12-29T00:00 2011-12-31T00:00",
    "cy 2011-12-31T00:00 2012-01-01T00:00",
  ]);
});

test("a schedule answers for the time before it starts: the ring is read backwards", () => {
  const schedule = scheduleOf("UTC", [{ rotation: "daily", starts: "2018-12-10T00:00", users }]);
  const before = shifts(schedule, instant("2018-12-04T00:00Z"), instant("2018-12-07T00:00Z"));
  deepEqual(before.gaps, []);
  // Turn 0 is ada's, so turn -5 is bo's.
  deepEqual(usersOnCall(schedule, instant("2018-12-05T00:00Z")), ["bo"]);
  deepEqual(usersOnCall(schedule, instant("2018-12-05T00:00Z").subtract({ nanoseconds: 1 })), ["ada"]);
});

for (const [every, starts, at, end] of [
  ["10h", "2020-06-01T03:00", "2020-06-02T09:00Z", "2020-06-02T19:00Z"],
  ["10h", "2020-06-01T03:00", "2020-05-30T21:00Z", "2020-05-31T07:00Z"],
  ["12h", "2017-01-01T00:00", "2017-01-03T06:00Z", "2017-01-03T12:00Z"],
] as const)
  test(`turns of ${every} from ${starts} are counted from it: the one at ${at} ends at ${end}`, () => {
    const schedule = scheduleOf("UTC", [{ every, starts, users }]);
    const [first] = shifts(schedule, instant(at), instant(at).add({ hours: 48 })).items;
    equal(first?.to.toString({ smallestUnit: "minute" }), end);
  });

test("a layer that begins later stays out until then", () => {
  const schedule = scheduleOf("UTC", [
    { rotation: "weekly", starts: "2026-01-05T00:00", users: ["ada"] },
    { rotation: "weekly", starts: "2026-03-02T00:00", users: ["bo"] },
  ]);
  deepEqual(drawn(schedule, "2026-02-20T00:00", "2026-03-10T00:00"), [
    "ada 2026-02-20T00:00 2026-03-02T00:00",
    "bo 2026-03-02T00:00 2026-03-10T00:00",
  ]);
});

test("a layer ends at its `ends`, and the one below shows again", () => {
  const schedule = scheduleOf("UTC", [
    { rotation: "weekly", starts: "2026-01-05T00:00", users: ["ada"] },
    { rotation: "weekly", starts: "2026-01-05T00:00", ends: "2026-01-08T12:00", users: ["bo"] },
  ]);
  deepEqual(drawn(schedule, "2026-01-08T00:00", "2026-01-09T00:00"), [
    "bo 2026-01-08T00:00 2026-01-08T12:00",
    "ada 2026-01-08T12:00 2026-01-09T00:00",
  ]);
});

test("monthly turns from the 31st are clamped to short months and come back to the 31st", () => {
  const schedule = scheduleOf("UTC", [{ rotation: "monthly", starts: "2026-01-31T09:00", users }]);
  deepEqual(handOffs(schedule, "2026-01-31T10:00Z", "2026-08-01T00:00Z"), [
    "2026-02-28T09:00Z",
    "2026-03-31T09:00Z",
    "2026-04-30T09:00Z",
    "2026-05-31T09:00Z",
    "2026-06-30T09:00Z",
    "2026-07-31T09:00Z",
  ]);
});

test("monthly turns from a leap day clamp to February 28th in other years", () => {
  const schedule = scheduleOf("UTC", [{ rotation: "monthly", starts: "2024-02-29T00:00", users }]);
  deepEqual(handOffs(schedule, "2025-02-01T00:00Z", "2025-04-01T00:00Z"), [
    "2025-02-28T00:00Z",
    "2025-03-29T00:00Z",
  ]);
  deepEqual(usersOnCall(schedule, instant("2025-02-28T00:00Z")), ["ada"]);
});

test("monthly on working days: whoever has the month has its working days", () => {
  const schedule = scheduleOf("UTC", [
    {
      rotation: "monthly",
      starts: "2024-08-01T00:00",
      users: ["ada", "bo"],
      only: [{ days: ["mon", "tue", "wed", "thu", "fri"] }],
    },
  ]);
  deepEqual(drawn(schedule, "2024-08-26T00:00", "2024-09-07T00:00"), [
    "ada 2024-08-26T00:00 2024-08-31T00:00",
    "- 2024-08-31T00:00 2024-09-02T00:00",
    "bo 2024-09-02T00:00 2024-09-07T00:00",
  ]);
});

test("several people can share a turn", () => {
  const schedule = scheduleOf("UTC", [
    { rotation: "daily", starts: "2024-08-26T00:00", users: [["ada", "bo"], "cy"] },
  ]);
  deepEqual(drawn(schedule, "2024-08-26T00:00", "2024-08-29T00:00"), [
    "ada 2024-08-26T00:00 2024-08-27T00:00",
    "bo 2024-08-26T00:00 2024-08-27T00:00",
    "cy 2024-08-27T00:00 2024-08-28T00:00",
    "ada 2024-08-28T00:00 2024-08-29T00:00",
    "bo 2024-08-28T00:00 2024-08-29T00:00",
  ]);
});

test("a vacant seat leaves its turn to nobody and moves nobody else's", () => {
  const ring = scheduleOf("UTC", [
    { rotation: "daily", starts: "2026-01-01T00:00", users: ["ada", null, "cy"] },
  ]);
  deepEqual(drawn(ring, "2026-01-01T00:00", "2026-01-05T00:00"), [
    "ada 2026-01-01T00:00 2026-01-02T00:00",
    "- 2026-01-02T00:00 2026-01-03T00:00",
    "cy 2026-01-03T00:00 2026-01-04T00:00",
    "ada 2026-01-04T00:00 2026-01-05T00:00",
  ]);
});

const weekdays = (days: LayerDefinition["days"], names: string[], every?: string) =>
  scheduleOf("UTC", [
    {
      ...(every ? { every } : { rotation: "daily" as const }),
      starts: "2024-08-05T00:00",
      days,
      users: names,
    },
  ]);

test("with `days`, the ring moves one place per such day, and other days have nobody", () => {
  const schedule = weekdays(["mon", "wed", "fri"], ["ada", "bo"]);
  const days = ["05", "06", "07", "08", "09", "10", "11", "12", "13", "14"];
  deepEqual(
    days.map((day) => usersOnCall(schedule, instant(`2024-08-${day}T12:00Z`)).join() || "-"),
    ["ada", "-", "bo", "-", "ada", "-", "-", "bo", "-", "ada"],
  );
  deepEqual(usersOnCall(schedule, instant("2024-08-02T12:00Z")), ["bo"], "the Friday before is turn -1");
});

test("turns of two working days count working days, over the weekend too", () => {
  const schedule = weekdays(["mon", "tue", "wed", "thu", "fri"], ["a", "b", "c", "d"], "2d");
  const days = ["05", "06", "07", "08", "09", "12", "13", "14", "15", "16"];
  deepEqual(
    days.map((day) => usersOnCall(schedule, instant(`2024-08-${day}T12:00Z`)).join()).join(""),
    "aabbccddaa",
  );
});

test("a layer's own zone decides its hand-offs, whatever the schedule's", () => {
  const schedule = scheduleOf("Europe/Paris", [
    { rotation: "daily", starts: "2026-01-01T09:00", time_zone: "Asia/Tokyo", users },
  ]);
  deepEqual(handOffs(schedule, "2026-01-05T06:00Z", "2026-01-06T06:00Z"), ["2026-01-06T00:00Z"]);
});

test("later layers win where they overlap, and people who share a turn both give way", () => {
  const hours = (users: LayerDefinition["users"], from: string, to: string): LayerDefinition => ({
    every: "1w",
    starts: "2026-01-05T00:00",
    users,
    only: [{ from, to }],
  });
  const day = "2026-01-06";
  deepEqual(
    drawn(
      scheduleOf("UTC", [hours([["a", "b"]], "10:00", "20:00"), hours(["c"], "10:00", "13:00")]),
      `${day}T10:00`,
      `${day}T20:00`,
    ),
    [`c ${day}T10:00 ${day}T13:00`, `a ${day}T13:00 ${day}T20:00`, `b ${day}T13:00 ${day}T20:00`],
  );
  const shared: LayerDefinition = {
    every: "2h",
    starts: `${day}T10:00`,
    ends: `${day}T20:00`,
    users: ["a", ["a", "b"], ["a", "b"], "a", "a"],
  };
  deepEqual(
    drawn(scheduleOf("UTC", [shared, hours(["c"], "15:00", "18:00")]), `${day}T10:00`, `${day}T20:00`),
    [
      `a ${day}T10:00 ${day}T15:00`,
      `b ${day}T12:00 ${day}T15:00`,
      `c ${day}T15:00 ${day}T18:00`,
      `a ${day}T18:00 ${day}T20:00`,
    ],
  );
});

test("the turn of a rotation begun decades ago is found without counting up to it", () => {
  const schedule = scheduleOf(CHICAGO, [{ every: "1s", starts: "1990-01-01T00:00", users }]);
  const started = performance.now();
  equal(usersOnCall(schedule, instant("2026-07-01T12:00:00Z")).length, 1);
  equal(performance.now() - started < 100, true);
});
