import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { checkSchedule, type ScheduleInput } from "./check.ts";
import type { LayerDefinition, ListedShift } from "./types.ts";

const sound: LayerDefinition = { rotation: "weekly", starts: "2026-11-23T09:00", users: ["ada", "bo"] };
const withLayer = (change: Partial<LayerDefinition>): ScheduleInput => ({
  time_zone: "Europe/Paris",
  layers: [{ ...sound, ...change }],
});
const shift: ListedShift = { user: "ada", from: "2026-12-24T18:00", to: "2026-12-26T09:00" };
const withShift = (change: Partial<ListedShift>): ScheduleInput => ({
  time_zone: "Europe/Paris",
  layers: [{ shifts: [{ ...shift, ...change }] }],
});
const withOverride = (override: Record<string, unknown>): ScheduleInput => ({
  ...withLayer({}),
  overrides: [{ from: "2026-12-24T18:00", to: "2026-12-26T09:00", ...override }],
});

test("a sound schedule has no problems", () => {
  deepEqual(checkSchedule(withLayer({})), []);
  deepEqual(checkSchedule(withShift({ to: "2026-12-24T17:01:00Z" })), []);
  deepEqual(
    checkSchedule({ time_zone: "UTC", layers: [{ shifts: [shift, shift], only: [{ days: ["mon"] }] }] }),
    [],
  );
  deepEqual(checkSchedule(withOverride({ user: "bo" })), []);
  deepEqual(checkSchedule(withOverride({ user: "bo", from: "2026-12-24T18:00:00+01:00" })), []);
  deepEqual(
    checkSchedule(
      withLayer({
        rotation: undefined,
        every: "2d",
        days: ["mon", "tue"],
        ends: "2027-01-01T00:00",
        time_zone: "UTC",
        users: [["ada", "bo"], null],
        only: [{ days: ["mon"], from: "22:00", to: "06:00" }, { days: ["sat"] }],
      }),
    ),
    [],
  );
});

for (const [claim, input, pointer, words] of [
  [
    "an unknown zone",
    { ...withLayer({}), time_zone: "Europe/Pairs" },
    "/time_zone",
    /Europe\/Pairs.*use a name such as/,
  ],
  ["an offset for a zone", { ...withLayer({}), time_zone: "+02:00" }, "/time_zone", /use a name/],
  ["a layer's unknown zone", withLayer({ time_zone: "Mars" }), "/layers/0/time_zone", /Mars/],
  ["both rotation and every", withLayer({ every: "3d" }), "/layers/0", /either rotation .* or every/],
  ["neither rotation nor every", withLayer({ rotation: undefined }), "/layers/0", /write one of them/],
  [
    "an every that is no duration",
    withLayer({ rotation: undefined, every: "3 days" }),
    "/layers/0/every",
    /"3d"/,
  ],
  ["an every of nothing", withLayer({ rotation: undefined, every: "0s" }), "/layers/0/every", /1s or more/],
  ["a starts with a zone", withLayer({ starts: "2026-11-23T09:00Z" }), "/layers/0/starts", /without a zone/],
  ["a starts on no day", withLayer({ starts: "2026-02-30T09:00" }), "/layers/0/starts", /not a local time/],
  [
    "an ends before starts",
    withLayer({ ends: "2026-11-23T09:00" }),
    "/layers/0/ends",
    /later time or leave it out/,
  ],
  ["no users", withLayer({ users: [] }), "/layers/0/users", /null for a vacant seat/],
  ["an empty seat", withLayer({ users: [[]] }), "/layers/0/users/0", /write null/],
  ["somebody twice in a turn", withLayer({ users: [["ada", "ada"]] }), "/layers/0/users/0", /take one out/],
  ["days on a weekly layer", withLayer({ days: ["mon"] }), "/layers/0/days", /use only/],
  ["empty days", withLayer({ rotation: "daily", days: [] }), "/layers/0/days", /name a day/],
  ["an empty only", withLayer({ only: [] }), "/layers/0/only", /leave it out/],
  ["24:00", withLayer({ only: [{ from: "18:00", to: "24:00" }] }), "/layers/0/only/0/to", /00:00 is also/],
  ["half a restriction", withLayer({ only: [{ from: "18:00" }] }), "/layers/0/only/0", /go together/],
  [
    "an override that ends before it begins",
    withOverride({ user: "bo", to: "2026-12-24T17:00" }),
    "/overrides/0/to",
    /not after/,
  ],
  ["an override of nobody", withOverride({}), "/overrides/0", /user .* or removes/],
  [
    "an override that removes and brings in",
    withOverride({ user: "bo", removes: "ada" }),
    "/overrides/0",
    /stands alone/,
  ],
  [
    "an override that adds and replaces",
    withOverride({ user: "bo", adds: true, replaces: "ada" }),
    "/overrides/0",
    /contradict/,
  ],
  ["turns without a beginning", withLayer({ starts: undefined }), "/layers/0/starts", /has starts/],
  ["turns of nobody", withLayer({ users: undefined }), "/layers/0/users", /name at least one person/],
  [
    "listed shifts on a layer of turns",
    { time_zone: "UTC", layers: [{ rotation: "weekly", shifts: [] }] },
    "/layers/0/rotation",
    /rotation is of layers that take turns/,
  ],
  ["a listed shift of nobody", withShift({ user: undefined }), "/layers/0/shifts/0", /either user or users/],
  [
    "a listed shift of an empty list",
    withShift({ user: undefined, users: [] }),
    "/layers/0/shifts/0/users",
    /empty/,
  ],
  [
    "a listed shift that ends first",
    withShift({ to: "2026-12-24T16:59:00Z" }),
    "/layers/0/shifts/0/to",
    /not after/,
  ],
  ["a listed shift at no time", withShift({ from: "Christmas" }), "/layers/0/shifts/0/from", /Christmas/],
  [
    "somebody twice on one listed shift",
    withShift({ user: undefined, users: ["ada", "ada"] }),
    "/layers/0/shifts/0/users",
    /ada shares a turn with themselves/,
  ],
  [
    "too long a list",
    { time_zone: "UTC", layers: [{ shifts: Array.from({ length: 2_001 }, () => shift) }] },
    "/layers/0/shifts",
    /2001 shifts are more than the 2000/,
  ],
  [
    "a person in their own place",
    withOverride({ user: "bo", replaces: "bo" }),
    "/overrides/0/replaces",
    /somebody else/,
  ],
  ["an override at no time", withOverride({ user: "bo", from: "tomorrow" }), "/overrides/0/from", /tomorrow/],
] as const satisfies [string, ScheduleInput, string, RegExp][])
  test(`${claim} is refused with its mend`, () => {
    const [problem, ...others] = checkSchedule(input);
    deepEqual(others, []);
    equal(problem?.pointer, pointer);
    match(problem?.detail ?? "", words);
  });

test("a day that isn't one is named", () => {
  const layer: LayerDefinition = {
    ...sound,
    ...JSON.parse('{"rotation": "daily", "days": ["mon", "mo", "mon"]}'),
  };
  deepEqual(
    checkSchedule({ time_zone: "UTC", layers: [layer] }).map((problem) => problem.pointer),
    ["/layers/0/days/1", "/layers/0/days/2"],
  );
});
