import { equal } from "node:assert/strict";
import { test } from "node:test";
import { countdown, duration, durationWords, exactUtc, parseDuration, relative } from "./time.ts";

const NOW = Date.UTC(2026, 10, 23, 14, 0, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test("an age is told in its largest unit, rounded down", () => {
  const told = [
    [NOW - 2_000, "just now"],
    [NOW - 59_999, "59 s ago"],
    [NOW - 4.9 * MINUTE, "4 min ago"],
    [NOW - 3 * HOUR, "3 h ago"],
    [NOW - 50 * HOUR, "2 d ago"],
    [NOW + 2 * HOUR, "in 2 h"],
  ] as const;
  for (const [at, words] of told) equal(relative(at, NOW), words);
});

test("an age of more than a month is told as a date", () => {
  equal(relative(Date.UTC(2025, 2, 5, 12), NOW), "5 Mar 2025");
});

test("a duration has its two largest units and nothing smaller", () => {
  equal(duration(850), "850 ms");
  equal(duration(12_400), "12 s");
  equal(duration(72 * MINUTE + 30_000), "1 h 12 min");
  equal(duration(24 * HOUR + 5 * MINUTE), "1 d");
  equal(duration(76 * HOUR), "3 d 4 h");
});

test("a countdown shows minutes and seconds, and never goes below zero", () => {
  equal(countdown(245_000), "4:05");
  equal(countdown(3_727_000), "1:02:07");
  equal(countdown(-5), "a moment");
});

test("written durations are read and said", () => {
  equal(parseDuration("1.5h"), 1.5 * HOUR);
  equal(parseDuration("soon"), null);
  equal(durationWords("60s"), "60 seconds");
  equal(durationWords("1h"), "1 hour");
});

test("the exact time is given in UTC", () => {
  equal(exactUtc(NOW), "2026-11-23 14:00:00 UTC");
});
