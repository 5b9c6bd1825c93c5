import { shifts } from "../schedule/shifts.ts";
import type { Schedule, Shift, Span } from "../schedule/types.ts";

/** A shift with the name of its place in the schedule, which it keeps when its times or its person change. */
export interface SlottedShift extends Shift {
  slot: string;
}

/** Who comes in by which override, in the order of their making. */
export interface NamedOverride extends Span {
  id: string;
  user: string | null;
}

export interface SlotsOf {
  rules: Schedule;
  overrides: readonly NamedOverride[];
  /** In which the days of slots are counted. */
  timeZone: string;
  range: Span;
}

const overlap = (a: Span, b: Span): boolean =>
  Temporal.Instant.compare(a.from, b.to) < 0 && Temporal.Instant.compare(b.from, a.to) < 0;

/**
 * The final schedule, exactly as `shifts` says, each shift with its slot. A slot is what the layers alone say: layer
 * and day of its beginning. So a hand-off that moves by hours leaves it the same slot, and so does an edit that counts
 * turns anew. Of a slot that overrides cut up, the first piece of its own person keeps the name; where none is left,
 * whoever stands in for them has it. Every other piece is named after its override, or after the slot it is a rest of.
 */
export function slottedShifts({ rules, overrides, timeZone, range }: SlotsOf): SlottedShift[] {
  // What has been since before the range has no beginning here that would stay the same.
  const dayOf = (at: Temporal.Instant) =>
    at.equals(range.from) ? "ongoing" : at.toZonedDateTimeISO(timeZone).toPlainDate().toString();
  const base = shifts({ ...rules, overrides: [] }, range.from, range.to).items;
  const names = numbered();
  const slots = base.map((shift) => ({ shift, name: names(`l${shift.layer}.${dayOf(shift.from)}`) }));
  const during = byDay(slots);
  const taken = new Set<string>();
  const { items } = shifts(rules, range.from, range.to);
  const named = new Map<Shift, string>();
  const claim = (shift: Shift, fits: (slot: Shift) => boolean) => {
    const free = during(shift).find(
      (slot) => !taken.has(slot.name) && fits(slot.shift) && overlap(slot.shift, shift),
    );
    if (!free) return;
    taken.add(free.name);
    named.set(shift, free.name);
  };
  const isOwn = (shift: Shift) => (slot: Shift) => slot.user === shift.user && slot.layer === shift.layer;
  for (const shift of items) if (shift.source === "layer") claim(shift, isOwn(shift));
  for (const shift of items) if (shift.source === "override") claim(shift, () => true);
  const rest = (shift: Shift): string => {
    const cause = overrides.find((each) => each.user === shift.user && overlap(each, shift));
    if (shift.source === "override" && cause) return names(`o${cause.id}`);
    const slot = during(shift).find((each) => isOwn(shift)(each.shift) && overlap(each.shift, shift));
    return names(`${slot?.name ?? dayOf(shift.from)}.rest`);
  };
  return items.map((shift) => ({ ...shift, slot: named.get(shift) ?? rest(shift) }));
}

const DAY_MS = 86_400_000;

/** Looks slots up by the days they touch: an hourly rotation has ten thousand of them. */
function byDay<S extends { shift: Span }>(slots: readonly S[]): (span: Span) => S[] {
  const daysOf = ({ from, to }: Span): number[] => {
    const first = Math.floor(from.epochMilliseconds / DAY_MS);
    const last = Math.floor(to.epochMilliseconds / DAY_MS);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  };
  const days = new Map<number, S[]>();
  for (const slot of slots)
    for (const day of daysOf(slot.shift)) days.set(day, [...(days.get(day) ?? []), slot]);
  return (span) => [...new Set(daysOf(span).flatMap((day) => days.get(day) ?? []))];
}

/** The first of a name has it as it is, those after it with a number. */
function numbered(): (name: string) => string {
  const counts = new Map<string, number>();
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}.${count}`;
  };
}
