import type { Role } from "./schema.ts";

const RANK: Record<Role, number> = { viewer: 0, responder: 1, admin: 2 };

/** Whichever of the two may do less. */
export const lesserRole = (a: Role, b: Role): Role => (RANK[a] <= RANK[b] ? a : b);
