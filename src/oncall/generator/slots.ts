import { isDeepStrictEqual } from "node:util";
import { lanes } from "../schedule/shifts.ts";
import type { Stretch } from "../schedule/stretches.ts";
import type { LayerDefinition, ListedShift, ScheduleDefinition } from "../schedule/types.ts";

/** What all layers of a schedule have in common, and so a proposal for it has too. */
export interface Frame {
  zone: string;
  /** Put on the proposed layer as it is. */
  layer: Pick<LayerDefinition, "only" | "time_zone">;
  /** Whether all layers have the same hours in the same zone. */
  alike: boolean;
}

/** The hours that the schedule's layers are restricted to, if they all are to the same; else every hour. */
export function frameOf({ time_zone, layers }: ScheduleDefinition): Frame {
  const [first] = layers;
  const alike = layers.every(
    (layer) => isDeepStrictEqual(layer.only, first?.only) && layer.time_zone === first?.time_zone,
  );
  if (!first || !alike) return { zone: time_zone, layer: {}, alike };
  const { only, time_zone: own } = first;
  return { zone: own ?? time_zone, layer: { ...(only && { only }), ...(own && { time_zone: own }) }, alike };
}

/** The turn that a schedule has now, where it is of whole days; a week otherwise. */
export function turnOf({ layers }: ScheduleDefinition): string {
  const ring = layers.find((layer) => layer.users !== undefined);
  if (ring?.rotation === "daily") return "1d";
  return ring?.every !== undefined && /^([1-9]|[12]\d)d$|^[1-4]w$/.test(ring.every) ? ring.every : "1w";
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
