import assert from "node:assert/strict";
import { test } from "node:test";
import { acknowledgement, isMoreSevere, onJoin } from "./model.ts";

const at = (text: string) => Temporal.Instant.from(`2026-11-23T${text}:00Z`);

test("the first acknowledgement counts, a second one is told whose it is, none counts once it is over", () => {
  const until = { acknowledgedBy: "ada", acknowledgedUntil: null, runsOut: false };
  assert.deepEqual(acknowledgement({ status: "triggered", ...until }, { until: null, person: "bo" }), {
    kind: "acknowledged",
  });
  assert.deepEqual(acknowledgement({ status: "acknowledged", ...until }, { until: null, person: "bo" }), {
    kind: "already",
    by: "ada",
  });
  assert.deepEqual(acknowledgement({ status: "resolved", ...until }, { until: at("10:00"), person: "bo" }), {
    kind: "resolved",
  });
});

test("an acknowledgement with another end is a new one; with the same end it is not", () => {
  const snoozed = {
    status: "acknowledged" as const,
    ...{ acknowledgedBy: "ada", acknowledgedUntil: at("10:00"), runsOut: false },
  };
  const by = (person: string | null, until: Temporal.Instant | null) =>
    acknowledgement(snoozed, { until, person }).kind;
  assert.equal(by("bo", at("10:30")), "acknowledged");
  assert.equal(by("bo", at("10:00")), "already");
  assert.equal(by("bo", null), "already", "it is Ada's");
  assert.equal(by("ada", null), "acknowledged", "Ada stays on it after all");
  assert.equal(by(null, null), "already");
});

test("an acknowledgement that runs out is renewed by whoever gave it, and by nobody else", () => {
  const theirs = { acknowledgedBy: "ada", acknowledgedUntil: null, runsOut: true };
  const by = (person: string | null) =>
    acknowledgement({ status: "acknowledged", ...theirs }, { until: null, person }).kind;
  assert.deepEqual([by("ada"), by("bo"), by(null)], ["acknowledged", "already", "already"]);
});

test("an alert that joins pages anew only if it is more severe, more urgent or of another service", () => {
  const incident = { severity: "SEV3", urgency: "low", serviceId: "shop" } as const;
  for (const [alert, severity, urgency, newRound] of [
    [incident, "SEV3", "low", false],
    [{ ...incident, severity: "SEV5" }, "SEV3", "low", false],
    [{ ...incident, serviceId: null }, "SEV3", "low", false],
    [{ ...incident, severity: "SEV2" }, "SEV2", "low", true],
    [{ ...incident, urgency: "high" }, "SEV3", "high", true],
    [{ ...incident, serviceId: "search" }, "SEV3", "low", true],
  ] as const)
    assert.deepEqual(onJoin(incident, alert), { severity, urgency, newRound }, JSON.stringify(alert));
  assert.equal(onJoin({ ...incident, urgency: "high" }, incident).urgency, "high", "nothing calms it down");
});

test("SEV1 is the most severe", () => {
  assert.equal(isMoreSevere("SEV1", "SEV2"), true);
  assert.equal(isMoreSevere("SEV5", "SEV4"), false);
  assert.equal(isMoreSevere("SEV3", "SEV3"), false);
});
