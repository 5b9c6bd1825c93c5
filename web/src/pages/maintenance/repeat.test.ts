import assert from "node:assert/strict";
import { test } from "node:test";
import { repeatOf, repeatOptions, ruleOf } from "./repeat.ts";

test("what recurs follows the day on which it starts, and is recognised again", () => {
  const starts = "2026-12-08T02:30";
  assert.equal(ruleOf("weekly", starts), "FREQ=WEEKLY;BYDAY=TU");
  assert.equal(ruleOf("monthly", starts), "FREQ=MONTHLY;BYDAY=2TU");
  assert.equal(ruleOf("monthly", "2026-12-29T02:30"), "FREQ=MONTHLY;BYDAY=-1TU");
  for (const repeat of ["daily", "weekly", "monthly"] as const)
    assert.equal(repeatOf(ruleOf(repeat, starts), starts), repeat);
  assert.equal(repeatOf("FREQ=WEEKLY;BYDAY=MO", starts), "custom");
  assert.equal(repeatOf(null, starts), "once");
  assert.deepEqual(
    repeatOptions(starts).map(({ label }) => label),
    ["Once", "Every day", "Every Tuesday", "Every second Tuesday of the month", "By a rule of RFC 5545"],
  );
});
