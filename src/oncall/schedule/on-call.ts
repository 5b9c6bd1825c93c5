import { type Entry, type Slice, slicesWithin } from "./slices.ts";
import type { Schedule, UserId } from "./types.ts";

export interface OnCall {
  /** In order; empty in a gap. */
  users: UserId[];
  /** When that changes; null if it doesn't within the next two years. */
  until: Temporal.Instant | null;
  /** Who is on call from `until` on; empty if nobody is. */
  next: UserId[];
}

const HOUR_MS = 3_600_000;
/** A third of a working day: the shortest turns are still few enough in it. */
const FIRST_LOOK_MS = 4 * HOUR_MS;
/** How far ahead a change is looked for. */
export const FURTHEST_LOOK_MS = 731 * 24 * HOUR_MS;

/** The last answer about a schedule, and how far it has been looked for a change. */
interface Known {
  at: number;
  seenTo: number;
  answer: OnCall;
}

const lastAnswers = new WeakMap<Schedule, Known>();

/**
 * Who is on call at an instant, until when, and who then. The answer is remembered with the schedule, which is never
 * changed: until the hand-off it needs no working out.
 */
export function onCallAt(schedule: Schedule, at: Temporal.Instant): OnCall {
  const atMs = at.epochMilliseconds;
  const known = lastAnswers.get(schedule);
  const answer = (known && stillRight(schedule, known, atMs)) ?? workedOut(schedule, at);
  const seenTo = answer.until?.epochMilliseconds ?? atMs + FURTHEST_LOOK_MS;
  if (answer !== known?.answer || seenTo > known.seenTo)
    lastAnswers.set(schedule, { at: answer === known?.answer ? known.at : atMs, seenTo, answer });
  return answer;
}

/** The last answer, if it holds at this instant too. Where no change was in sight, only what has come into it is looked at. */
function stillRight(schedule: Schedule, { at, seenTo, answer }: Known, atMs: number): OnCall | undefined {
  if (atMs < at || atMs >= seenTo) return undefined;
  if (answer.until !== null) return answer;
  const furthest = atMs + FURTHEST_LOOK_MS;
  if (furthest <= seenTo) return furthest === seenTo ? answer : undefined;
  const fresh = slicesWithin(schedule, { from: seenTo, to: furthest });
  return fresh.every(({ entries }) => sameUsers(usersOf(entries), answer.users)) ? answer : undefined;
}

function workedOut(schedule: Schedule, at: Temporal.Instant): OnCall {
  let now: UserId[] | undefined;
  for (const slice of slicesFrom(schedule, at)) {
    const users = usersOf(slice.entries);
    now ??= users;
    if (!sameUsers(now, users))
      return { users: now, until: Temporal.Instant.fromEpochMilliseconds(slice.from), next: users };
  }
  return { users: now ?? [], until: null, next: [] };
}

/** Only who is on call at an instant: cheaper than `onCallAt`, for paging. */
export function usersOnCall(schedule: Schedule, at: Temporal.Instant): UserId[] {
  const from = at.epochMilliseconds;
  return usersOf(slicesWithin(schedule, { from, to: from + 1 })[0]!.entries);
}

/** The next instant after `at` at which the people on call change; null if there is none within two years. */
export const nextHandOff = (schedule: Schedule, at: Temporal.Instant): Temporal.Instant | null =>
  onCallAt(schedule, at).until;

/** The final schedule from an instant on, worked out in growing portions: most questions are answered by the first. */
export function* slicesFrom(schedule: Schedule, at: Temporal.Instant): Generator<Slice> {
  const end = at.epochMilliseconds + FURTHEST_LOOK_MS;
  let lengthMs = FIRST_LOOK_MS;
  for (let from = at.epochMilliseconds; from < end; ) {
    const to = Math.min(from + lengthMs, end);
    yield* slicesWithin(schedule, { from, to });
    from = to;
    lengthMs *= 4;
  }
}

const usersOf = (entries: readonly Entry[]): UserId[] => entries.map((entry) => entry.user).sort();

const sameUsers = (a: readonly UserId[], b: readonly UserId[]): boolean =>
  a.length === b.length && a.every((user, i) => user === b[i]);
