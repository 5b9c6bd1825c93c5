import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { shifts } from "../schedule/shifts.ts";
import type { LayerDefinition, Override, Schedule } from "../schedule/types.ts";
import { slottedShifts } from "./slots.ts";

const at = (text: string) => Temporal.Instant.from(text);
const start = at("2026-11-23T00:00Z");
const range = { from: start, to: start.add({ hours: 24 * 60 }) };
const weekly: LayerDefinition = { rotation: "weekly", starts: "2026-11-02T09:00", users: ["a", "b", "c"] };
const daily: LayerDefinition = {
  ...{ rotation: "daily", starts: "2026-11-02T21:00", users: [["a", "b"], "c", null] },
  only: [{ from: "21:00", to: "06:00" }],
};

const slots = (layers: readonly LayerDefinition[], overrides: readonly Override[], within = range) => {
  const rules: Schedule = {
    versions: [{ from: null, definition: { time_zone: "Europe/Paris", layers } }],
    overrides,
  };
  const named = overrides.map((each, i) => ({
    ...{ id: `${i}`, from: each.from, to: each.to },
    user: each.kind === "remove" ? null : each.user,
  }));
  const found = slottedShifts({ rules, overrides: named, timeZone: "Europe/Paris", range: within });
  return { found, plain: shifts(rules, within.from, within.to).items };
};

const anOverride: fc.Arbitrary<Override> = fc
  .record({
    hour: fc.integer({ min: 0, max: 24 * 50 }),
    hours: fc.integer({ min: 1, max: 24 * 9 }),
    user: fc.constantFrom("a", "b", "d"),
    other: fc.constantFrom("a", "b", "c"),
    kind: fc.constantFrom("replace-all", "add", "remove", "replace"),
  })
  .map(({ hour, hours, user, other, kind }): Override => {
    const span = { from: start.add({ hours: hour }), to: start.add({ hours: hour + hours }) };
    if (kind === "remove") return { kind, removes: other, ...span };
    if (kind === "replace") return { kind, user, replaces: other, ...span };
    return { kind: kind as "add", user, ...span };
  });

test("with any overrides the shifts are those of the schedule, and no two have the same slot", () => {
  fc.assert(
    fc.property(
      fc.constantFrom([weekly], [weekly, daily], [daily]),
      fc.array(anOverride, { maxLength: 6 }),
      (layers, overrides) => {
        const { found, plain } = slots(layers, overrides);
        assert.deepEqual(
          found.map(({ slot, ...shift }) => shift),
          plain,
        );
        assert.equal(new Set(found.map(({ slot }) => slot)).size, found.length);
      },
    ),
    { seed: 5545, numRuns: 150 },
  );
});

test("a slot that no override touches has the same name with and without the others'", () => {
  fc.assert(
    fc.property(anOverride, (override) => {
      const touched = ({ from, to }: { from: Temporal.Instant; to: Temporal.Instant }) =>
        Temporal.Instant.compare(from, override.to) < 0 && Temporal.Instant.compare(override.from, to) < 0;
      const key = (all: ReturnType<typeof slots>["found"], from: Temporal.Instant) =>
        all.find((shift) => shift.from.equals(from))?.slot;
      const [plain, changed] = [slots([weekly], []).found, slots([weekly], [override]).found];
      for (const shift of plain) if (!touched(shift)) assert.equal(key(changed, shift.from), shift.slot);
    }),
    { seed: 5546, numRuns: 100 },
  );
});

test("time going on changes no slot that is still seen, also of somebody who is on for good", () => {
  const next = { from: range.from.add({ hours: 24 * 30 }), to: range.to.add({ hours: 24 * 30 }) };
  for (const layers of [[weekly], [weekly, daily], [{ ...weekly, users: ["a"] }]]) {
    const [now, then] = [slots(layers, []).found, slots(layers, [], next).found];
    const names = new Set(now.map(({ slot }) => slot));
    const still = then.filter(
      ({ from, to }) =>
        Temporal.Instant.compare(from, next.from) > 0 && Temporal.Instant.compare(to, range.to) < 0,
    );
    for (const { slot } of still) assert.ok(names.has(slot), slot);
    if (layers.every((layer) => layer.users?.length === 1))
      assert.deepEqual(
        then.map(({ slot }) => slot),
        [...names],
      );
  }
});
