import type { Tx } from "../platform/database/database.ts";
import { formatDuration, parseDuration } from "../platform/duration.ts";
import type { Problem } from "../platform/refusal.ts";
import { refuse } from "./definition.ts";
import type { PolicyCopy } from "./escalation/policy.ts";
import type { LevelInput, TargetInput } from "./schema.ts";
import {
  findTargets,
  type StoredTarget,
  type TargetName,
  targetKey,
  type WrittenTarget,
  writtenTarget,
} from "./targets.ts";

const SHORTEST_WAIT_MS = 1_000;

export interface LevelDefinition {
  targets: StoredTarget[];
  waitMs: number;
  roundRobin?: true;
}

/** What a policy says, its targets by id. */
export interface PolicyDefinition {
  /** How many more times the levels are run after the first. */
  repeat: number;
  levels: LevelDefinition[];
  fallback: StoredTarget[];
}

/** The same with targets by slug and e-mail, as people write it. */
export interface WrittenPolicy {
  repeat: number;
  levels: LevelInput[];
  fallback: TargetInput[];
}

/** From slugs and e-mails to ids. Throws one refusal for everything that is wrong. */
export async function readPolicy(tx: Tx, written: WrittenPolicy): Promise<PolicyDefinition> {
  const { find, problems } = await findTargets(tx, mentionedTargets(written));
  const levels = written.levels.map(({ wait }) => parseDuration(wait));
  refuse([...levels.flatMap((waitMs, i) => checkWait(waitMs, written.levels[i]!.wait, i)), ...problems]);
  return {
    repeat: written.repeat,
    levels: written.levels.map(({ targets, round_robin }, i) => ({
      targets: targets.map(find),
      waitMs: levels[i]!,
      ...(round_robin ? { roundRobin: true as const } : {}),
    })),
    fallback: written.fallback.map(find),
  };
}

function checkWait(waitMs: number | undefined, wait: string, level: number): Problem[] {
  const pointer = `/levels/${level}/wait`;
  if (waitMs === undefined)
    return [{ pointer, detail: `"${wait}" is not a duration; write one such as "30s" or "5m"` }];
  if (waitMs < SHORTEST_WAIT_MS)
    return [{ pointer, detail: `A wait of ${wait} is too short; nobody can answer in less than 1s` }];
  return [];
}

const mentionedTargets = ({ levels, fallback }: WrittenPolicy): WrittenTarget[] => [
  ...levels.flatMap(({ targets }, i) =>
    targets.map((target, j) => ({ pointer: `/levels/${i}/targets/${j}`, target })),
  ),
  ...fallback.map((target, i) => ({ pointer: `/fallback/${i}`, target })),
];

/** Every target of a policy, levels first. */
export const targetsOf = ({ levels, fallback }: PolicyDefinition): StoredTarget[] => [
  ...levels.flatMap(({ targets }) => targets),
  ...fallback,
];

/** From ids to slugs and e-mails. What no longer exists is left out. */
export function writtenPolicy(
  { repeat, levels, fallback }: PolicyDefinition,
  names: ReadonlyMap<string, TargetName>,
): WrittenPolicy {
  const written = (targets: readonly StoredTarget[]) =>
    targets.flatMap((target) => writtenTarget(target, names) ?? []);
  return {
    repeat,
    levels: levels.map(({ targets, waitMs, roundRobin }) => ({
      targets: written(targets),
      wait: formatDuration(waitMs),
      ...(roundRobin ? { round_robin: true } : {}),
    })),
    fallback: written(fallback),
  };
}

/** The policy as an incident keeps it, with the names that its targets have now. */
export function policyCopy(
  policy: { id: string; slug: string; name: string; definition: PolicyDefinition },
  names: ReadonlyMap<string, TargetName>,
): PolicyCopy {
  const named = (targets: readonly StoredTarget[]) =>
    targets.map(({ kind, id }) => ({ kind, id, name: names.get(targetKey({ kind, id }))?.name ?? "" }));
  const { repeat, levels, fallback } = policy.definition;
  return {
    id: policy.id,
    slug: policy.slug,
    name: policy.name,
    repeat,
    levels: levels.map(({ targets, ...level }) => ({ ...level, targets: named(targets) })),
    fallback: named(fallback),
  };
}
