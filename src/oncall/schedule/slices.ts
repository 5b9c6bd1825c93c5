import { compileLayer, type Layer, layerPieces, type Piece } from "./layer.ts";
import { applyOverrides } from "./overrides.ts";
import { holes, intersect, type Stretch } from "./stretches.ts";
import type { Schedule, ScheduleDefinition, UserId } from "./types.ts";

/** One person on call, and why. */
export interface Entry {
  user: UserId;
  source: "layer" | "override";
  /** The layer whose turn it is, also for somebody who stands in for that layer's person. */
  turnOf: number | null;
}

/** A stretch in which the same people are on call; none is a gap. */
export interface Slice extends Stretch {
  entries: readonly Entry[];
}

/** The final schedule within [from, to), as slices that tile it. Neighbours may be equal. */
export function slicesWithin(schedule: Schedule, range: Stretch): Slice[] {
  const slices = schedule.versions.length === 0 ? tile([], range) : [];
  for (const { from, to, definition } of versionsWithin(schedule, range))
    slices.push(...layerSlices(compileLayers(definition), { from, to }));
  return applyOverrides(slices, schedule.overrides);
}

const compiledBefore = new WeakMap<ScheduleDefinition, readonly Layer[]>();

/** The layers of a definition, each from when it covers. A definition is never changed, so it is read once. */
export function compileLayers(definition: ScheduleDefinition): readonly Layer[] {
  const before = compiledBefore.get(definition);
  if (before) return before;
  const layers = compile(definition);
  compiledBefore.set(definition, layers);
  return layers;
}

function compile({ layers, time_zone }: ScheduleDefinition): Layer[] {
  const compiled = layers.map((layer, index) => compileLayer(layer, index, time_zone));
  // A schedule answers about any time: what begins it is taken to have always been. A layer that begins later stays
  // out until then, so that a rotation planned for next month wakes nobody now. Listed shifts begin nothing.
  const beginning = Math.min(...compiled.map((layer) => layer.from).filter(Number.isFinite));
  return compiled.map((layer) => (layer.from === beginning ? { ...layer, from: -Infinity } : layer));
}

function* versionsWithin({ versions }: Schedule, { from, to }: Stretch) {
  for (const [i, { definition, from: since }] of versions.entries()) {
    const starts = i === 0 ? -Infinity : (since?.epochMilliseconds ?? -Infinity);
    const ends = versions[i + 1]?.from?.epochMilliseconds ?? Infinity;
    const part = { from: Math.max(from, starts), to: Math.min(to, ends) };
    if (part.from < part.to) yield { ...part, definition };
  }
}

function layerSlices(layers: readonly Layer[], range: Stretch): Slice[] {
  const onTop: (Piece & { layer: number })[] = [];
  // From the last layer down: each fills what those above it leave open.
  for (const layer of layers.toReversed()) {
    const open = holes(onTop, range);
    const shown = intersect(layerPieces(layer, range), open);
    onTop.push(...shown.map((piece) => ({ ...piece, layer: layer.index })));
    onTop.sort((a, b) => a.from - b.from);
  }
  const slices = onTop.map(({ from, to, users, layer }) => ({
    from,
    to,
    entries: users.map((user): Entry => ({ user, source: "layer", turnOf: layer })),
  }));
  return tile(slices, range);
}

/** The slices and, between them, the gaps. */
const tile = (slices: readonly Slice[], range: Stretch): Slice[] =>
  [...slices, ...holes(slices, range).map((gap) => ({ ...gap, entries: [] }))]
    .filter((slice) => slice.from < slice.to)
    .sort((a, b) => a.from - b.from);
