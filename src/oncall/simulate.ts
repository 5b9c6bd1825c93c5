import { isBefore, later } from "../platform/clock.ts";
import { next, type PageDemand, type Step } from "./escalation/next.ts";
import type { PolicyCopy, Target } from "./escalation/policy.ts";
import { startRound } from "./escalation/state.ts";
import type { Why } from "./escalation/why.ts";
import {
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
}

export interface SimulationInput<M extends ContactChoice> {
  policy: PolicyCopy;
  urgency: "high" | "low";
  /** When the incident opens. */
  at: Temporal.Instant;
  /** How far to look: what falls on or after `at` + `horizonMs` is left out. */
  horizonMs: number;
  /** By the target's id. */
  schedules: ReadonlyMap<string, Schedule>;
  teams: ReadonlyMap<string, readonly Member[]>;
  /** Who had the turn before, by level. */
  served?: ReadonlyMap<number, readonly UserId[]>;
  people: ReadonlyMap<UserId, SimulatedPerson<M>>;
}

/** One message that would be sent if nobody answered. */
export interface SimulatedDelivery<M> extends PageDemand {
  at: Temporal.Instant;
  method: M;
}

export interface Simulation<M> {
  /** In order of time. */
  deliveries: SimulatedDelivery<M>[];
  /** What the escalation decided, and when. */
  decisions: { at: Temporal.Instant; why: Why }[];
  /** People whose turn came and who can't be reached by any method. */
  unreachable: { person: UserId; reason: PlanReason }[];
}

/**
 * What an incident would do if nobody answered and every channel took what it was given. It runs the functions that
 * page in earnest, on a clock of its own; as there, people without any method to reach them count as not there.
 */
export function simulate<M extends ContactChoice>(input: SimulationInput<M>): Simulation<M> {
  const { policy, urgency, at, horizonMs } = input;
  const end = later(at, horizonMs);
  const plans = plansOf(input);
  const canReach = (person: UserId) => (plans.get(person)?.steps.length ?? 0) > 0;
  const simulation: Simulation<M> = { deliveries: [], decisions: [], unreachable: [] };
  let state = startRound(policy, { round: 1 });
  for (let now: Temporal.Instant | null = at; now && isBefore(now, end); ) {
    const moment: Temporal.Instant = now;
    const resolve = (target: Target) => {
      const people = membersOf(target, input, moment);
      for (const person of people)
        if (!canReach(person)) noteUnreachable(simulation, person, plans.get(person));
      return people.filter(canReach);
    };
    const leaderless = (target: Target) => target.kind === "lead" && !hasLead(target, input);
    const incident = { status: "triggered", urgency } as const;
    const step: Step = next({
      policy,
      state,
      incident,
      resolve,
      leaderless,
      served: (level) => input.served?.get(level) ?? [],
      reached: state.paged.length > 0,
      now: moment,
    });
    if (step.pages.length > 0 || step.state.phase !== state.phase)
      simulation.decisions.push({ at: moment, why: step.why });
    for (const page of step.pages)
      for (const { method, afterMs } of plans.get(page.person)?.steps ?? [])
        simulation.deliveries.push({ ...page, at: later(moment, afterMs), method });
    state = step.state;
    now = step.wakeAt;
  }
  simulation.deliveries = simulation.deliveries
    .filter((delivery) => isBefore(delivery.at, end))
    .sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  return simulation;
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
function membersOf(
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
