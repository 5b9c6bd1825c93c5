import { humanDuration } from "../../platform/duration.ts";
import type { PolicyCopy, PolicyLevel, Target } from "./policy.ts";

/** What a policy says, a line for each level and what comes after. */
export const policyLines = (policy: PolicyCopy): string[] => [
  ...policy.levels.map((level, i) => `Level ${i + 1}: ${levelWords(level)}`),
  `Then ${repeatWords(policy.repeat)}`,
  `Fallback: ${targetsWords(written(policy.fallback)) || "the administrators"}`,
  ...(policy.acknowledgeTimeoutMs === undefined ? [] : [`An acknowledgement ${timeoutWords(policy)}`]),
];

/**
 * What has been changed between a policy as an incident follows it and as it stands now, in words. Null: it is gone.
 */
export function policyChanges(before: PolicyCopy, now: PolicyCopy | null): string[] {
  if (now === null) return [`The policy ${before.name} has been deleted.`];
  const after = samePath(before, now);
  if (after === null) return [`The path "${before.path?.name}" has been taken out of the policy.`];
  const count = Math.max(before.levels.length, after.levels.length);
  const levels = Array.from({ length: count }, (_, i) => {
    const [was, is] = [before.levels[i], after.levels[i]];
    return changed(`Level ${i + 1}`, was && levelWords(was), is && levelWords(is));
  });
  return [
    ...levels,
    changed("Then", repeatWords(before.repeat), repeatWords(after.repeat)),
    changed("Fallback", fallbackWords(before), fallbackWords(after)),
    changed("An acknowledgement", timeoutWords(before), timeoutWords(after)),
  ].flat();
}

/** The levels that the incident's path has now; null when there is no path of that name any more. */
function samePath({ path }: PolicyCopy, now: PolicyCopy): PolicyCopy | null {
  if (!path?.name) return now;
  const same = now.paths?.find(({ name }) => name === path.name);
  if (!same) return null;
  const { levels, repeat, fallback } = same;
  return { ...now, levels, repeat, fallback };
}

function changed(what: string, was: string | undefined, is: string | undefined): string[] {
  if (was === is) return [];
  if (was === undefined) return [`${what} is new: ${is}`];
  return is === undefined ? [`${what} is gone; it was ${was}`] : [`${what}: it was ${was}; it is ${is}`];
}

const levelWords = ({ targets, waitMs, roundRobin }: PolicyLevel): string =>
  `${targetsWords(targets)}${roundRobin ? " in turn" : ""}, wait ${humanDuration(waitMs)}`;

const repeatWords = (repeat: number): string =>
  repeat === 0 ? "no further run" : `${repeat} further run${repeat === 1 ? "" : "s"}`;

const timeoutWords = ({ acknowledgeTimeoutMs: ms }: PolicyCopy): string =>
  ms === undefined ? "never runs out" : `runs out after ${humanDuration(ms)}`;

const fallbackWords = ({ fallback }: PolicyCopy): string =>
  targetsWords(written(fallback)) || "the administrators";

/** Administrators stand in for a fallback that nobody wrote. */
const written = (targets: readonly Target[]): Target[] => targets.filter((target) => !target.administrator);

const KINDS = {
  schedule: "on call in ",
  next: "next on call in ",
  user: "",
  team: "everybody in ",
  lead: "lead of ",
} as const;

const targetsWords = (targets: readonly Target[]): string =>
  targets.map(({ kind, name }) => `${KINDS[kind]}${name}`).join(", ");
