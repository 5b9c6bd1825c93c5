/** A schedule as its owner writes it, and what is computed from it. Users are opaque ids here. */

import type { Restriction, Weekday } from "../../platform/hours/restrictions.ts";

export { type Restriction, WEEKDAYS, type Weekday } from "../../platform/hours/restrictions.ts";

export type UserId = string;

/** One place in a layer's ring: a person, several who share the turn, or nobody (a vacant seat). */
export type Seat = UserId | readonly UserId[] | null;

export const ROTATIONS = ["hourly", "daily", "weekly", "monthly"] as const;
export type Rotation = (typeof ROTATIONS)[number];

/** One stretch of a layer that is written out: a person or several. Local to the layer's zone, or with an offset. */
export interface ListedShift {
  user?: UserId;
  users?: readonly UserId[];
  from: string;
  to: string;
}

/** Turns of a ring, with `starts` and `users`, or `shifts` instead of all that makes turns. */
export interface LayerDefinition {
  /** Either `rotation` or `every` says how long a turn is. */
  rotation?: Rotation;
  /** A turn's length, e.g. "3d". */
  every?: string;
  /** Local "YYYY-MM-DDTHH:MM": when turn 0 begins; every other turn is counted from it on the wall clock. */
  starts?: string;
  ends?: string;
  /** The schedule's zone unless the layer has one of its own. */
  time_zone?: string;
  users?: readonly Seat[];
  /** Where they overlap, all of them are on call. */
  shifts?: readonly ListedShift[];
  /** On a layer of days: the days that are turns at all. The ring moves once per such day. */
  days?: readonly Weekday[];
  /** Hours in which the layer counts, in its zone. */
  only?: readonly Restriction[];
}

/** What one version of a schedule says. Overrides are kept apart: they outlive an edit of the layers. */
export interface ScheduleDefinition {
  time_zone: string;
  layers: readonly LayerDefinition[];
}

/**
 * An override as written: `user` replaces everybody; with `replaces` only that person, with `adds` nobody. `removes`
 * stands alone. Times are local to the schedule's zone, or instants with an offset.
 */
export interface OverrideDefinition {
  user?: UserId;
  replaces?: UserId;
  adds?: boolean;
  removes?: UserId;
  from: string;
  to: string;
}

/** What an override does to the set of people on call. */
export type OverrideEffect =
  | { kind: "replace-all"; user: UserId }
  | { kind: "replace"; user: UserId; replaces: UserId }
  | { kind: "add"; user: UserId }
  | { kind: "remove"; removes: UserId };

export type Override = OverrideEffect & { from: Temporal.Instant; to: Temporal.Instant };

export interface ScheduleVersion {
  /** In force from here until the next version. The first one's is not looked at: it answers for all time before. */
  from: Temporal.Instant | null;
  definition: ScheduleDefinition;
}

export interface Schedule {
  /** In order of `from`. */
  versions: readonly ScheduleVersion[];
  /** In the order they were made: each acts on what those before it leave. */
  overrides: readonly Override[];
}

export interface Span {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

/** One person's stretch on the final schedule. `layer` is the layer's index; null for an override. */
export interface Shift extends Span {
  user: UserId;
  source: "layer" | "override";
  layer: number | null;
}
