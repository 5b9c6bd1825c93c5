import assert from "node:assert/strict";
import { test } from "node:test";
import { instantOf, parseWall, plusDays, wallOf, wallText, weekdayOf } from "./zone.ts";

const wall = (text: string) => parseWall(text) ?? assert.fail(text);
const iso = (text: string, zone: string) => new Date(instantOf(wall(text), zone)).toISOString();

test("a wall time is read in its zone, summer and winter", () => {
  assert.equal(iso("2026-11-23T09:00", "Europe/Stockholm"), "2026-11-23T08:00:00.000Z");
  assert.equal(iso("2026-07-01T09:00", "Europe/Stockholm"), "2026-07-01T07:00:00.000Z");
  assert.equal(iso("2026-01-01T00:00", "Asia/Kathmandu"), "2025-12-31T18:15:00.000Z");
});

test("a skipped time moves forward, of a repeated one the first counts", () => {
  assert.equal(iso("2026-03-29T02:30", "Europe/Stockholm"), "2026-03-29T01:30:00.000Z");
  assert.equal(iso("2026-10-25T02:30", "Europe/Stockholm"), "2026-10-25T00:30:00.000Z");
});

test("an instant reads back as the wall time it was made from", () => {
  for (const zone of ["UTC", "America/New_York", "Australia/Lord_Howe"]) {
    const text = "2026-05-17T18:45";
    assert.equal(wallText(wallOf(instantOf(wall(text), zone), zone)), text);
  }
});

test("days are counted over the ends of months, weeks begin on Monday", () => {
  assert.equal(wallText(plusDays(wall("2026-12-31T09:00"), 1)), "2027-01-01T09:00");
  assert.equal(weekdayOf(wall("2026-11-23T00:00")), 0);
  assert.equal(weekdayOf(wall("2026-11-29T00:00")), 6);
});
