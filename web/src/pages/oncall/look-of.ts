import { useMe } from "../../app/session.ts";
import type { Shifts } from "../../lib/types.ts";
import { useNames } from "./people.ts";
import type { LookOf } from "./shift-bar.tsx";

/** A tint for each person of these shifts, in the order in which they first appear. */
export function useLookOf(shifts: Shifts | undefined): LookOf {
  const nameOf = useNames();
  const mine = useMe().user.email;
  const everybody = [
    ...new Set([...(shifts?.layers ?? []).flat(), ...(shifts?.items ?? [])].map((shift) => shift.user)),
  ].toSorted();
  return (email) => ({
    name: nameOf(email),
    tint: Math.max(0, everybody.indexOf(email)),
    isMe: email === mine,
  });
}
