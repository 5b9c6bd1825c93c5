import { isBefore } from "../../platform/clock.ts";
import { joinSpans, laterOf } from "../../platform/hours/spans.ts";
import { shifts } from "../schedule/shifts.ts";
import type { Schedule, Span } from "../schedule/types.ts";

/** swap: a shift to come. cover: from now on. away: asked for by itself, since somebody is away. */
export type OfferKind = "swap" | "cover" | "away";
/** moved: the shift is no longer its owner's as it was offered, so the question means nothing any more. */
export type OfferState = "open" | "taken" | "declined" | "withdrawn" | "expired" | "moved";

export interface Offer extends Span {
  owner: string;
  state: OfferState;
  takenBy: string | null;
  /** Null: everybody of the schedule and its team. */
  asked: readonly string[] | null;
}

/** When a person is on call within a range, whatever layer or override says so, adjoining pieces joined. */
export function dutyOf(rules: Schedule, user: string, { from, to }: Span): Span[] {
  if (!isBefore(from, to)) return [];
  return joinSpans(shifts(rules, from, to).items.filter((shift) => shift.user === user));
}

/** Is somebody on call for all of a stretch, from `now` on? */
export function isAllOnCall(rules: Schedule, user: string, span: Span, now: Temporal.Instant): boolean {
  const ahead = { from: laterOf(span.from, now), to: span.to };
  const [only, ...others] = dutyOf(rules, user, ahead);
  return (
    only !== undefined &&
    others.length === 0 &&
    // Shifts are exact to the millisecond; the clock is finer.
    only.from.epochMilliseconds === ahead.from.epochMilliseconds &&
    only.to.epochMilliseconds === ahead.to.epochMilliseconds
  );
}

export type Take =
  /** Whoever takes it is on call from `from`: now, where the shift has begun. */
  | { kind: "take"; from: Temporal.Instant }
  /** They have it already; asking twice is no error. */
  | { kind: "done" }
  | { kind: "moved" }
  | { kind: "refuse"; because: "closed" | "over" | "own" | "not-asked" | "on-call" };

/** May this person take the offer now? `people` are all of the schedule and its team. */
export function decideTake(
  offer: Offer,
  taker: string,
  { rules, people, now }: { rules: Schedule; people: ReadonlySet<string>; now: Temporal.Instant },
): Take {
  if (offer.state === "taken" && offer.takenBy === taker) return { kind: "done" };
  if (offer.state !== "open") return { kind: "refuse", because: "closed" };
  if (!isBefore(now, offer.to)) return { kind: "refuse", because: "over" };
  if (taker === offer.owner) return { kind: "refuse", because: "own" };
  if (!(offer.asked ? offer.asked.includes(taker) : people.has(taker)))
    return { kind: "refuse", because: "not-asked" };
  if (!isAllOnCall(rules, offer.owner, offer, now)) return { kind: "moved" };
  const from = laterOf(offer.from, now);
  // Replacing somebody by one who is on call beside them would leave one person fewer.
  if (dutyOf(rules, taker, { from, to: offer.to }).length > 0) return { kind: "refuse", because: "on-call" };
  return { kind: "take", from };
}

/** Everybody who was named has said no. Where all were asked, somebody may still turn up. */
export const allDeclined = (offer: Offer, declined: ReadonlySet<string>): boolean =>
  offer.asked?.every((id) => declined.has(id)) ?? false;
