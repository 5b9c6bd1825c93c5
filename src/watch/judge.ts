import type { CheckResult, Status } from "./kinds/kind.ts";
import type { Confirm, MonitorTable } from "./table.ts";

/** How sure to be before saying so. All times in ms, all instants epoch ms. */
export interface JudgePolicy {
  everyMs: number;
  timeoutMs: number;
  /** Consecutive failures that make a change; counts the first. */
  failures: number;
  /** Waits before the quick re-checks; the last one repeats. */
  retryEveryMs: readonly number[];
  /** Consecutive good results that end a failure. */
  recoveries: number;
}

/** A result with its instants, as the prober reports it. */
export interface JudgedResult extends Pick<CheckResult, "status" | "reason" | "cause" | "hard"> {
  /** When the check began, epoch ms. */
  at: number;
  /** When it ended, epoch ms; its age is counted from here. */
  endedAt?: number;
  /** Why the prober doubts its own sample (a loop that lagged, a clock that jumped); null when it doesn't. */
  suspect?: string | null;
  /** It stands on more than this one check: degraded by it needs no confirmation. */
  sure?: boolean;
}

interface Streak {
  count: number;
  since: number;
}

/** What is remembered of one monitor between results. Plain JSON. */
export interface JudgeState {
  status: Status;
  /** Since when, epoch ms: the first result that showed it, not the one that confirmed it. */
  since: number;
  /** The last status that wasn't unknown. */
  known: Exclude<Status, "unknown"> | null;
  /** Results in a row that were: up, not up, not down, down, unknown. */
  streaks: { up: Streak; bad: Streak; fair: Streak; down: Streak; unknown: Streak };
  /** Start of the newest result judged; null before the first. */
  lastAt: number | null;
  /** Instants of the latest changes between known statuses, six at most. */
  changes: number[];
  flapping: boolean;
}

export interface Transition {
  from: Status;
  to: Status;
  /** When it was confirmed. */
  at: number;
  /** When the first of the results that show it began: outages are measured from here. */
  since: number;
  /** The last known status before: an alert is resolved when this was bad and `to` is up, also by way of unknown. */
  known: JudgeState["known"];
  reason: string;
  cause: string;
  hard: boolean;
  /** Results in a row that agreed. */
  confirmedBy: number;
  /** Six or more changes in 15 minutes: say it when it `begins`, be quiet while it `continues`. */
  flapping: false | "begins" | "continues";
}

export interface Judgement {
  state: JudgeState;
  /** How the result counts; a suspect failure counts as unknown. */
  counted: Status;
  /** Too old, or overtaken by a newer one: it belongs in the history and changed nothing. */
  stale: boolean;
  transition?: Transition;
  /** The flapping is over, 15 minutes after the last change: say how it stands. */
  steady?: true;
  /** Look again at this instant (epoch ms) rather than at the next due time. */
  recheckAt?: number;
}

export const FLAPPING_CHANGES = 6;
export const FLAPPING_WINDOW_MS = 15 * 60_000;
const DOUBT_WAIT_MS = 60_000;
/** While flapping, one good result is no recovery. */
const FLAPPING_RECOVERIES = 2;
/** Results further apart than this are not in a row: what happened between them nobody saw. */
const LONGEST_GAP_MS = 60_000;

/** The cause of the state while nobody looked. */
export const UNWATCHED = "own:unwatched";

const NONE: Streak = { count: 0, since: 0 };
const NO_STREAKS: JudgeState["streaks"] = { up: NONE, bad: NONE, fair: NONE, down: NONE, unknown: NONE };

/** A monitor nobody has looked at yet, or again after a pause. */
export const newJudgeState = (now: number): JudgeState => ({
  status: "unknown",
  since: now,
  known: null,
  streaks: NO_STREAKS,
  lastAt: null,
  changes: [],
  flapping: false,
});

/** The policy of a stored monitor. */
export const policyOf = (
  monitor: Pick<MonitorTable, "every_ms" | "timeout_ms"> & { confirm: Confirm },
): JudgePolicy => ({
  everyMs: monitor.every_ms,
  timeoutMs: monitor.timeout_ms,
  ...monitor.confirm,
});

/**
 * One result, judged. Pure: the same results in the same order always end in the same state.
 * A status is confirmed by results in a row, the quick re-checks among them; unknown results neither confirm nor
 * interrupt anything, and only a run of them, as long as for a failure, makes the monitor unknown.
 */
export function judge(state: JudgeState, result: JudgedResult, policy: JudgePolicy, now: number): Judgement {
  const counted = result.suspect && result.status !== "up" ? "unknown" : result.status;
  if (isStale(state, result, policy, now)) return { state, counted, stale: true };
  const flapping = state.flapping && now - (state.changes.at(-1) ?? 0) < FLAPPING_WINDOW_MS;
  const seen: JudgeState = {
    ...state,
    flapping,
    streaks: extend(gapBefore(state, result, policy) ? NO_STREAKS : state.streaks, counted, result.at),
    lastAt: result.at,
  };
  const sure = result.sure === true && counted === "degraded";
  const to = sure && state.status !== "down" ? "degraded" : confirmed(seen, policy);
  if (to === seen.status) {
    const isDoubted = counted === "unknown" && Boolean(result.suspect);
    const waitMs = isDoubted ? doubtWaitMs(seen, policy) : sure ? null : retryWaitMs(seen, counted, policy);
    return {
      ...{ state: seen, counted, stale: false },
      ...(state.flapping && !flapping ? { steady: true } : {}),
      ...(waitMs === null ? {} : { recheckAt: now + waitMs }),
    };
  }
  return { ...change(seen, to, result, now), counted, stale: false };
}

/** Older than two intervals, or older than one already judged. A past that lies ahead of `now` was a wrong clock's. */
function isStale(state: JudgeState, result: JudgedResult, policy: JudgePolicy, now: number): boolean {
  const overdue = now - (result.endedAt ?? result.at) > 2 * policy.everyMs;
  const overtaken = state.lastAt !== null && state.lastAt <= now && result.at < state.lastAt;
  return overdue || overtaken;
}

const gapBefore = (state: JudgeState, result: Pick<JudgedResult, "at">, policy: JudgePolicy): boolean =>
  state.lastAt !== null &&
  result.at - state.lastAt > Math.max(LONGEST_GAP_MS, 3 * policy.everyMs) + policy.timeoutMs;

/**
 * Nobody looked, from `fromMs` until now (epoch ms): the prober slept, stood still or was not running. A stretch long
 * enough to miss several checks is unknown time; undefined when it is shorter, or nothing was known anyway.
 */
export function unwatched(
  state: JudgeState,
  { fromMs, reason }: { fromMs: number; reason: string },
  { policy, now }: { policy: JudgePolicy; now: number },
): { state: JudgeState; transition: Transition } | undefined {
  if (state.status === "unknown" || !gapBefore(state, { at: now }, policy)) return undefined;
  const since = Math.min(now, Math.max(fromMs, state.lastAt ?? fromMs, state.since));
  return {
    state: { ...state, status: "unknown", since, streaks: NO_STREAKS },
    transition: {
      ...{ from: state.status, to: "unknown", at: now, since, known: state.known },
      ...{ reason, cause: UNWATCHED, hard: false, confirmedBy: 0, flapping: false },
    },
  };
}

function extend(streaks: JudgeState["streaks"], counted: Status, at: number): JudgeState["streaks"] {
  const next = (streak: Streak, belongs: boolean): Streak =>
    belongs ? { count: streak.count + 1, since: streak.count === 0 ? at : streak.since } : NONE;
  if (counted === "unknown") return { ...streaks, unknown: next(streaks.unknown, true) };
  return {
    up: next(streaks.up, counted === "up"),
    bad: next(streaks.bad, counted !== "up"),
    fair: next(streaks.fair, counted !== "down"),
    down: next(streaks.down, counted === "down"),
    unknown: NONE,
  };
}

const recoveriesWanted = (state: JudgeState, policy: JudgePolicy): number =>
  state.flapping ? Math.max(policy.recoveries, FLAPPING_RECOVERIES) : policy.recoveries;

/** A moment of blindness is not worth a word; one that lasts from one due time to the next is. */
const blindForMs = (state: JudgeState): number => (state.lastAt ?? 0) - state.streaks.unknown.since;

/** The status that the streaks prove, else the one it has. */
function confirmed(state: JudgeState, policy: JudgePolicy): Status {
  const { up, bad, fair, down, unknown } = state.streaks;
  const recoveries = recoveriesWanted(state, policy);
  if (unknown.count >= policy.failures && blindForMs(state) >= policy.everyMs) return "unknown";
  if (down.count >= policy.failures) return "down";
  if (up.count >= recoveries) return "up";
  if (state.status === "down") return fair.count >= recoveries ? "degraded" : "down";
  return bad.count >= policy.failures ? "degraded" : state.status;
}

/** How long until a quick re-check; null when nothing is in doubt. */
function retryWaitMs(state: JudgeState, counted: Status, policy: JudgePolicy): number | null {
  if (counted === state.status) return null;
  const { up, bad, fair, down, unknown } = state.streaks;
  const inARow: Record<Status, number> = {
    up: up.count,
    degraded: state.status === "down" ? fair.count : bad.count,
    down: down.count,
    unknown: unknown.count,
  };
  const soFar = inARow[counted];
  if (counted === "unknown" && soFar >= policy.failures) return null;
  return policy.retryEveryMs[Math.min(soFar, policy.retryEveryMs.length) - 1] ?? null;
}

/**
 * How long until another look after one that we ourselves spoilt, whatever is known already: as quickly as for a failure,
 * then once a minute for as long as our own trouble lasts. Null where the next turn comes as soon.
 */
function doubtWaitMs({ streaks: { unknown } }: JudgeState, policy: JudgePolicy): number | null {
  if (unknown.count < policy.failures)
    return policy.retryEveryMs[Math.min(unknown.count, policy.retryEveryMs.length) - 1] ?? null;
  return policy.everyMs > DOUBT_WAIT_MS ? DOUBT_WAIT_MS : null;
}

const PROVEN_BY = { up: "up", down: "down", unknown: "unknown" } as const;

function change(
  state: JudgeState,
  to: Status,
  result: JudgedResult,
  now: number,
): { state: JudgeState; transition: Transition } {
  const streak =
    to === "degraded"
      ? state.status === "down"
        ? state.streaks.fair
        : state.streaks.bad
      : state.streaks[PROVEN_BY[to]];
  const since = Math.max(streak.since, state.since);
  // Going blind and seeing again what was there before is no change of the target.
  const counts = to !== "unknown" && state.known !== null && state.known !== to;
  const changes = counts ? [...state.changes, now].slice(-FLAPPING_CHANGES) : state.changes;
  const flapping =
    state.flapping ||
    (changes.length === FLAPPING_CHANGES && now - (changes[0] ?? now) <= FLAPPING_WINDOW_MS);
  const transition: Transition = {
    from: state.status,
    to,
    at: now,
    since,
    known: state.known,
    reason: result.reason,
    cause: result.cause,
    hard: result.hard,
    confirmedBy: streak.count,
    flapping: flapping ? (state.flapping ? "continues" : "begins") : false,
  };
  return {
    state: {
      ...state,
      status: to,
      since,
      known: to === "unknown" ? state.known : to,
      streaks: to === "unknown" ? { ...NO_STREAKS, unknown: state.streaks.unknown } : state.streaks,
      changes,
      flapping,
    },
    transition,
  };
}
