import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { changedShifts } from "./changes.ts";
import { drawn, instant, scheduleOf } from "./testing.ts";
import type { LayerDefinition, Schedule } from "./types.ts";
import { versionAt, versionCutover, withVersion } from "./versions.ts";

const weekly = (users: LayerDefinition["users"], more: Partial<LayerDefinition> = {}): LayerDefinition => ({
  rotation: "weekly",
  starts: "2026-01-05T09:00",
  users,
  ...more,
});
const utc = (...layers: LayerDefinition[]) => ({ time_zone: "UTC", layers });
const cutover = (schedule: Schedule, now: string) => versionCutover(schedule, instant(now)).toString();
const WEDNESDAY = "2026-01-07T12:00:00Z";

test("somebody taken out of the ring while on call stays until the hand-off", () => {
  const before = scheduleOf("UTC", [weekly(["ada", "bo"])]);
  equal(cutover(before, WEDNESDAY), "2026-01-12T09:00:00Z");
  const after = withVersion(before, utc(weekly(["cy", "dee"])), instant(WEDNESDAY));
  deepEqual(drawn(after, "2026-01-05T09:00", "2026-01-26T09:00"), [
    "ada 2026-01-05T09:00 2026-01-12T09:00",
    "dee 2026-01-12T09:00 2026-01-19T09:00",
    "cy 2026-01-19T09:00 2026-01-26T09:00",
  ]);
});

test("the past stays what it was", () => {
  const before = scheduleOf("UTC", [weekly(["ada", "bo"])]);
  const after = withVersion(before, utc(weekly(["cy"])), instant(WEDNESDAY));
  const past = ["2025-11-01T00:00", "2026-01-12T09:00"] as const;
  deepEqual(drawn(after, ...past), drawn(before, ...past));
});

test("the first version answers for the time before it, too", () => {
  const first = withVersion({ versions: [], overrides: [] }, utc(weekly(["ada", "bo"])), instant(WEDNESDAY));
  deepEqual(drawn(first, "2026-01-05T09:00", "2026-01-12T09:00"), ["ada 2026-01-05T09:00 2026-01-12T09:00"]);
});

test("an edit takes effect at once when nobody is on call", () => {
  const schedule = scheduleOf("UTC", [weekly(["ada"], { only: [{ from: "09:00", to: "11:00" }] })]);
  equal(cutover(schedule, WEDNESDAY), WEDNESDAY);
  equal(cutover({ versions: [], overrides: [] }, WEDNESDAY), WEDNESDAY);
});

test("the end of the hours is a hand-off", () => {
  const schedule = scheduleOf("UTC", [weekly(["ada"], { only: [{ from: "09:00", to: "18:00" }] })]);
  equal(cutover(schedule, WEDNESDAY), "2026-01-07T18:00:00Z");
});

test("another layer taking over is a hand-off", () => {
  const night = weekly(["bo"], { only: [{ from: "20:00", to: "08:00" }] });
  equal(cutover(scheduleOf("UTC", [weekly(["ada"]), night]), WEDNESDAY), "2026-01-07T20:00:00Z");
});

test("a turn ends even if the same person has the next one", () => {
  equal(cutover(scheduleOf("UTC", [weekly(["ada"])]), WEDNESDAY), "2026-01-12T09:00:00Z");
});

test("somebody who joins for an hour is no hand-off", () => {
  const schedule = scheduleOf(
    "UTC",
    [weekly(["ada", "bo"])],
    [{ user: "cy", adds: true, from: "2026-01-07T11:00", to: "2026-01-07T13:00" }],
  );
  equal(cutover(schedule, WEDNESDAY), "2026-01-12T09:00:00Z");
});

test("a stand-in stays until the override ends, and is then handed over", () => {
  const schedule = scheduleOf(
    "UTC",
    [weekly(["ada", "bo"])],
    [{ user: "cy", replaces: "ada", from: "2026-01-07T08:00", to: "2026-01-08T08:00" }],
  );
  equal(cutover(schedule, WEDNESDAY), "2026-01-08T08:00:00Z");
});

test("an override that replaces everybody holds by itself, so the layers may change beneath it", () => {
  const times = { from: "2026-01-07T08:00", to: "2026-01-08T08:00" };
  equal(cutover(scheduleOf("UTC", [weekly(["ada"])], [{ user: "cy", ...times }]), WEDNESDAY), WEDNESDAY);
});

test("a second edit before the hand-off takes the first one's place", () => {
  const before = scheduleOf("UTC", [weekly(["ada", "bo"])]);
  const once = withVersion(before, utc(weekly(["cy"])), instant(WEDNESDAY));
  const twice = withVersion(once, utc(weekly(["dee"])), instant("2026-01-08T00:00Z"));
  equal(twice.versions.length, 2);
  deepEqual(drawn(twice, "2026-01-10T00:00", "2026-01-14T00:00"), [
    "ada 2026-01-10T00:00 2026-01-12T09:00",
    "dee 2026-01-12T09:00 2026-01-14T00:00",
  ]);
  equal(versionAt(twice, instant("2026-01-12T08:59Z")), twice.versions[0]);
  equal(versionAt(twice, instant("2026-01-12T09:00Z")), twice.versions[1]);
});

test("a plan names only the stretches in which somebody else is on call", () => {
  const before = scheduleOf("UTC", [weekly(["ada", "bo", "cy"])]);
  const after = withVersion(before, utc(weekly(["ada", "dee", "cy"])), instant(WEDNESDAY));
  const range = { from: instant("2026-01-07T00:00Z"), to: instant("2026-02-06T00:00Z") };
  deepEqual(
    changedShifts(before, after, range).map((c) => [c.from.toString(), c.to.toString(), c.before, c.after]),
    [
      ["2026-01-12T09:00:00Z", "2026-01-19T09:00:00Z", ["bo"], ["dee"]],
      ["2026-02-02T09:00:00Z", "2026-02-06T00:00:00Z", ["bo"], ["dee"]],
    ],
  );
  deepEqual(changedShifts(before, before, range), []);
});

test("a plan shows a gap that opens, joined over the hand-offs within it", () => {
  const before = scheduleOf("UTC", [{ ...weekly(["ada"]), rotation: "daily" }]);
  const after = scheduleOf("UTC", [{ ...weekly([null]), rotation: "daily" }]);
  const range = { from: instant("2026-01-07T00:00Z"), to: instant("2026-01-10T00:00Z") };
  deepEqual(changedShifts(before, after, range), [{ ...range, before: ["ada"], after: [] }]);
});
