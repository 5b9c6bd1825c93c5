import { isBefore, later } from "../../platform/clock.ts";
import { everybodyAt, newAmong, type Person, peopleAt, type Roll } from "./people.ts";
import { fallbackLevel, lastResortLevel, type PolicyCopy } from "./policy.ts";
import type { EscalationState } from "./state.ts";
import type { Why } from "./why.ts";

/** How soon to look again for somebody on call, or for a delivery that got through. */
export const LOOK_AGAIN_MS = 60_000;

/** After a high-urgency policy is exhausted, or while nobody is there or reached: when to page all over again. */
export const AGAIN_MS = 30 * 60_000;

const SHORTEST_WAIT_MS = 1_000;

/** All that a decision depends on. */
export interface Situation extends Roll {
  incident: { status: "triggered" | "acknowledged" | "resolved"; urgency: "high" | "low" };
  /** Whether any delivery for the pages of the state's round and run has been accepted by a channel. */
  reached: boolean;
  now: Temporal.Instant;
}

/** A person to page. With the incident, (round, level, repeat, person) says which page it is; it is never made twice. */
export interface PageDemand {
  person: string;
  round: number;
  level: number;
  repeat: number;
  /** "level 1, on call in web-primary" */
  reason: string;
}

export interface Step {
  pages: PageDemand[];
  state: EscalationState;
  /** When to ask again, always after `now`; null when never. */
  wakeAt: Temporal.Instant | null;
  why: Why;
}

/**
 * The next step of an incident's escalation. Pure: the same situation gives the same pages, so that after a crash it
 * may be asked again; asked too early, it changes nothing.
 */
export function next(situation: Situation): Step {
  const { state, incident, now } = situation;
  if (incident.status !== "triggered")
    return { pages: [], state, wakeAt: null, why: { kind: "stopped", status: incident.status } };
  if (state.phase === "begin") {
    const { path } = situation.policy;
    const step = begin(situation);
    return path ? { ...step, why: { ...step.why, path } } : step;
  }
  if (state.dueAt === null) return { pages: [], state, wakeAt: null, why: { kind: "finished" } };
  const dueAt = Temporal.Instant.from(state.dueAt);
  if (isBefore(now, dueAt)) {
    const { level, phase } = state;
    return { pages: [], state, wakeAt: dueAt, why: { kind: "waiting", level, phase } };
  }
  switch (state.phase) {
    case "waiting":
      return climb(situation, state.level + 1);
    case "exhausted":
      return climb({ ...situation, state: newPass(state) }, 1);
    case "nobody":
      return lookForSomebody(situation);
    case "unreached":
      return lookForReceipt(situation);
  }
}

function begin(situation: Situation): Step {
  const { policy, state } = situation;
  const fallback = fallbackLevel(policy);
  const people = state.level === fallback ? helpers(situation) : [];
  if (people.length === 0) return climb(situation, state.level === fallback ? 1 : state.level);
  return {
    ...paging(situation, people, { phase: "waiting", level: fallback, waitMs: lastWaitMs(policy) }),
    why: { kind: "fallback", because: "asked", ...helpersNamed(policy, people) },
  };
}

/** Pages the first level from `from` on that has anybody; levels without anybody take no time. */
function climb(situation: Situation, from: number, before: readonly number[] = []): Step {
  const { policy, state } = situation;
  const skipped = [...before];
  for (let level = from; level <= policy.levels.length; level++) {
    const people = peopleAt(situation, level);
    if (people.length === 0) {
      skipped.push(level);
      continue;
    }
    return {
      ...paging(situation, people, { phase: "waiting", level, waitMs: policy.levels[level - 1]!.waitMs }),
      why: {
        kind: "level",
        level,
        run: state.run - state.passFrom,
        of: policy.repeat + 1,
        people: names(people),
        skipped: [...new Set(skipped)],
        ...unled(people),
      },
    };
  }
  return endRun(situation, from, skipped);
}

/** No level is left in this run. Only a run that reached somebody uses up a repeat. */
function endRun(situation: Situation, from: number, skipped: readonly number[]): Step {
  const { policy, state } = situation;
  if (state.paged.length === 0)
    // A round that began further up has not looked at the levels below.
    return from > 1 ? climb(situation, 1, skipped) : withFallback(situation, "nobody");
  if (!situation.reached) return withFallback(situation, "unreached");
  if (state.run - state.passFrom < policy.repeat)
    return climb({ ...situation, state: nextRun(state) }, 1, skipped);
  return exhausted(situation, skipped);
}

function exhausted(situation: Situation, skipped: readonly number[]): Step {
  const { policy, state, incident, now } = situation;
  const people = newAmong(state, helpers(situation));
  const againMs = incident.urgency === "high" ? AGAIN_MS : null;
  const step = paging(situation, people, {
    phase: "exhausted",
    level: fallbackLevel(policy),
    waitMs: AGAIN_MS,
  });
  const wakeAt = againMs === null ? null : later(now, againMs);
  return {
    ...step,
    state: { ...step.state, dueAt: wakeAt?.toString() ?? null },
    wakeAt,
    why: {
      kind: "exhausted",
      runs: state.run - state.passFrom + 1,
      ...helpersNamed(policy, people),
      againMs,
      skipped: [...new Set(skipped)],
    },
  };
}

/** Pages the fallback for want of anybody else, and keeps looking. */
function withFallback(situation: Situation, because: "nobody" | "unreached"): Step {
  const { policy, state, now } = situation;
  const level = fallbackLevel(policy);
  const people = newAmong(state, helpers(situation));
  const step = paging(situation, people, { phase: because, level, waitMs: LOOK_AGAIN_MS });
  const againAt = step.state.paged.length > 0 ? later(now, AGAIN_MS).toString() : null;
  const why: Why =
    people.length > 0
      ? { kind: "fallback", because, ...helpersNamed(policy, people) }
      : { kind: because, lookAgainMs: LOOK_AGAIN_MS };
  return { ...step, state: { ...step.state, againAt }, why };
}

/** No level had anybody: perhaps one has by now. */
function lookForSomebody(situation: Situation): Step {
  const { policy, state, incident } = situation;
  if (policy.levels.some((_, i) => peopleAt(situation, i + 1).length > 0)) return climb(situation, 1);
  if (state.paged.length === 0) return withFallback(situation, "nobody");
  // At low urgency a fallback that was reached once is enough.
  const wantsAgain = isAgainDue(situation) && (incident.urgency === "high" || !situation.reached);
  if (wantsAgain) return withFallback({ ...situation, state: freeRun(state) }, "nobody");
  return keepLooking(situation, { kind: "waiting", level: state.level, phase: "nobody" });
}

/** Everybody is paged and no delivery got through: whoever came on call since is paged, too. */
function lookForReceipt(situation: Situation): Step {
  const { policy, state } = situation;
  if (situation.reached) {
    // The run's end, once those just reached have had their time.
    const waitMs = lastWaitMs(policy);
    const step = paging(situation, [], { phase: "waiting", level: fallbackLevel(policy), waitMs });
    return { ...step, why: { kind: "reached", waitMs } };
  }
  if (isAgainDue(situation)) return climb({ ...situation, state: freeRun(state) }, 1);
  return keepLooking(situation, { kind: "unreached", lookAgainMs: LOOK_AGAIN_MS });
}

/** Whoever has not been tried: those who came on call since, whose turn it isn't, and in the end the administrators. */
function keepLooking(situation: Situation, otherwise: Why): Step {
  const { policy, state } = situation;
  const levels = policy.levels.map((_, i) => i + 1);
  const last = situation.reached ? [] : [lastResortLevel(policy)];
  const untried = [...levels, fallbackLevel(policy), ...last].flatMap((level) =>
    everybodyAt(situation, level),
  );
  const newcomers = newAmong(state, untried);
  const step = paging(situation, newcomers, { ...state, waitMs: LOOK_AGAIN_MS });
  return {
    ...step,
    state: { ...step.state, againAt: state.againAt },
    why: newcomers.length > 0 ? { kind: "newcomers", people: names(newcomers) } : otherwise,
  };
}

/** The fallback's people; with them the administrators when it has nobody, or was paged before and didn't help. */
function helpers(situation: Situation): Person[] {
  const { policy, state } = situation;
  const people = peopleAt(situation, fallbackLevel(policy));
  const isEnough = people.length > 0 && state.passFrom === 0;
  return isEnough ? people : [...people, ...peopleAt(situation, lastResortLevel(policy))];
}

function helpersNamed(policy: PolicyCopy, all: readonly Person[]) {
  const last = lastResortLevel(policy);
  const administrators = names(all.filter(({ level }) => level === last));
  const people = names(all.filter(({ level }) => level !== last));
  return { people, ...(administrators.length > 0 ? { administrators } : {}), ...unled(all) };
}

/** The teams whose members stand in for a lead. */
function unled(people: readonly Person[]): { leaderless?: string[] } {
  const teams = [...new Set(people.flatMap((each) => each.unled ?? []))];
  return teams.length > 0 ? { leaderless: teams } : {};
}

function paging(
  { state, now }: Situation,
  people: readonly Person[],
  to: Pick<EscalationState, "phase" | "level"> & { waitMs: number },
): Omit<Step, "why"> {
  const { round, run: repeat } = state;
  const wakeAt = later(now, Math.max(to.waitMs, SHORTEST_WAIT_MS));
  return {
    pages: people.map(({ person, level, reason }) => ({ person, round, level, repeat, reason })),
    state: {
      ...withChosen(state, people),
      phase: to.phase,
      level: to.level,
      paged: [...state.paged, ...people.map(({ level, person }) => ({ level, person }))],
      dueAt: wakeAt.toString(),
      againAt: null,
    },
    wakeAt,
  };
}

function withChosen(state: EscalationState, people: readonly Person[]): EscalationState {
  const turns = people.filter((each) => each.turn).map(({ level, person }) => ({ level, person }));
  if (turns.length === 0) return state;
  const others = (state.chosen ?? []).filter(({ level }) => !turns.some((turn) => turn.level === level));
  return { ...state, chosen: [...others, ...turns] };
}

const nextRun = (state: EscalationState): EscalationState => ({ ...state, run: state.run + 1, paged: [] });

/** Another run that uses up none of the repeats. */
const freeRun = (state: EscalationState): EscalationState => ({
  ...nextRun(state),
  passFrom: state.passFrom + 1,
});

const newPass = (state: EscalationState): EscalationState => ({ ...nextRun(state), passFrom: state.run + 1 });

const isAgainDue = ({ state, now }: Situation): boolean =>
  state.againAt !== null && !isBefore(now, Temporal.Instant.from(state.againAt));

const lastWaitMs = (policy: PolicyCopy): number => policy.levels.at(-1)?.waitMs ?? LOOK_AGAIN_MS;

const names = (people: readonly Person[]): string[] => [...new Set(people.map(({ person }) => person))];
