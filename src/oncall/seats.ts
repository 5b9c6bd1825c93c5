import type { LayerDefinition, ListedShift, Seat } from "./schedule/types.ts";

/** One user named in a layer, and where: a JSON pointer such as `/layers/0/users/2`. */
export interface Mention {
  pointer: string;
  user: string;
}

/** Everybody whom the layers name, in order. */
export const mentions = (layers: readonly LayerDefinition[]): Mention[] =>
  layers.flatMap(({ users = [], shifts = [] }, i) => [
    ...users.flatMap((seat, j) => {
      const pointer = `/layers/${i}/users/${j}`;
      if (seat === null) return [];
      if (typeof seat === "string") return [{ pointer, user: seat }];
      return seat.map((user, k) => ({ pointer: `${pointer}/${k}`, user }));
    }),
    ...shifts.flatMap((shift, j) => {
      const pointer = `/layers/${i}/shifts/${j}`;
      if (shift.user !== undefined) return [{ pointer: `${pointer}/user`, user: shift.user }];
      return (shift.users ?? []).map((user, k) => ({ pointer: `${pointer}/users/${k}`, user }));
    }),
  ]);

/**
 * The same layers with every user renamed; undefined takes somebody out. A seat that nobody is left in stays, vacant,
 * so that the ring isn't reshuffled; a listed shift that nobody is left in goes.
 */
export const renamed = (
  layers: readonly LayerDefinition[],
  rename: (user: string) => string | undefined,
): LayerDefinition[] =>
  layers.map(({ users, shifts, ...layer }) => ({
    ...layer,
    ...(users && { users: users.map((seat) => renamedSeat(seat, rename)) }),
    ...(shifts && { shifts: shifts.flatMap((shift) => renamedShift(shift, rename)) }),
  }));

function renamedShift(
  { user, users, ...times }: ListedShift,
  rename: (user: string) => string | undefined,
): ListedShift[] {
  const left = renamedSeat(user ?? users ?? [], rename);
  if (left === null) return [];
  return [typeof left === "string" ? { user: left, ...times } : { users: left, ...times }];
}

function renamedSeat(seat: Seat, rename: (user: string) => string | undefined): Seat {
  if (seat === null) return null;
  if (typeof seat === "string") return rename(seat) ?? null;
  const left = [...new Set(seat.map(rename))].filter((user) => user !== undefined);
  return left.length > 0 ? left : null;
}
