import { equal } from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatDuration, humanDuration, parseDuration } from "./duration.ts";

for (const [text, ms] of [
  ["800ms", 800],
  ["20s", 20_000],
  ["5m", 300_000],
  ["2h", 7_200_000],
  ["3d", 259_200_000],
  ["2w", 1_209_600_000],
  ["1h30m", 5_400_000],
  ["1m5ms", 60_005],
  ["0s", 0],
] as const)
  test(`"${text}" is ${ms} ms`, () => equal(parseDuration(text), ms));

for (const text of ["", "5", "m", "5 m", "-5m", "1.5h", "5min", "30m1h", "5m5m", "99999999999999w"])
  test(`"${text}" is not a duration`, () => equal(parseDuration(text), undefined));

for (const [ms, text] of [
  [90_000, "90s"],
  [120_000, "2m"],
  [604_800_000, "1w"],
  [1_500, "1500ms"],
  [0, "0s"],
] as const)
  test(`${ms} ms is written ${text}`, () => equal(formatDuration(ms), text));

for (const [ms, text] of [
  [0, "0 ms"],
  [340, "340 ms"],
  [45_900, "45 s"],
  [125_000, "2 min 5 s"],
  [4_320_000, "1 h 12 min"],
  [3_600_000, "1 h"],
  [273_600_000, "3 d 4 h"],
] as const)
  test(`${ms} ms reads ${text}`, () => equal(humanDuration(ms), text));

test("what is written reads back as the same time", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (ms) => equal(parseDuration(formatDuration(ms)), ms)),
    { seed: 7, numRuns: 200 },
  );
});
