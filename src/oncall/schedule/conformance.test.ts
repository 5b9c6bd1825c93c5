/**
 * What schedulers are asked to get right, a test per case: the cases that others' test suites hold to, and the traps
 * that none of them test. In a gap of the clocks the answers are RFC 5545's: a skipped time moves forward by the gap.
 */
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { checkSchedule } from "./check.ts";
import { usersOnCall } from "./on-call.ts";
import { drawn, handOffs, instant, scheduleOf } from "./testing.ts";
import type { LayerDefinition, OverrideDefinition, Restriction, Schedule, Seat, Weekday } from "./types.ts";
import { withVersion } from "./versions.ts";

const CHICAGO = "America/Chicago";
const WORKING: Weekday[] = ["mon", "tue", "wed", "thu", "fri"];
const many = ["a", "b", "c", "d", "e", "f", "g"];
type Turn = Partial<Pick<LayerDefinition, "rotation" | "every" | "days" | "only" | "ends">>;

const ring = (turn: Turn, starts: string, users: readonly Seat[] = many): LayerDefinition => ({
  ...turn,
  starts,
  users,
});
const on = (schedule: Schedule, at: string): string => usersOnCall(schedule, instant(at)).join() || "-";
/** When the turn that is on at an instant ends: everybody has one turn only in a while. */
const endOfTurn = (schedule: Schedule, at: string): string | undefined =>
  handOffs(
    schedule,
    at,
    instant(at)
      .add({ hours: 24 * 8 })
      .toString(),
  )[0];

/** Rotations: zone, turn, range, hand-offs in it. */
const rotations: [string, string, LayerDefinition, [string, string], string[]][] = [
  [
    "daily at 02:30 when 02:30 is skipped",
    CHICAGO,
    ring({ rotation: "daily" }, "2020-03-01T02:30"),
    ["2020-03-07T00:00Z", "2020-03-10T00:00Z"],
    ["2020-03-07T08:30Z", "2020-03-08T08:30Z", "2020-03-09T07:30Z"],
  ],
  [
    "hourly at half past when 02:30 is skipped",
    CHICAGO,
    ring({ rotation: "hourly" }, "2020-03-08T00:30"),
    ["2020-03-08T06:00Z", "2020-03-08T10:00Z"],
    ["2020-03-08T06:30Z", "2020-03-08T07:30Z", "2020-03-08T08:30Z", "2020-03-08T09:30Z"],
  ],
  [
    "hourly on the hour: 02:00 and 03:00 collapse",
    CHICAGO,
    ring({ rotation: "hourly" }, "2020-03-08T00:00"),
    ["2020-03-08T06:30Z", "2020-03-08T10:30Z"],
    ["2020-03-08T07:00Z", "2020-03-08T08:00Z", "2020-03-08T09:00Z", "2020-03-08T10:00Z"],
  ],
  [
    "Lord Howe, daily at 02:15 when half an hour is skipped",
    "Australia/Lord_Howe",
    ring({ rotation: "daily" }, "2020-10-01T02:15"),
    ["2020-10-02T00:00Z", "2020-10-05T00:00Z"],
    ["2020-10-02T15:45Z", "2020-10-03T15:45Z", "2020-10-04T15:15Z"],
  ],
];
for (const [claim, zone, layer, [from, to], expected] of rotations)
  test(`case: ${claim}`, () => deepEqual(handOffs(scheduleOf(zone, [layer]), from, to), expected));

/** The turn that is on at an instant, and how many real hours later it ends. */
const lengths: [string, Turn, string, string, number][] = [
  ["three hours over the spring change are two", { every: "3h" }, "2017-03-12T00:00", "2017-03-12T06:00Z", 2],
  [
    "three hours over the autumn change are four",
    { every: "3h" },
    "2017-11-05T00:00",
    "2017-11-05T05:00Z",
    4,
  ],
  ["a week over the spring change", { rotation: "weekly" }, "2017-03-10T08:00", "2017-03-10T14:00Z", 167],
  ["a week over the autumn change", { rotation: "weekly" }, "2017-11-04T08:00", "2017-11-04T13:00Z", 169],
  ["a day over the spring change", { rotation: "daily" }, "2017-03-11T08:00", "2017-03-11T14:00Z", 23],
  ["a day over the autumn change", { rotation: "daily" }, "2017-11-04T08:00", "2017-11-04T13:00Z", 25],
];
for (const [claim, turn, starts, at, hours] of lengths)
  test(`case: ${claim}, ${hours} real hours`, () => {
    const ends = instant(at).add({ hours }).toString({ smallestUnit: "minute" });
    equal(endOfTurn(scheduleOf(CHICAGO, [ring(turn, starts)]), at), ends);
  });

test("case: asked about a time before it starts, a rotation is read backwards", () => {
  const schedule = scheduleOf("UTC", [ring({ rotation: "daily" }, "2018-12-10T00:00")]);
  const before = instant("2018-12-05T00:00Z").subtract({ nanoseconds: 1 }).toString();
  equal(endOfTurn(schedule, "2018-12-05T00:00Z"), "2018-12-06T00:00Z");
  deepEqual([on(schedule, "2018-12-04T00:00Z"), on(schedule, before)], ["b", "b"]);
  equal(on(schedule, "2018-12-05T00:00Z"), "c");
});

for (const [every, starts, at, ends] of [
  ["10h", "2020-06-01T03:00", "2020-06-02T09:00Z", "2020-06-02T19:00Z"],
  ["10h", "2020-06-01T03:00", "2020-05-30T21:00Z", "2020-05-31T07:00Z"],
  ["12h", "2017-01-01T00:00", "2017-01-03T06:00Z", "2017-01-03T12:00Z"],
] as const)
  test(`case: turns of ${every} are counted from their start, not from the question: ${at}`, () =>
    equal(endOfTurn(scheduleOf("UTC", [ring({ every }, starts)]), at), ends));

const hours = (only: Restriction, users: readonly Seat[] = ["ada"]): LayerDefinition =>
  ring({ rotation: "weekly", only: [only] }, "2026-01-01T00:00", users);

test("case: Monday 08:00 to 20:00 is on at 08:00 and at 09:00, and off at 20:00", () => {
  const schedule = scheduleOf("UTC", [hours({ days: ["mon"], from: "08:00", to: "20:00" })]);
  deepEqual(
    ["08:00", "09:00", "20:00"].map((time) => on(schedule, `2026-01-05T${time}Z`)),
    ["ada", "ada", "-"],
  );
});

for (const [claim, days, expected] of [
  ["working days 08:00 to 08:00 are one stretch to Saturday", WORKING, "10"],
  ["Monday and Tuesday 08:00 to 08:00 are one stretch to Wednesday", ["mon", "tue"] as Weekday[], "07"],
] as const)
  test(`case: ${claim}`, () => {
    const schedule = scheduleOf("UTC", [hours({ days, from: "08:00", to: "08:00" })]);
    equal(on(schedule, "2026-01-05T07:00Z"), "-");
    deepEqual(drawn(schedule, "2026-01-05T08:00", `2026-01-${expected}T09:00`), [
      `ada 2026-01-05T08:00 2026-01-${expected}T08:00`,
      `- 2026-01-${expected}T08:00 2026-01-${expected}T09:00`,
    ]);
  });

test("case: all days from one time to the same time are always, and no days are never", () => {
  const all = scheduleOf("UTC", [hours({ from: "08:00", to: "08:00" })]);
  deepEqual(drawn(all, "2026-01-05T00:00", "2026-02-05T00:00"), ["ada 2026-01-05T00:00 2026-02-05T00:00"]);
  const none = scheduleOf("UTC", [hours({ days: [], from: "08:00", to: "08:00" })]);
  deepEqual(drawn(none, "2026-01-05T00:00", "2026-02-05T00:00"), ["- 2026-01-05T00:00 2026-02-05T00:00"]);
});

test("case: a replacement for a quarter of an hour splits the shift in three", () => {
  const schedule = scheduleOf(
    "UTC",
    [hours({ from: "08:00", to: "10:00" }, ["foobar"])],
    [{ user: "binbaz", replaces: "foobar", from: "2026-01-06T08:30", to: "2026-01-06T08:45" }],
  );
  deepEqual(drawn(schedule, "2026-01-06T08:00", "2026-01-06T09:00"), [
    "foobar 2026-01-06T08:00 2026-01-06T08:30",
    "binbaz 2026-01-06T08:30 2026-01-06T08:45",
    "foobar 2026-01-06T08:45 2026-01-06T09:00",
  ]);
});

test("case: one joins, one is replaced, one goes, and whoever isn't on call can't go", () => {
  const times = { from: "2026-01-06T08:00", to: "2026-01-06T10:00" };
  const schedule = (overrides: OverrideDefinition[]) =>
    scheduleOf("UTC", [ring({ rotation: "weekly" }, "2026-01-01T00:00", [["rab", "baz", "bin"]])], overrides);
  const all = [
    { user: "foo", adds: true, ...times },
    { user: "bar", replaces: "rab", ...times },
    { removes: "baz", ...times },
  ];
  equal(on(schedule(all), "2026-01-06T09:00Z"), "bar,bin,foo");
  equal(on(schedule([{ removes: "zed", ...times }]), "2026-01-06T09:00Z"), "baz,bin,rab");
});

test("case: two on the lower level both give way to one above, and both come back", () => {
  const schedule = scheduleOf("UTC", [
    hours({ from: "10:00", to: "20:00" }, [["a", "b"]]),
    hours({ from: "10:00", to: "13:00" }, ["c"]),
  ]);
  deepEqual(drawn(schedule, "2026-01-06T10:00", "2026-01-06T20:00"), [
    "c 2026-01-06T10:00 2026-01-06T13:00",
    "a 2026-01-06T13:00 2026-01-06T20:00",
    "b 2026-01-06T13:00 2026-01-06T20:00",
  ]);
});

test("case: two overlap on one level, and one above covers both for a while", () => {
  const at = (hour: number) => `2026-01-06T${hour}:00`;
  const shift = (user: string, from: number, to: number) => ({ user, from: at(from), to: at(to) });
  const layers = [{ shifts: [shift("a", 10, 20), shift("b", 12, 16)] }, { shifts: [shift("c", 15, 18)] }];
  deepEqual(drawn(scheduleOf("UTC", layers), at(10), at(20)), [
    `a ${at(10)} ${at(15)}`,
    `b ${at(12)} ${at(15)}`,
    `c ${at(15)} ${at(18)}`,
    `a ${at(18)} ${at(20)}`,
  ]);
});

test("case: listed shifts of one person that overlap or touch are one shift", () => {
  const at = (hour: number) => `2026-01-06T${hour}:00`;
  const shift = (user: string, from: number, to: number) => ({ user, from: at(from), to: at(to) });
  const shifts = [shift("bar", 11, 14), shift("foo", 11, 18), shift("bar", 13, 15), shift("bar", 15, 16)];
  deepEqual(drawn(scheduleOf("UTC", [{ shifts }]), at(10), at(20)), [
    `- ${at(10)} ${at(11)}`,
    `bar ${at(11)} ${at(16)}`,
    `foo ${at(11)} ${at(18)}`,
    `- ${at(18)} ${at(20)}`,
  ]);
});

const byDay = (schedule: Schedule, from: string, days: number): string =>
  Array.from({ length: days }, (_, i) =>
    on(schedule, Temporal.PlainDate.from(from).add({ days: i }).toString().concat("T12:00Z")).replace(
      ",",
      "",
    ),
  ).join(" ");

for (const [claim, turn, starts, users, expected] of [
  [
    "two take turns on Mondays, Wednesdays and Fridays",
    { rotation: "daily", days: ["mon", "wed", "fri"] },
    "2024-08-05T00:00",
    ["A", "B"],
    "A - B - A - - B - A",
  ],
  [
    "four take turns of two working days",
    { every: "2d", days: WORKING },
    "2024-08-05T00:00",
    ["A", "B", "C", "D"],
    "A A B B C - - C D D A A",
  ],
  [
    "pairs and singles take turns by the day",
    { rotation: "daily" },
    "2024-08-05T00:00",
    [["A", "B"], ["C"]],
    "AB C AB C",
  ],
] as const satisfies [string, Turn, string, Seat[], string][])
  test(`case: ${claim}`, () =>
    equal(
      byDay(scheduleOf("UTC", [ring(turn, starts, users)]), "2024-08-05", expected.split(" ").length),
      expected,
    ));

test("case: by the month on working days, the last days of August are one's and September the next one's", () => {
  const layer = ring({ rotation: "monthly", only: [{ days: WORKING }] }, "2024-08-01T00:00", ["A", "B"]);
  equal(byDay(scheduleOf("UTC", [layer]), "2024-08-26", 8), "A A A A A - - B");
});

test("trap: monthly turns from the 31st end on short months' last day and come back to the 31st", () => {
  const schedule = scheduleOf("UTC", [ring({ rotation: "monthly" }, "2026-01-31T09:00")]);
  deepEqual(handOffs(schedule, "2026-02-01T00:00Z", "2026-06-01T00:00Z"), [
    "2026-02-28T09:00Z",
    "2026-03-31T09:00Z",
    "2026-04-30T09:00Z",
    "2026-05-31T09:00Z",
  ]);
});

for (const [claim, zone, starts, range, expected] of [
  [
    "Beirut skips the first hour of a day",
    "Asia/Beirut",
    "2024-03-01T00:00",
    ["2024-03-30T00:00Z", "2024-04-01T00:00Z"],
    ["2024-03-30T22:00Z", "2024-03-31T21:00Z"],
  ],
  [
    "Beirut repeats the last hour of a day",
    "Asia/Beirut",
    "2024-10-01T00:00",
    ["2024-10-26T00:00Z", "2024-10-28T00:00Z"],
    ["2024-10-26T22:00Z", "2024-10-27T22:00Z"],
  ],
  [
    "São Paulo skipped the first hour of 2018-11-04",
    "America/Sao_Paulo",
    "2018-11-01T00:00",
    ["2018-11-04T00:00Z", "2018-11-06T00:00Z"],
    ["2018-11-04T03:00Z", "2018-11-05T02:00Z"],
  ],
  [
    "Apia had no 2011-12-30",
    "Pacific/Apia",
    "2011-12-26T00:00",
    ["2011-12-29T12:00Z", "2012-01-01T12:00Z"],
    ["2011-12-30T10:00Z", "2011-12-31T10:00Z", "2012-01-01T10:00Z"],
  ],
] as const)
  test(`trap: ${claim}`, () =>
    deepEqual(handOffs(scheduleOf(zone, [ring({ rotation: "daily" }, starts)]), range[0], range[1]), [
      ...expected,
    ]));

test("trap: whole days of hours in Beirut leave no hole where midnight is skipped, and none where it comes twice", () => {
  const schedule = scheduleOf("Asia/Beirut", [hours({ from: "00:00", to: "00:00" })]);
  for (const [from, to] of [
    ["2024-03-30T00:00", "2024-04-02T00:00"],
    ["2024-10-25T00:00", "2024-10-29T00:00"],
  ] as const)
    deepEqual(drawn(schedule, from, to), [`ada ${from} ${to}`]);
});

test("trap: somebody taken out of the ring while on call keeps the turn, and the past stays theirs", () => {
  const before = scheduleOf("UTC", [ring({ rotation: "weekly" }, "2026-01-05T09:00", ["ada", "bo"])]);
  const layers = [ring({ rotation: "weekly" }, "2026-01-05T09:00", ["bo"])];
  const after = withVersion(before, { time_zone: "UTC", layers }, instant("2026-01-07T12:00Z"));
  deepEqual(drawn(after, "2025-12-29T09:00", "2026-01-19T09:00"), [
    "bo 2025-12-29T09:00 2026-01-05T09:00",
    "ada 2026-01-05T09:00 2026-01-12T09:00",
    "bo 2026-01-12T09:00 2026-01-19T09:00",
  ]);
});

test("trap: when the shift beneath moves, whoever stands in for its person moves with it", () => {
  const instead = [{ user: "cy", replaces: "ada", from: "2026-01-05T00:00", to: "2026-01-09T00:00" }];
  const turns = (starts: string) => [ring({ rotation: "daily" }, starts, ["ada", "bo"])];
  for (const [starts, from, to] of [
    ["2026-01-05T09:00", "2026-01-05T09:00", "2026-01-06T09:00"],
    ["2026-01-06T12:00", "2026-01-06T12:00", "2026-01-07T12:00"],
  ] as const)
    deepEqual(drawn(scheduleOf("UTC", turns(starts), instead), from, to), [`cy ${from} ${to}`]);
});

test("trap: a hand-off to the second is one to the millisecond", () => {
  const schedule = scheduleOf("UTC", [ring({ rotation: "daily" }, "2026-01-05T09:00:17", ["ada", "bo"])]);
  equal(on(schedule, "2026-01-06T09:00:16.999Z"), "ada");
  equal(on(schedule, "2026-01-06T09:00:17Z"), "bo");
});

test("trap: a layer is kept as wall time, so tomorrow's rules of the zone decide tomorrow's hand-offs", () => {
  const layer = ring({ rotation: "daily" }, "2020-01-01T09:00");
  deepEqual(
    checkSchedule({ time_zone: CHICAGO, layers: [{ ...layer, starts: "2020-01-01T15:00Z" }] }).length,
    1,
  );
  for (const at of ["2035-01-15", "2035-07-15"]) {
    const nine = Temporal.PlainDateTime.from(`${at}T09:00`).toZonedDateTime(CHICAGO).toInstant();
    const around = [nine.subtract({ hours: 1 }).toString(), nine.add({ hours: 1 }).toString()] as const;
    deepEqual(handOffs(scheduleOf(CHICAGO, [layer]), ...around), [nine.toString({ smallestUnit: "minute" })]);
  }
});
