import { formatDuration, humanDuration } from "../../platform/duration.ts";
import { graceMsOf, type HeartbeatConfig, maxRuntimeMsOf } from "../kinds/heartbeat/config.ts";
import { type Schedule, scheduleOf } from "../kinds/heartbeat/schedule.ts";

/** What a job can say. All times here are epoch ms, all durations ms. */
export type SignalKind = "success" | "fail" | "start" | "log";

export interface Signal {
  kind: SignalKind;
  at: number;
  /** Which run it belongs to, where the job says. */
  rid: string | null;
  exitStatus: number | null;
  /** The first line of what came with it. */
  line: string | null;
}

/** When pings are due. */
export interface HeartbeatPolicy {
  schedule: Schedule;
  graceMs: number;
  /** Null: a run that was started must end within the grace. */
  maxRuntimeMs: number | null;
}

export const policyOfHeartbeat = (config: HeartbeatConfig): HeartbeatPolicy => ({
  schedule: scheduleOf(config),
  graceMs: graceMsOf(config),
  maxRuntimeMs: maxRuntimeMsOf(config),
});

/** What is remembered of the signals: enough to say how it stands at any later time. Plain JSON. */
export interface Facts {
  /** The last success or failure. */
  lastEnd: { at: number; ok: boolean; exitStatus: number | null; line: string | null } | null;
  /** The run under way, as far as it was told. */
  run: { at: number; rid: string | null } | null;
  /** A run that was overdue when the next one started: down until something succeeds. */
  overrun: { startedAt: number; dueAt: number } | null;
  /** Resumed, or given another schedule, then: nothing is expected from before. Null while it never pinged. */
  countsFrom: number | null;
}

export const NO_FACTS: Facts = { lastEnd: null, run: null, overrun: null, countsFrom: null };

/** Time in which Keepwatch could not be reached. */
export interface Gap {
  from: number;
  to: number;
}

export interface Standing {
  status: "up" | "down" | "unknown";
  /** Since when it stands so, as far as this status came by the passing of time; null when a signal brought it. */
  since: number | null;
  reason: string;
  /** For the fingerprint: `ok`, `ping:late`, `run:late`, `ping:fail`, `exit:3`, `ping:none`, `ping:unheard`. */
  cause: string;
  /** When a ping is expected; null while none is. */
  expectedAt: number | null;
  /** When it will be missed unless something comes: the time to look again. Null while only a signal can change it. */
  dueAt: number | null;
}

/** Clocks differ: a ping so little before its time is the ping of that time. */
const SKEW_MS = 15_000;
/** Runs closer together than so many times that can't be told apart by it. */
const SKEW_ROOM = 4;
/** A run that is longer was not told right. */
export const LONGEST_RUN_MS = 72 * 3_600_000;

/** A run's duration by a signal that ends it; null when it was not told, or is too long to be true. */
export function durationOf(facts: Facts, signal: Signal): number | null {
  if (signal.kind !== "success" && signal.kind !== "fail") return null;
  if (!facts.run || facts.run.rid !== signal.rid) return null;
  const ms = signal.at - facts.run.at;
  return ms >= 0 && ms < LONGEST_RUN_MS ? ms : null;
}

/** One more signal. `before` is how it stood when the signal came. */
export function take(facts: Facts, signal: Signal, before: Standing): Facts {
  switch (signal.kind) {
    case "log":
      return facts;
    case "start": {
      const late = before.cause === "run:late" && facts.run ? facts.run : null;
      const overrun = late ? { startedAt: late.at, dueAt: before.since ?? signal.at } : facts.overrun;
      return { ...facts, overrun, run: { at: signal.at, rid: signal.rid } };
    }
    case "success":
    case "fail": {
      const { at, exitStatus, line, rid } = signal;
      const ends = signal.kind === "fail" || rid === null || facts.run?.rid === rid;
      const lastEnd = { at, ok: signal.kind === "success", exitStatus, line };
      return { ...facts, lastEnd, overrun: null, run: ends ? null : facts.run };
    }
  }
}

/** After a pause: what came before says nothing of now, but whoever pinged once is expected to ping again. */
export const resumed = (facts: Facts, now: number): Facts =>
  hasPinged(facts) ? { ...NO_FACTS, countsFrom: now } : NO_FACTS;

/** Another schedule counts from when it was set. */
export const rescheduled = (facts: Facts, now: number): Facts =>
  hasPinged(facts) ? { ...facts, countsFrom: now } : facts;

const hasPinged = ({ lastEnd, countsFrom }: Facts): boolean => lastEnd !== null || countsFrom !== null;

/** What a standing is worked out from, beside the facts. */
interface View {
  policy: HeartbeatPolicy;
  gaps: readonly Gap[];
  now: number;
}

/**
 * How a heartbeat stands at `now`. Pure. `gaps` are the times when nobody listened, in any order: a ping that was
 * missed in one is not called missed; then it is unknown until the one after it is due as well.
 */
export function standingOf(facts: Facts, view: View): Standing {
  const { policy, now } = view;
  const { lastEnd, overrun, run } = facts;
  if (overrun) return runLate(overrun.startedAt, overrun.dueAt, policy);
  if (lastEnd && !lastEnd.ok) return failed(lastEnd);
  if (!run) return bySchedule(facts, view);
  const dueAt = run.at + (policy.maxRuntimeMs ?? policy.graceMs);
  const unheard = now < dueAt ? null : lastGap(view.gaps, run.at, dueAt);
  if (unheard) return endUnheard(facts, view, { gap: unheard, dueAt });
  const schedule = bySchedule(facts, view);
  const missedAt = schedule.status === "down" ? (schedule.since ?? now) : null;
  // With a limit of its own, a run that began in time answers for its turn.
  const answers = policy.maxRuntimeMs !== null && (missedAt === null || missedAt > run.at);
  if (missedAt !== null && !answers && missedAt <= dueAt) return schedule;
  if (now >= dueAt) return runLate(run.at, dueAt, policy);
  if (answers) return { ...(missedAt === null ? schedule : calm(facts)), dueAt };
  return { ...schedule, dueAt: Math.min(schedule.dueAt ?? dueAt, dueAt) };
}

/** A run whose end may have come unheard is over, as far as anybody knows: the next is counted from there. */
function endUnheard(facts: Facts, view: View, { gap, dueAt }: { gap: Gap; dueAt: number }): Standing {
  if (!hasPinged(facts)) return calm(facts);
  const countsFrom = Math.max(gap.to, facts.countsFrom ?? 0);
  const schedule = bySchedule({ ...facts, run: null, countsFrom }, view);
  if (schedule.status !== "up") return schedule;
  const { expectedAt, dueAt: nextDueAt } = schedule;
  return unheardWords(
    gap,
    dueAt,
    expectedAt === null || nextDueAt === null ? null : { expectedAt, dueAt: nextDueAt },
  );
}

/** What the schedule alone says. */
function bySchedule(facts: Facts, { policy, gaps, now }: View): Standing {
  const anchor = Math.max(facts.lastEnd?.at ?? 0, facts.countsFrom ?? 0);
  const first = anchor === 0 ? null : firstDue(policy, anchor);
  if (first === null) return calm(facts);
  let due: Due | null = first;
  let unheard: Gap | null = null;
  while (due) {
    const from = Math.max(anchor, due.expectedAt - (policy.schedule.fixed ? SKEW_MS : policy.graceMs));
    const gap = lastGap(gaps, from, Math.min(due.dueAt, now));
    if (!gap || (unheard && gap.to <= unheard.to)) break;
    unheard = gap;
    due = dueAfter(policy, policy.schedule.fixed ? Math.max(gap.to, due.expectedAt) : gap.to);
  }
  if (now < first.dueAt) return { ...calm(facts), ...first };
  if (unheard && (!due || now < due.dueAt)) return unheardWords(unheard, first.dueAt, due);
  const { expectedAt, dueAt } = due ?? first;
  const reason = lateWords(anchor, expectedAt, policy);
  return { status: "down", since: dueAt, reason, cause: "ping:late", expectedAt, dueAt: null };
}

/** While nothing is amiss. */
function calm({ lastEnd, countsFrom }: Facts): Standing {
  if (lastEnd) return { ...WAITING, status: "up", reason: successWords(lastEnd), cause: "ok" };
  return countsFrom === null ? WAITING : { ...WAITING, reason: "waiting for its next ping" };
}

const WAITING: Standing = {
  status: "unknown",
  since: null,
  reason: "waiting for its first ping",
  cause: "ping:none",
  expectedAt: null,
  dueAt: null,
};

interface Due {
  expectedAt: number;
  dueAt: number;
}

const dueAfter = ({ schedule, graceMs }: HeartbeatPolicy, after: number): Due | null => {
  const expectedAt = schedule.next(after);
  return expectedAt === null ? null : { expectedAt, dueAt: expectedAt + graceMs };
};

function firstDue(policy: HeartbeatPolicy, anchor: number): Due | null {
  const due = dueAfter(policy, anchor);
  if (!due || !policy.schedule.fixed || due.expectedAt - anchor > SKEW_MS) return due;
  const after = dueAfter(policy, due.expectedAt);
  return after && after.expectedAt - due.expectedAt >= SKEW_ROOM * SKEW_MS ? after : due;
}

/** The gap that ends last of those that touch [from, to). */
function lastGap(gaps: readonly Gap[], from: number, to: number): Gap | null {
  let last: Gap | null = null;
  for (const gap of gaps) if (gap.from < to && gap.to > from && (!last || gap.to > last.to)) last = gap;
  return last;
}

const utc = (ms: number): string =>
  `${Temporal.Instant.fromEpochMilliseconds(Math.floor(ms / 1000) * 1000)
    .toString()
    .replace("T", " ")
    .replace("Z", "")} UTC`;

const successWords = ({ exitStatus }: { exitStatus: number | null }): string =>
  exitStatus === null ? "pinged in time" : `pinged in time, exit status ${exitStatus}`;

const lateWords = (anchor: number, expectedAt: number, { graceMs }: HeartbeatPolicy): string =>
  `[ping] none since ${utc(anchor)}, wanted one at ${utc(expectedAt)}, ${humanDuration(graceMs)} late at the most`;

function failed({ exitStatus, line }: NonNullable<Facts["lastEnd"]>): Standing {
  const said = line ? `: ${line}` : "";
  return {
    status: "down",
    since: null,
    reason:
      exitStatus === null
        ? `[ping] reported a failure${said}`
        : `[exit status] ${exitStatus}, wanted 0${said}`,
    cause: exitStatus === null ? "ping:fail" : `exit:${exitStatus}`,
    expectedAt: null,
    dueAt: null,
  };
}

function runLate(startedAt: number, dueAt: number, { maxRuntimeMs, graceMs }: HeartbeatPolicy): Standing {
  const limit = formatDuration(maxRuntimeMs ?? graceMs);
  return {
    status: "down",
    since: dueAt,
    reason: `[run] started ${utc(startedAt)} and not ended, wanted its end within ${limit}`,
    cause: "run:late",
    expectedAt: null,
    dueAt: null,
  };
}

const unheardWords = (gap: Gap, since: number, due: Due | null): Standing => ({
  status: "unknown",
  since,
  reason:
    `Keepwatch could not be reached from ${utc(gap.from)} to ${utc(gap.to)}, when the ping may have come` +
    (due ? `; the next is expected at ${utc(due.expectedAt)}` : ""),
  cause: "ping:unheard",
  expectedAt: due?.expectedAt ?? null,
  dueAt: due?.dueAt ?? null,
});
