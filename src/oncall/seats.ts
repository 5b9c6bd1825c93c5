import type { LayerDefinition, Seat } from "./schedule/types.ts";

/** One user named in a layer, and where: a JSON pointer such as `/layers/0/users/2`. */
export interface Mention {
  pointer: string;
  user: string;
}

/** Everybody whom the layers name, in order. */
export const mentions = (layers: readonly LayerDefinition[]): Mention[] =>
  layers.flatMap(({ users }, i) =>
    users.flatMap((seat, j) => {
      const pointer = `/layers/${i}/users/${j}`;
      if (seat === null) return [];
      if (typeof seat === "string") return [{ pointer, user: seat }];
      return seat.map((user, k) => ({ pointer: `${pointer}/${k}`, user }));
    }),
  );

/**
 * The same layers with every user renamed; undefined takes somebody out. A seat that nobody is left in stays, vacant,
 * so that the ring isn't reshuffled.
 */
export const renamed = (
  layers: readonly LayerDefinition[],
  rename: (user: string) => string | undefined,
): LayerDefinition[] =>
  layers.map((layer) => ({ ...layer, users: layer.users.map((seat) => renamedSeat(seat, rename)) }));

function renamedSeat(seat: Seat, rename: (user: string) => string | undefined): Seat {
  if (seat === null) return null;
  if (typeof seat === "string") return rename(seat) ?? null;
  const left = [...new Set(seat.map(rename))].filter((user) => user !== undefined);
  return left.length > 0 ? left : null;
}
