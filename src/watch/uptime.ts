import { isBefore } from "../platform/clock.ts";
import type { MonitorStatus } from "./schema.ts";

export interface Transition {
  at: Temporal.Instant;
  to: MonitorStatus;
}

/** Milliseconds spent in each state. */
export type Spent = Record<MonitorStatus, number>;

/**
 * Time in each state over [from, to), exactly, from transitions alone. `transitions` are in order of time and may
 * begin before `from`: the last one before it says what held then. Before any transition the state is unknown.
 */
export function timeIn(
  transitions: readonly Transition[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): Spent {
  const spent: Spent = { up: 0, degraded: 0, down: 0, unknown: 0 };
  let state: MonitorStatus = "unknown";
  let since = from.epochMilliseconds;
  const end = to.epochMilliseconds;
  for (const transition of transitions) {
    const at = transition.at.epochMilliseconds;
    if (at >= end) break;
    if (at > since) {
      spent[state] += at - since;
      since = at;
    }
    state = transition.to;
  }
  spent[state] += Math.max(0, end - since);
  return spent;
}

/** Up and degraded time over all known time, 0 to 1; null when nothing is known. Unknown time counts neither way. */
export function uptimeOf(spent: Spent): number | null {
  const known = spent.up + spent.degraded + spent.down;
  return known === 0 ? null : (spent.up + spent.degraded) / known;
}

/**
 * The same history with nothing known while work was planned: unknown time counts neither way. `planned` is in order,
 * without overlaps; both are half-open. What was found meanwhile holds from the end of the work on.
 */
export function withoutPlanned(
  transitions: readonly Transition[],
  planned: readonly { from: Temporal.Instant; to: Temporal.Instant }[],
): Transition[] {
  const left: Transition[] = [];
  let next = 0;
  let state: MonitorStatus = "unknown";
  const passUpTo = (end: Temporal.Instant, keep: boolean) => {
    for (let each = transitions[next]; each && isBefore(each.at, end); each = transitions[++next]) {
      state = each.to;
      if (keep) left.push(each);
    }
  };
  for (const { from, to } of planned) {
    passUpTo(from, true);
    left.push({ at: from, to: "unknown" });
    passUpTo(to, false);
    left.push({ at: to, to: state });
  }
  return [...left, ...transitions.slice(next)];
}
