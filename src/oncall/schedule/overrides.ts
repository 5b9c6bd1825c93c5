import type { Entry, Slice } from "./slices.ts";
import type { Override, OverrideDefinition, OverrideEffect } from "./types.ts";
import { parseLocal, WallClock } from "./wall-clock.ts";

/** Overrides act in their order, each on what those before it leave. */
export function applyOverrides(slices: readonly Slice[], overrides: readonly Override[]): Slice[] {
  let result = [...slices];
  const starts = slices[0]?.from ?? Infinity;
  const ends = slices.at(-1)?.to ?? -Infinity;
  for (const override of overrides) {
    const from = override.from.epochMilliseconds;
    const to = override.to.epochMilliseconds;
    if (to <= starts || from >= ends) continue;
    result = result.flatMap((slice) => {
      if (slice.to <= from || slice.from >= to) return [slice];
      const inside = { from: Math.max(slice.from, from), to: Math.min(slice.to, to) };
      const parts = [
        { ...slice, to: inside.from },
        { ...inside, entries: affected(slice.entries, override) },
        { ...slice, from: inside.to },
      ];
      return parts.filter((part) => part.from < part.to);
    });
  }
  return result;
}

/** The set of people on call after one override. Replacing or removing somebody who isn't on call does nothing. */
function affected(entries: readonly Entry[], effect: OverrideEffect): readonly Entry[] {
  const isOn = (user: string) => entries.some((entry) => entry.user === user);
  switch (effect.kind) {
    case "replace-all":
      return [{ user: effect.user, source: "override", turnOf: null }];
    case "add":
      return isOn(effect.user)
        ? entries
        : [...entries, { user: effect.user, source: "override", turnOf: null }];
    case "remove":
      return entries.filter((entry) => entry.user !== effect.removes);
    case "replace": {
      const { user, replaces } = effect;
      if (user === replaces) return entries;
      if (isOn(user)) return entries.filter((entry) => entry.user !== replaces);
      return entries.map((entry) =>
        entry.user === replaces ? { user, source: "override", turnOf: entry.turnOf } : entry,
      );
    }
  }
}

/** An override with its times resolved in the schedule's zone. Throws a RangeError on what `checkSchedule` refuses. */
export function resolveOverride(definition: OverrideDefinition, timeZone: string): Override {
  const [from, to] = [definition.from, definition.to].map((text) => parseMoment(text, timeZone));
  const effect = effectOf(definition);
  if (!from || !to || !effect) throw new RangeError(`override ${JSON.stringify(definition)}`);
  return { ...effect, from, to };
}

/** A local time of the zone, or an instant with its offset ("2026-12-24T17:00:00Z"); undefined if it is neither. */
export function parseMoment(text: string, zone: string | WallClock): Temporal.Instant | undefined {
  const wall = parseLocal(text);
  const clock = typeof zone === "string" ? () => new WallClock(zone) : () => zone;
  if (wall !== undefined) return Temporal.Instant.fromEpochMilliseconds(clock().toEpoch(wall));
  try {
    return Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
}

/** Undefined when the definition says neither who comes in nor who goes, or both. */
export function effectOf({ user, replaces, adds, removes }: OverrideDefinition): OverrideEffect | undefined {
  if (user === undefined) return removes === undefined ? undefined : { kind: "remove", removes };
  if (removes !== undefined || (adds && replaces !== undefined)) return undefined;
  if (replaces !== undefined) return { kind: "replace", user, replaces };
  return { kind: adds ? "add" : "replace-all", user };
}

/** An override already there that does the same to the same person in some of the same time. */
export const conflictingOverride = (
  existing: readonly Override[],
  candidate: Override,
): Override | undefined =>
  existing.find(
    (other) =>
      samePart(other, candidate) &&
      Temporal.Instant.compare(other.from, candidate.to) < 0 &&
      Temporal.Instant.compare(candidate.from, other.to) < 0,
  );

function samePart(a: OverrideEffect, b: OverrideEffect): boolean {
  if (a.kind === "remove" || b.kind === "remove")
    return a.kind === "remove" && b.kind === "remove" && a.removes === b.removes;
  if (a.kind === "replace" && b.kind === "replace") return a.user === b.user && a.replaces === b.replaces;
  return a.kind === b.kind && a.user === b.user;
}
