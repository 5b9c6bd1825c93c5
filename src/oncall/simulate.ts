import type { PersonsQuietHours } from "../org/quiet-hours.ts";
import { isBefore, later } from "../platform/clock.ts";
import { next, type PageDemand, type Step } from "./escalation/next.ts";
import type { PolicyCopy, Target } from "./escalation/policy.ts";
import { type EscalationState, startRound } from "./escalation/state.ts";
import type { Why } from "./escalation/why.ts";
import {
  afterQuietHours,
  type ContactChoice,
  type NotificationPlan,
  type NotificationRule,
  type PlanReason,
  planNotifications,
} from "./notification-rules.ts";
import type { Member } from "./resolve.ts";
import { onCallAt, usersOnCall } from "./schedule/on-call.ts";
import type { Schedule, UserId } from "./schedule/types.ts";

/** What the pages of one person depend on; rules are those for the simulated urgency. */
export interface SimulatedPerson<M extends ContactChoice> {
  rules: readonly NotificationRule[];
  methods: readonly M[];
  quiet?: PersonsQuietHours | null;
}

export interface SimulationInput<M extends ContactChoice> {
  policy: PolicyCopy;
  urgency: "high" | "low";
  /** When the incident opens. */
  at: Temporal.Instant;
  /** How far to look: what falls on or after `at` + `horizonMs` is left out, except what waits for the end of quiet hours. */
  horizonMs: number;
  /** By the target's id. */
  schedules: ReadonlyMap<string, Schedule>;
  teams: ReadonlyMap<string, readonly Member[]>;
  /** Who had the turn before, by level. */
  served?: ReadonlyMap<number, readonly UserId[]>;
  people: ReadonlyMap<UserId, SimulatedPerson<M>>;
  answers?: readonly GivenAnswer[];
}

/** "Ada acknowledges three minutes after her page." */
export interface GivenAnswer {
  person: UserId;
  does: "acknowledge" | "resolve";
  /** Since the first message of a round that reaches them. */
  afterMs: number;
}

/** One message that would be sent. */
export interface SimulatedDelivery<M> extends PageDemand {
  at: Temporal.Instant;
  /** When the page itself is made. */
  pagedAt: Temporal.Instant;
  method: M;
  /** Why it waits longer than its rule says. */
  waits?: string;
}

export interface Simulation<M> {
  /** In order of time. */
  deliveries: SimulatedDelivery<M>[];
  /** What the escalation decided, and when. */
  decisions: { at: Temporal.Instant; why: Why }[];
  /** The answers that came, and until when one that runs out was good. */
  answered: {
    at: Temporal.Instant;
    person: UserId;
    does: GivenAnswer["does"];
    until: Temporal.Instant | null;
  }[];
  /** The answers that never came, because nothing reached their person. */
  unanswered: GivenAnswer[];
  /** People whose turn came and who can't be reached by any method. */
  unreachable: { person: UserId; reason: PlanReason }[];
}

/**
 * What an incident would do if nobody answered but those of `answers`, each once, and every channel took what it was
 * given. It runs the functions that page in earnest, on a clock of its own; as there, people without any method to
 * reach them count as not there.
 */
export function simulate<M extends ContactChoice>(input: SimulationInput<M>): Simulation<M> {
  const { policy, at, horizonMs } = input;
  const end = later(at, horizonMs);
  const plans = plansOf(input);
  const simulation: Simulation<M> = {
    ...{ deliveries: [], decisions: [], answered: [], unanswered: [...(input.answers ?? [])] },
    unreachable: [],
  };
  const served = new Map(input.served);
  let state = startRound(policy, { round: 1 });
  let now: Temporal.Instant | null = at;
  for (;;) {
    const wakeAt: Temporal.Instant | null = now && isBefore(now, end) ? now : null;
    const answer = nextAnswer(simulation, state.round);
    if (answer && isBefore(answer.at, end) && (wakeAt === null || !isBefore(wakeAt, answer.at))) {
      now = takeAnswer(simulation, policy, answer);
      if (now === null) break;
      for (const turn of state.chosen ?? []) serve(served, turn);
      state = startRound(policy, { round: state.round + 1 });
      continue;
    }
    if (wakeAt === null) break;
    const step: Step = stepAt({ ...input, served }, { simulation, state, plans, now: wakeAt });
    state = step.state;
    now = step.wakeAt;
  }
  simulation.deliveries = simulation.deliveries
    .filter(({ at, waits }) => isBefore(at, end) || waits !== undefined)
    .sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  return simulation;
}

type Plans<M extends ContactChoice> = ReadonlyMap<UserId, NotificationPlan<M>>;

/** One step of the escalation, with the messages that it sends. */
function stepAt<M extends ContactChoice>(
  input: SimulationInput<M>,
  {
    simulation,
    state,
    plans,
    now,
  }: { simulation: Simulation<M>; state: EscalationState; plans: Plans<M>; now: Temporal.Instant },
): Step {
  const { policy, urgency } = input;
  const canReach = (person: UserId) => (plans.get(person)?.steps.length ?? 0) > 0;
  const resolve = (target: Target) => {
    const people = membersOf(target, input, now);
    for (const person of people)
      if (!canReach(person)) noteUnreachable(simulation, person, plans.get(person));
    return people.filter(canReach);
  };
  const step: Step = next({
    ...{ policy, state, resolve, now },
    incident: { status: "triggered", urgency },
    leaderless: (target) => target.kind === "lead" && !hasLead(target, input),
    served: (level) => input.served?.get(level) ?? [],
    reached: state.paged.length > 0,
  });
  if (step.pages.length > 0 || step.state.phase !== state.phase)
    simulation.decisions.push({ at: now, why: step.why });
  for (const page of step.pages) {
    const quiet = urgency === "low" ? input.people.get(page.person)?.quiet : null;
    for (const { method, afterMs, waits } of afterQuietHours(plans.get(page.person)?.steps ?? [], quiet, now))
      simulation.deliveries.push({
        ...{ ...page, at: later(now, afterMs), pagedAt: now, method },
        ...(waits ? { waits } : {}),
      });
  }
  return step;
}

interface ComingAnswer {
  given: GivenAnswer;
  at: Temporal.Instant;
}

/** Of the answers still to come, the first that the messages of this round bring about. */
function nextAnswer(
  { deliveries, unanswered }: Pick<Simulation<ContactChoice>, "deliveries" | "unanswered">,
  round: number,
): ComingAnswer | undefined {
  return unanswered
    .flatMap((given): ComingAnswer[] => {
      const [first] = deliveries
        .filter((each) => each.round === round && each.person === given.person)
        .map((each) => each.at)
        .sort(Temporal.Instant.compare);
      return first ? [{ given, at: later(first, given.afterMs) }] : [];
    })
    .sort((a, b) => Temporal.Instant.compare(a.at, b.at))[0];
}

/** Nothing rings any more. Answers with when it pages again: after an acknowledgement that runs out. */
function takeAnswer(
  simulation: Simulation<ContactChoice>,
  policy: PolicyCopy,
  { given, at }: ComingAnswer,
): Temporal.Instant | null {
  const timeoutMs = given.does === "acknowledge" ? policy.acknowledgeTimeoutMs : undefined;
  const until = timeoutMs ? later(at, timeoutMs) : null;
  simulation.deliveries = simulation.deliveries.filter((each) => !isBefore(at, each.at));
  simulation.unanswered.splice(simulation.unanswered.indexOf(given), 1);
  simulation.answered.push({ at, person: given.person, does: given.does, until });
  return until;
}

/** Whoever had the turn in a round goes to the end for the next. */
function serve(
  served: Map<number, readonly UserId[]>,
  { level, person }: { level: number; person: UserId },
): void {
  served.set(level, [...(served.get(level) ?? []).filter((each) => each !== person), person]);
}

const plansOf = <M extends ContactChoice>({ people }: SimulationInput<M>): Map<UserId, NotificationPlan<M>> =>
  new Map([...people].map(([person, { rules, methods }]) => [person, planNotifications(rules, methods)]));

function noteUnreachable(
  { unreachable }: Pick<Simulation<ContactChoice>, "unreachable">,
  person: UserId,
  plan: NotificationPlan<ContactChoice> | undefined,
): void {
  if (unreachable.some((each) => each.person === person)) return;
  unreachable.push({ person, reason: plan?.reason ?? { kind: "no-method", unverified: [], disabled: [] } });
}

/** Whom a target means at an instant; nobody when it no longer exists. */
export function membersOf(
  target: Target,
  { schedules, teams }: Pick<SimulationInput<ContactChoice>, "schedules" | "teams">,
  at: Temporal.Instant,
): readonly UserId[] {
  const schedule = schedules.get(target.id);
  const members = teams.get(target.id) ?? [];
  switch (target.kind) {
    case "user":
      return [target.id];
    case "team":
      return members.map(({ person }) => person);
    case "lead": {
      const leads = members.filter(({ lead }) => lead);
      return (leads.length > 0 ? leads : members).map(({ person }) => person);
    }
    case "schedule":
      return schedule ? usersOnCall(schedule, at) : [];
    case "next":
      return schedule ? onCallAt(schedule, at).next : [];
  }
}

const hasLead = ({ id }: Target, { teams }: Pick<SimulationInput<ContactChoice>, "teams">): boolean =>
  (teams.get(id) ?? []).some(({ lead }) => lead);
