import { layerPieces } from "./layer.ts";
import { compileLayers, type Slice, slicesWithin } from "./slices.ts";
import type { Stretch } from "./stretches.ts";
import type { Schedule, ScheduleDefinition, Shift, Span } from "./types.ts";

export interface Shifts {
  items: Shift[];
  /** Where nobody is on call. */
  gaps: Span[];
}

/**
 * The final schedule within [from, to), exact to the millisecond. Shifts are clipped to the range and in order of
 * `from`, then of user; adjoining pieces of one person are one shift if their source and layer are the same.
 */
export function shifts(schedule: Schedule, from: Temporal.Instant, to: Temporal.Instant): Shifts {
  return joined(slicesWithin(schedule, range(from, to)));
}

/** What each layer of a definition says by itself, below any other layer and any override. */
export function lanes(
  definition: ScheduleDefinition,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Shift[][] {
  return compileLayers(definition).map((layer) => {
    const pieces = layerPieces(layer, range(from, to));
    const slices = pieces.map(
      ({ users, ...stretch }): Slice => ({
        ...stretch,
        entries: users.map((user) => ({ user, source: "layer", turnOf: layer.index })),
      }),
    );
    return joined(slices).items;
  });
}

interface OpenShift extends Stretch {
  user: string;
  source: Shift["source"];
  layer: number | null;
}

function joined(slices: readonly Slice[]): Shifts {
  const items: OpenShift[] = [];
  const gaps: Stretch[] = [];
  const open = new Map<string, OpenShift>();
  for (const { from, to, entries } of slices) {
    if (entries.length === 0) extend(gaps.at(-1), { from, to }) || gaps.push({ from, to });
    for (const { user, source, turnOf } of entries) {
      const shift = { user, source, layer: source === "layer" ? turnOf : null, from, to };
      const last = open.get(user);
      if (last?.source === source && last.layer === shift.layer && extend(last, shift)) continue;
      open.set(user, shift);
      items.push(shift);
    }
  }
  items.sort((a, b) => a.from - b.from || (a.user < b.user ? -1 : 1));
  return { items: items.map((item) => ({ ...item, ...span(item) })), gaps: gaps.map(span) };
}

/** Lengthens a stretch by one that adjoins it; false if it doesn't. */
function extend(last: Stretch | undefined, next: Stretch): boolean {
  if (last?.to !== next.from) return false;
  last.to = next.to;
  return true;
}

const range = (from: Temporal.Instant, to: Temporal.Instant): Stretch => ({
  from: from.epochMilliseconds,
  to: to.epochMilliseconds,
});

const span = ({ from, to }: Stretch): Span => ({
  from: Temporal.Instant.fromEpochMilliseconds(from),
  to: Temporal.Instant.fromEpochMilliseconds(to),
});
