import { slicesFrom } from "./on-call.ts";
import { compileLayers, type Entry } from "./slices.ts";
import type { Schedule, ScheduleDefinition, ScheduleVersion } from "./types.ts";

/**
 * When an edit made at `now` takes effect: at the next hand-off of those whom the layers have on call, so that nobody's
 * turn is cut off or handed over by an edit. At once when the layers have nobody on call; overrides hold by themselves.
 */
export function versionCutover(schedule: Schedule, now: Temporal.Instant): Temporal.Instant {
  const settled = withoutPending(schedule, now);
  const inForce = settled.versions.at(-1);
  if (!inForce) return now;
  const slices = slicesFrom(settled, now);
  const holding = heldByTurn(slices.next().value?.entries ?? []);
  if (holding.length === 0) return now;

  const layers = compileLayers(inForce.definition);
  // The end of a turn is a hand-off even if the same person has the next one.
  let cutover = Math.min(...holding.map(({ turnOf }) => layers[turnOf!]!.endsAt(now.epochMilliseconds)));
  for (const { from, entries } of slices) {
    if (from >= cutover) break;
    if (!holding.every((held) => entries.some((e) => e.user === held.user && e.turnOf === held.turnOf)))
      cutover = from;
  }
  return Temporal.Instant.fromEpochMilliseconds(cutover);
}

/**
 * The schedule after an edit made at `now`. The very first definition counts for all time; a version that was waiting
 * for its hand-off is dropped in favour of this one.
 */
export function withVersion(
  schedule: Schedule,
  definition: ScheduleDefinition,
  now: Temporal.Instant,
): Schedule {
  const { versions, overrides } = withoutPending(schedule, now);
  const from = versions.length === 0 ? null : versionCutover(schedule, now);
  return { versions: [...versions, { from, definition }], overrides };
}

/** The version that is in force at an instant. */
export function versionAt({ versions }: Schedule, at: Temporal.Instant): ScheduleVersion | undefined {
  return versions.findLast(({ from }, i) => i === 0 || !from || Temporal.Instant.compare(from, at) <= 0);
}

function withoutPending(schedule: Schedule, now: Temporal.Instant): Schedule {
  const inForce = versionAt(schedule, now);
  const count = inForce ? schedule.versions.indexOf(inForce) + 1 : 0;
  return { ...schedule, versions: schedule.versions.slice(0, count) };
}

/** Those who would go if the layers changed: on call by a layer, or standing in for somebody who is. */
const heldByTurn = (entries: readonly Entry[]): readonly Entry[] =>
  entries.filter((entry) => entry.turnOf !== null);
