import type { Tx } from "../platform/database/database.ts";
import { formatDuration, parseDuration } from "../platform/duration.ts";
import type { Problem } from "../platform/refusal.ts";
import { refuse } from "./definition.ts";
import type { PathCondition } from "./escalation/paths.ts";
import type { PolicyCopy } from "./escalation/policy.ts";
import { isTimeZone } from "./schedule/check.ts";
import type { LevelInput, PathInput, TargetInput } from "./schema.ts";
import {
  findTargets,
  type StoredTarget,
  type TargetName,
  targetKey,
  type WrittenTarget,
  writtenTarget,
} from "./targets.ts";

const SHORTEST_WAIT_MS = 1_000;
const SHORTEST_TIMEOUT_MS = 60_000;

export interface LevelDefinition {
  targets: StoredTarget[];
  waitMs: number;
  roundRobin?: true;
}

/** Levels, and what comes after them, by id. */
interface Course {
  /** How many more times the levels are run after the first. */
  repeat: number;
  levels: LevelDefinition[];
  fallback: StoredTarget[];
}

export interface PathDefinition extends Course {
  name: string;
  when: PathCondition;
}

/** What a policy says, its targets by id. */
export interface PolicyDefinition extends Course {
  paths?: PathDefinition[];
  acknowledgeTimeoutMs?: number;
}

interface WrittenCourse {
  repeat: number;
  levels: LevelInput[];
  fallback: TargetInput[];
}

/** The same with targets by slug and e-mail, as people write it. */
export interface WrittenPolicy extends WrittenCourse {
  paths: PathInput[];
  acknowledge_timeout: string | null;
}

/** From slugs and e-mails to ids. Throws one refusal for everything that is wrong. */
export async function readPolicy(
  tx: Tx,
  written: WrittenCourse & Partial<WrittenPolicy>,
): Promise<PolicyDefinition> {
  const { paths = [], acknowledge_timeout: timeout = null } = written;
  const courses = [{ course: written, at: "" }, ...paths.map((course, i) => ({ course, at: `/paths/${i}` }))];
  const { find, problems } = await findTargets(tx, courses.flatMap(mentionedTargets));
  refuse([...courses.flatMap(checkWaits), ...checkPaths(paths), ...checkTimeout(timeout), ...problems]);
  const acknowledgeTimeoutMs = timeout === null ? undefined : parseDuration(timeout);
  return {
    ...readCourse(written, find),
    ...(paths.length > 0
      ? { paths: paths.map(({ name, when, ...rest }) => ({ name, when, ...readCourse(rest, find) })) }
      : {}),
    ...(acknowledgeTimeoutMs === undefined ? {} : { acknowledgeTimeoutMs }),
  };
}

const readCourse = (
  { repeat, levels, fallback }: WrittenCourse,
  find: (target: TargetInput) => StoredTarget,
): Course => ({
  repeat,
  levels: levels.map(({ targets, wait, round_robin }) => ({
    targets: targets.map(find),
    waitMs: parseDuration(wait)!,
    ...(round_robin ? { roundRobin: true as const } : {}),
  })),
  fallback: fallback.map(find),
});

interface Placed {
  course: WrittenCourse;
  /** Where it stands in the input. */
  at: string;
}

const checkWaits = ({ course, at }: Placed): Problem[] =>
  course.levels.flatMap(({ wait }, i) => {
    const pointer = `${at}/levels/${i}/wait`;
    const waitMs = parseDuration(wait);
    if (waitMs === undefined)
      return [{ pointer, detail: `"${wait}" is not a duration; write one such as "30s" or "5m"` }];
    if (waitMs < SHORTEST_WAIT_MS)
      return [{ pointer, detail: `A wait of ${wait} is too short; nobody can answer in less than 1s` }];
    return [];
  });

function checkTimeout(timeout: string | null): Problem[] {
  if (timeout === null) return [];
  const ms = parseDuration(timeout);
  if (ms !== undefined && ms >= SHORTEST_TIMEOUT_MS) return [];
  const detail =
    ms === undefined
      ? `"${timeout}" is not a duration; write one such as "30m"`
      : `An acknowledgement that runs out after ${timeout} leaves no time to do anything; give it 1m at least`;
  return [{ pointer: "/acknowledge_timeout", detail }];
}

const checkPaths = (paths: readonly PathInput[]): Problem[] =>
  paths.flatMap(({ name, when }, i): Problem[] => {
    const at = `/paths/${i}`;
    const isTwice = paths.findIndex((other) => other.name === name) < i;
    const isEmpty = Object.values(when).every((each) => each === undefined) || isNothing(when.labels);
    return [
      ...(isTwice ? [{ pointer: `${at}/name`, detail: `There are two paths called "${name}".` }] : []),
      ...(isEmpty
        ? [
            {
              pointer: `${at}/when`,
              detail:
                "A path needs a condition: urgency, severity, labels or hours. Without one its levels are the policy's own.",
            },
          ]
        : []),
      ...checkHours(when.hours, `${at}/when/hours`),
    ];
  });

const isNothing = (labels: Record<string, string> | undefined): boolean =>
  labels !== undefined && Object.keys(labels).length === 0;

function checkHours(hours: PathInput["when"]["hours"], at: string): Problem[] {
  if (hours === undefined) return [];
  const { from, to, days, time_zone } = hours;
  const problems: Problem[] = [];
  if (!isTimeZone(time_zone))
    problems.push({
      pointer: `${at}/time_zone`,
      detail: `"${time_zone}" is not a time zone; write one such as "Europe/Paris"`,
    });
  if ((from === undefined) !== (to === undefined))
    problems.push({ pointer: at, detail: "`from` and `to` go together" });
  if (from === undefined && days === undefined)
    problems.push({ pointer: at, detail: "Hours need `days`, or `from` and `to`" });
  return problems;
}

const mentionedTargets = ({ course: { levels, fallback }, at }: Placed): WrittenTarget[] => [
  ...levels.flatMap(({ targets }, i) =>
    targets.map((target, j) => ({ pointer: `${at}/levels/${i}/targets/${j}`, target })),
  ),
  ...fallback.map((target, i) => ({ pointer: `${at}/fallback/${i}`, target })),
];

/** A policy's own levels first, then those of its paths. */
export const coursesOf = (definition: PolicyDefinition): Course[] => [
  definition,
  ...(definition.paths ?? []),
];

/** Every target of a policy, levels first. */
export const targetsOf = (definition: PolicyDefinition): StoredTarget[] =>
  coursesOf(definition).flatMap(({ levels, fallback }) => [
    ...levels.flatMap(({ targets }) => targets),
    ...fallback,
  ]);

/** From ids to slugs and e-mails. What no longer exists is left out. */
export function writtenPolicy(
  definition: PolicyDefinition,
  names: ReadonlyMap<string, TargetName>,
): WrittenPolicy {
  const written = (targets: readonly StoredTarget[]) =>
    targets.flatMap((target) => writtenTarget(target, names) ?? []);
  const course = ({ repeat, levels, fallback }: Course): WrittenCourse => ({
    repeat,
    levels: levels.map(({ targets, waitMs, roundRobin }) => ({
      targets: written(targets),
      wait: formatDuration(waitMs),
      ...(roundRobin ? { round_robin: true } : {}),
    })),
    fallback: written(fallback),
  });
  const { paths = [], acknowledgeTimeoutMs: timeoutMs } = definition;
  return {
    ...course(definition),
    paths: paths.map((path) => ({
      name: path.name,
      when: path.when as PathInput["when"],
      ...course(path),
    })),
    acknowledge_timeout: timeoutMs === undefined ? null : formatDuration(timeoutMs),
  };
}

/** The policy as an incident keeps it, with the names that its targets have now. */
export function policyCopy(
  policy: { id: string; slug: string; name: string; definition: PolicyDefinition },
  names: ReadonlyMap<string, TargetName>,
): PolicyCopy {
  const named = (targets: readonly StoredTarget[]) =>
    targets.map(({ kind, id }) => ({ kind, id, name: names.get(targetKey({ kind, id }))?.name ?? "" }));
  const course = ({ repeat, levels, fallback }: Course) => ({
    repeat,
    levels: levels.map(({ targets, ...level }) => ({ ...level, targets: named(targets) })),
    fallback: named(fallback),
  });
  const { id, slug, name, definition } = policy;
  const { paths, acknowledgeTimeoutMs } = definition;
  return {
    ...{ id, slug, name },
    ...course(definition),
    ...(paths ? { paths: paths.map((path) => ({ name: path.name, when: path.when, ...course(path) })) } : {}),
    ...(acknowledgeTimeoutMs === undefined ? {} : { acknowledgeTimeoutMs }),
  };
}
