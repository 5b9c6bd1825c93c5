import { isDeepStrictEqual } from "node:util";
import { lanes } from "../schedule/shifts.ts";
import type { Stretch } from "../schedule/stretches.ts";
import type { LayerDefinition, ListedShift, ScheduleDefinition } from "../schedule/types.ts";

/** What a proposal is for: layers with the same hours in the same zone, which the proposed one has too. */
export interface Frame {
  zone: string;
  /** Put on the proposed layer as it is. */
  layer: Pick<LayerDefinition, "only" | "time_zone">;
  /** Which layers it stands in for, by their places. */
  places: readonly number[];
}

/**
 * The frame of one layer with those right above it that have the same hours (proposals that were applied before), or of
 * all layers; undefined when there is no such layer, or when they have different hours.
 */
export function frameOf({ time_zone, layers }: ScheduleDefinition, place?: number): Frame | undefined {
  const first = layers[place ?? 0];
  const isAlike = (layer: LayerDefinition | undefined) =>
    isDeepStrictEqual(layer?.only, first?.only) && layer?.time_zone === first?.time_zone;
  const rest = [...layers.keys()].slice(place ?? 0);
  const end = rest.findIndex((each) => !isAlike(layers[each]));
  const alike = place !== undefined || end < 0;
  const places = end < 0 ? rest : rest.slice(0, end);
  if (!first || !alike) return undefined;
  const { only, time_zone: own } = first;
  return {
    ...{ zone: own ?? time_zone, places },
    layer: { ...(only && { only }), ...(own && { time_zone: own }) },
  };
}

/** The turn that a schedule has now, where it is of whole days; a week otherwise. */
export function turnOf(layers: readonly LayerDefinition[]): string {
  const ring = layers.find((layer) => layer.users !== undefined);
  if (ring?.rotation === "daily") return "1d";
  return ring?.every !== undefined && /^([1-9]|[12]\d)d$|^[1-4]w$/.test(ring.every) ? ring.every : "1w";
}

/**
 * The first local time at or after `earliest` at which a turn of the ring begins, so that a proposal hands over when
 * people are used to it; `earliest` without a ring.
 */
export function nextTurn(
  layers: readonly LayerDefinition[],
  earliest: Temporal.PlainDateTime,
): Temporal.PlainDateTime {
  const ring = layers.find((layer) => layer.starts !== undefined);
  if (!ring?.starts) return earliest;
  const first = Temporal.PlainDateTime.from(ring.starts).round({ smallestUnit: "minute" });
  const step = ring.rotation === "weekly" ? 7 : /^\d+[dw]$/.test(ring.every ?? "") ? daysOf(ring.every!) : 1;
  const since = first.until(earliest, { largestUnit: "hours" }).total("hours") / 24;
  return first.add({ days: step * Math.ceil(since / step) });
}

const daysOf = (turn: string): number => Number.parseInt(turn, 10) * (turn.endsWith("w") ? 7 : 1);

/** Turns on the wall clock from a local time on; the last one may reach past the weeks. */
export function turnsFrom(start: Temporal.PlainDateTime, of: { turn: string; weeks: number }): ListedShift[] {
  const days = daysOf(of.turn);
  const local = (turn: number) => start.add({ days: turn * days }).toString({ smallestUnit: "minute" });
  return Array.from({ length: Math.ceil((of.weeks * 7) / days) }, (_, turn) => ({
    ...{ user: String(turn), from: local(turn), to: local(turn + 1) },
  }));
}

/** When each turn really is on call: what the frame's hours leave of it, by the turn's number. */
export function piecesOf(turns: readonly ListedShift[], { zone, layer }: Frame): Stretch[][] {
  const at = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant();
  const [from, to] = [at(turns[0]!.from), at(turns.at(-1)!.to)];
  const [pieces = []] = lanes({ time_zone: zone, layers: [{ shifts: turns, ...layer }] }, from, to);
  const byTurn = Map.groupBy(pieces, ({ user }) => Number(user));
  return turns.map((_, turn) =>
    (byTurn.get(turn) ?? []).map((piece) => ({
      ...{ from: piece.from.epochMilliseconds, to: piece.to.epochMilliseconds },
    })),
  );
}
