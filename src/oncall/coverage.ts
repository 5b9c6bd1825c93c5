import { isBefore } from "../platform/clock.ts";
import { type Circumstances, choosePath, type PathHours } from "./escalation/paths.ts";
import { type PolicyCopy, type Target, targetsOfCopy } from "./escalation/policy.ts";
import { type ContactChoice, planNotifications } from "./notification-rules.ts";
import { FURTHEST_LOOK_MS } from "./schedule/on-call.ts";
import { allowedWithin, compileRestriction } from "./schedule/restrictions.ts";
import { slicesWithin } from "./schedule/slices.ts";
import type { Stretch } from "./schedule/stretches.ts";
import type { Schedule, Span, UserId } from "./schedule/types.ts";
import { WallClock } from "./schedule/wall-clock.ts";
import { membersOf, type SimulationInput } from "./simulate.ts";

export interface CoverageInput
  extends Pick<SimulationInput<ContactChoice>, "policy" | "schedules" | "teams" | "people">,
    Span,
    Omit<Circumstances, "at"> {}

/** Why nobody is reached: there is nobody, or the people there have no contact method that can be used. */
export type Uncovered = Span & { path: string | null } & (
    | { kind: "nobody-there" }
    | { kind: "nobody-reachable"; people: readonly UserId[] }
  );

/**
 * Every stretch of [from, to) in which an incident that opens would find nobody at once: no level, fallback or last
 * resort of the path it takes has a person with a method that can be used. Time is cut at every instant at which the
 * answer can change, so that nothing falls between two samples; all else (people, teams, methods) is taken as it is.
 */
export function uncovered(input: CoverageInput): Uncovered[] {
  const found: Uncovered[] = [];
  const cuts = cutsOf(input);
  for (const [i, from] of cuts.entries()) {
    const to = cuts[i + 1] ?? input.to;
    const lack = lackAt(input, from);
    if (lack === null) continue;
    const last = found.at(-1);
    if (last?.to.equals(from) && same(last, lack)) last.to = to;
    else found.push({ ...lack, from, to });
  }
  return found;
}

type Lack =
  | { kind: "nobody-there"; path: string | null }
  | { kind: "nobody-reachable"; path: string | null; people: readonly UserId[] };

function lackAt(input: CoverageInput, at: Temporal.Instant): Lack | null {
  const policy = choosePath(input.policy, { ...input, at });
  const people = new Set(targetsOfCopy(policy).flatMap((target) => membersOf(target, input, at)));
  const path = policy.path?.name ?? null;
  if (people.size === 0) return { kind: "nobody-there", path };
  const canReach = (id: UserId) => {
    const person = input.people.get(id);
    return person !== undefined && planNotifications(person.rules, person.methods).steps.length > 0;
  };
  const all = [...people].sort();
  return all.some(canReach) ? null : { kind: "nobody-reachable", path, people: all };
}

const same = (a: Lack, b: Lack): boolean =>
  a.path === b.path &&
  a.kind === b.kind &&
  (a.kind === "nobody-there" || (b.kind === "nobody-reachable" && a.people.join() === b.people.join()));

/** `from` and, in order, every instant before `to` from which on somebody else may be paged. */
export function cutsOf({ policy, schedules, from, to }: CoverageInput): Temporal.Instant[] {
  const range = { from: from.epochMilliseconds, to: to.epochMilliseconds };
  const cuts = new Set<number>([range.from]);
  for (const hours of hoursOf(policy)) for (const at of edges(withinHours(hours, range))) cuts.add(at);
  for (const { kind, id } of everyTarget(policy)) {
    const schedule = schedules.get(id);
    if (schedule && (kind === "schedule" || kind === "next"))
      for (const at of changesOf(schedule, range, kind)) cuts.add(at);
  }
  return [...cuts]
    .sort((a, b) => a - b)
    .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms))
    .filter((at) => !isBefore(at, from) && isBefore(at, to));
}

const hoursOf = ({ paths = [] }: PolicyCopy): PathHours[] =>
  paths.flatMap(({ when }) => (when.hours ? [when.hours] : []));

const everyTarget = (policy: PolicyCopy): Target[] => [
  ...targetsOfCopy(policy),
  ...(policy.paths ?? []).flatMap(({ levels, fallback }) => targetsOfCopy({ ...policy, levels, fallback })),
];

const withinHours = ({ time_zone, outside: _, ...hours }: PathHours, range: Stretch): Stretch[] =>
  allowedWithin([compileRestriction(hours)], new WallClock(time_zone), range);

function changesOf(schedule: Schedule, range: Stretch, kind: "schedule" | "next"): number[] {
  const changes = edges(slicesWithin(schedule, range));
  if (kind === "schedule") return changes;
  // Who is next is looked for only so far ahead: a change far off comes into sight at an instant of its own.
  const ahead = { from: range.from + FURTHEST_LOOK_MS, to: range.to + FURTHEST_LOOK_MS };
  const sighted = edges(slicesWithin(schedule, ahead)).flatMap((at) => [
    at - FURTHEST_LOOK_MS,
    at - FURTHEST_LOOK_MS + 1,
  ]);
  return [...changes, ...sighted];
}

const edges = (stretches: readonly Stretch[]): number[] => stretches.flatMap(({ from, to }) => [from, to]);
