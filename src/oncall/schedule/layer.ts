import { parseDuration } from "../../platform/duration.ts";
import { evenGrid, type Grid, monthlyGrid } from "./grid.ts";
import { compileList } from "./list.ts";
import { type AllowedHours, allowedWithin, compileRestriction } from "./restrictions.ts";
import { intersect, type Stretch } from "./stretches.ts";
import { turnAt, turnEnd } from "./turns.ts";
import { type LayerDefinition, type Seat, type UserId, WEEKDAYS } from "./types.ts";
import { mod, parseLocal, WallClock, weekdayOf } from "./wall-clock.ts";

const DAY_MS = 86_400_000;

/** What each rotation's turn lasts on the wall clock; a month is not a length of time. */
export const ROTATION_MS = { hourly: 3_600_000, daily: DAY_MS, weekly: 7 * DAY_MS } as const;

/** A layer made ready for asking. Times are epoch milliseconds. */
export interface Layer extends Stretch {
  index: number;
  clock: WallClock;
  /** Its pieces in a range that lies within the layer, at whatever hours. */
  pieces: (range: Stretch) => Piece[];
  /** When the turn or listed shift that is on at an instant ends, whoever is next. */
  endsAt: (epochMs: number) => number;
  /** Undefined: at all hours. */
  only: readonly AllowedHours[] | undefined;
}

/** What makes the turns of a ring. */
interface Turns {
  clock: WallClock;
  grid: Grid;
  ring: readonly Seat[];
  /** The people of every turn, when all turns have the same: there is then no need to count turns. */
  steady: readonly UserId[] | undefined;
  /** The ring's place that a turn of the grid takes; null when the layer has nobody in that turn. */
  placeOf: (turn: number) => number | null;
}

/** The people of one turn, as far as the turn lies in the layer's hours. */
export interface Piece extends Stretch {
  users: readonly UserId[];
}

/** Reads a definition that `checkSchedule` has passed; throws a RangeError on any other. */
export function compileLayer(definition: LayerDefinition, index: number, timeZone: string): Layer {
  const clock = new WallClock(definition.time_zone ?? timeZone);
  const only = definition.only?.length ? definition.only.map(compileRestriction) : undefined;
  if (definition.shifts)
    return { index, clock, from: -Infinity, to: Infinity, ...compileList(definition.shifts, clock), only };
  const starts = localTime(definition.starts);
  const turns = compileTurns(definition, starts, clock);
  return {
    index,
    clock,
    from: clock.toEpoch(starts),
    to: definition.ends === undefined ? Infinity : clock.toEpoch(localTime(definition.ends)),
    pieces: (range) => turnsWithin(turns, range),
    endsAt: (epochMs) => turnEnd(turns.grid, clock, turnAt(turns.grid, clock, epochMs)),
    only,
  };
}

function compileTurns(definition: LayerDefinition, starts: number, clock: WallClock): Turns {
  const stepMs = stepOf(definition);
  const ring = definition.users ?? [];
  const byDays = definition.days !== undefined && stepMs !== undefined;
  return {
    clock,
    grid: stepMs === undefined ? monthlyGrid(starts) : evenGrid(starts, byDays ? DAY_MS : stepMs),
    ring,
    steady: byDays ? undefined : samePeople(ring),
    placeOf: byDays ? placeByDays(definition, weekdayOf(starts), stepMs / DAY_MS) : (turn) => turn,
  };
}

/** The layer's pieces within [from, to), in order; turns without anybody are left out. */
export function layerPieces(layer: Layer, { from, to }: Stretch): Piece[] {
  const range = { from: Math.max(from, layer.from), to: Math.min(to, layer.to) };
  if (range.from >= range.to) return [];
  const pieces = layer.pieces(range);
  return layer.only ? intersect(pieces, allowedWithin(layer.only, layer.clock, range)) : pieces;
}

function turnsWithin({ ring, grid, clock, steady, placeOf }: Turns, { from, to }: Stretch): Piece[] {
  if (steady) return steady.length > 0 ? [{ from, to, users: steady }] : [];
  const turns: Piece[] = [];
  for (let at = from; at < to; ) {
    const turn = turnAt(grid, clock, at);
    const end = Math.min(turnEnd(grid, clock, turn), to);
    const place = placeOf(turn);
    const users = place === null ? [] : peopleIn(ring[mod(place, ring.length)] ?? null);
    if (users.length > 0) turns.push({ from: at, to: end, users });
    at = end;
  }
  return turns;
}

/**
 * On a layer with `days` the grid's turns are days, and only the days that are named count. `daysEach` of them in a
 * row (not of the calendar) are one person's.
 */
function placeByDays(
  { days = [] }: LayerDefinition,
  firstWeekday: number,
  daysEach: number,
): Turns["placeOf"] {
  const offsets = days.map((day) => mod(WEEKDAYS.indexOf(day) - firstWeekday, 7)).sort((a, b) => a - b);
  return (day) => {
    const nth = offsets.indexOf(mod(day, 7));
    return nth < 0 ? null : Math.floor((Math.floor(day / 7) * offsets.length + nth) / daysEach);
  };
}

function stepOf({ rotation, every }: LayerDefinition): number | undefined {
  if (rotation === "monthly") return undefined;
  const stepMs = rotation ? ROTATION_MS[rotation] : parseDuration(every ?? "");
  if (!stepMs) throw new RangeError(`a turn of ${every}`);
  return stepMs;
}

function localTime(text = ""): number {
  const wall = parseLocal(text);
  if (wall === undefined) throw new RangeError(`local time ${text}`);
  return wall;
}

const samePeople = (ring: Turns["ring"]): readonly UserId[] | undefined => {
  const first = peopleIn(ring[0] ?? null);
  return ring.every((seat) => seat === ring[0] || peopleIn(seat).join() === first.join()) ? first : undefined;
};

const peopleIn = (seat: Seat): readonly UserId[] =>
  seat === null ? [] : typeof seat === "string" ? [seat] : [...new Set(seat)];
