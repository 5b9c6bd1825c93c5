import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { usersOnCall } from "./on-call.ts";
import { conflictingOverride, resolveOverride } from "./overrides.ts";
import { shifts } from "./shifts.ts";
import { drawn, instant, scheduleOf } from "./testing.ts";
import type { LayerDefinition, OverrideDefinition, Seat } from "./types.ts";

const always = (users: Seat): LayerDefinition[] => [
  { rotation: "weekly", starts: "2026-01-05T00:00", users: [users] },
];
const times = { from: "2026-01-06T08:00", to: "2026-01-06T10:00" };

for (const [claim, onCall, overrides, expected] of [
  ["an override replaces everybody", ["ada", "bo"], [{ user: "cy", ...times }], ["cy"]],
  [
    "with `replaces` only that person's part",
    ["ada", "bo"],
    [{ user: "cy", replaces: "bo", ...times }],
    ["ada", "cy"],
  ],
  [
    "replacing somebody who isn't on call does nothing",
    "ada",
    [{ user: "cy", replaces: "bo", ...times }],
    ["ada"],
  ],
  ["with `adds` somebody joins", "ada", [{ user: "cy", adds: true, ...times }], ["ada", "cy"]],
  ["adding somebody who is on call does nothing", "ada", [{ user: "ada", adds: true, ...times }], ["ada"]],
  ["`removes` takes somebody off", ["ada", "bo"], [{ removes: "bo", ...times }], ["ada"]],
  ["removing somebody who isn't on call does nothing", "ada", [{ removes: "bo", ...times }], ["ada"]],
  ["removing the only person leaves a gap", "ada", [{ removes: "ada", ...times }], []],
  [
    "somebody can stand in for two",
    ["ada", "bo"],
    [
      { user: "cy", replaces: "ada", ...times },
      { user: "cy", replaces: "bo", ...times },
    ],
    ["cy"],
  ],
  [
    "all kinds together",
    ["rab", "baz", "bin"],
    [
      { user: "foo", adds: true, ...times },
      { user: "bar", replaces: "rab", ...times },
      { removes: "baz", ...times },
    ],
    ["bar", "bin", "foo"],
  ],
  [
    "each acts on what those before it leave",
    "ada",
    [
      { user: "bo", replaces: "ada", ...times },
      { user: "cy", replaces: "bo", ...times },
    ],
    ["cy"],
  ],
  ["somebody in a gap is on call by override alone", null, [{ user: "cy", ...times }], ["cy"]],
] as const satisfies [string, Seat, OverrideDefinition[], string[]][])
  test(claim, () => {
    const schedule = scheduleOf("UTC", always(onCall), overrides);
    deepEqual(usersOnCall(schedule, instant("2026-01-06T09:00Z")), expected);
    const untouched = onCall === null ? [] : [onCall].flat().sort();
    deepEqual(usersOnCall(schedule, instant("2026-01-06T07:59:59.999Z")), untouched);
    deepEqual(usersOnCall(schedule, instant("2026-01-06T10:00Z")), untouched);
  });

test("an override splits a shift, and says that it is one", () => {
  const schedule = scheduleOf(
    "UTC",
    [
      {
        rotation: "daily",
        starts: "2026-01-05T00:00",
        users: ["foo"],
        only: [{ from: "08:00", to: "10:00" }],
      },
    ],
    [{ user: "bin", replaces: "foo", from: "2026-01-06T08:30", to: "2026-01-06T08:45" }],
  );
  const { items, gaps } = shifts(schedule, instant("2026-01-06T08:00Z"), instant("2026-01-06T09:00Z"));
  deepEqual(
    items.map(({ user, source, layer, from, to }) => [user, source, layer, from.toString(), to.toString()]),
    [
      ["foo", "layer", 0, "2026-01-06T08:00:00Z", "2026-01-06T08:30:00Z"],
      ["bin", "override", null, "2026-01-06T08:30:00Z", "2026-01-06T08:45:00Z"],
      ["foo", "layer", 0, "2026-01-06T08:45:00Z", "2026-01-06T09:00:00Z"],
    ],
  );
  deepEqual(gaps, []);
});

test("a stand-in's part ends with the turn of the person replaced, wherever the hand-off moves", () => {
  const override = [{ user: "cy", replaces: "ada", from: "2026-01-05T00:00", to: "2026-01-09T00:00" }];
  const turns = (hour: string): LayerDefinition[] => [
    { rotation: "daily", starts: `2026-01-05T${hour}:00`, users: ["ada", "bo"] },
  ];
  deepEqual(drawn(scheduleOf("UTC", turns("09"), override), "2026-01-05T09:00", "2026-01-07T09:00"), [
    "cy 2026-01-05T09:00 2026-01-06T09:00",
    "bo 2026-01-06T09:00 2026-01-07T09:00",
  ]);
  deepEqual(drawn(scheduleOf("UTC", turns("12"), override), "2026-01-05T12:00", "2026-01-07T12:00"), [
    "cy 2026-01-05T12:00 2026-01-06T12:00",
    "bo 2026-01-06T12:00 2026-01-07T12:00",
  ]);
});

test("local times are the schedule's, and instants with an offset are taken as they are", () => {
  const resolve = (from: string) =>
    resolveOverride({ user: "bo", from, to: "2026-12-26T09:00" }, "Europe/Paris").from.toString();
  equal(resolve("2026-12-24T18:00"), "2026-12-24T17:00:00Z");
  equal(resolve("2026-12-24T18:00:00Z"), "2026-12-24T18:00:00Z");
  equal(resolve("2026-12-24T18:00-05:00"), "2026-12-24T23:00:00Z");
});

test("two overrides that do the same to one person conflict where they overlap", () => {
  const made = (definition: Partial<OverrideDefinition>, from: string, to: string) =>
    resolveOverride({ ...definition, from: `2026-01-06T${from}`, to: `2026-01-06T${to}` }, "UTC");
  const existing = [made({ user: "bo" }, "08:00", "10:00")];
  equal(conflictingOverride(existing, made({ user: "bo" }, "08:00", "10:00")), existing[0]);
  equal(conflictingOverride(existing, made({ user: "bo" }, "09:00", "11:00")), existing[0]);
  equal(conflictingOverride(existing, made({ user: "bo" }, "10:00", "11:00")), undefined, "they only touch");
  equal(conflictingOverride(existing, made({ user: "cy" }, "08:00", "10:00")), undefined);
  equal(conflictingOverride(existing, made({ user: "bo", adds: true }, "08:00", "10:00")), undefined);
  equal(conflictingOverride(existing, made({ removes: "bo" }, "08:00", "10:00")), undefined);
});
