import {
  ALIKE_BY_WORDS,
  type Alikeness,
  type Failure,
  incidentAlikeness,
  JUST_BEGUN,
  SETTLED,
  THRESHOLDS,
} from "./alike.ts";
import type { Candidate } from "./candidates.ts";

export interface Likeness {
  likeness: "same" | "alike";
  why: string[];
}

/** What people said before of the current incident and this one, and of what looked the same as this does. */
export interface Said {
  /** Of the current incident and another one. */
  verdicts: ReadonlyMap<string, "same_cause" | "same_symptom" | "unrelated">;
  /** How often equal fingerprints turned out to be one cause, and how often not. */
  fingerprints: ReadonlyMap<string, { same: number; other: number }>;
}

export interface Judged extends Likeness {
  candidate: Candidate;
  alikeness: Alikeness;
  /** The earlier incidents it stands for, itself among them: of the same problem, or not told apart by what failed. */
  members: string[];
}

const MOST = 3;
/** What came back after 20 days is shown before what came back after two years, all else being equal. */
const HALF_LIFE_DAYS = 20;
const DAY_MS = 86_400_000;

/** After so long an incident has shown most of what fails in it. */
const SETTLES_AFTER_MS = 120_000;

export interface Asked {
  said: Said;
  at: Temporal.Instant;
  openedAt: Temporal.Instant;
  serviceId: string | null;
}

/** At most three earlier failures that this one may be, the likest first, each with its why; or none. */
export function judgeCandidates(
  now: readonly Failure[],
  candidates: readonly Candidate[],
  { said, at, openedAt, serviceId }: Asked,
): Judged[] {
  const begun = at.since(openedAt).total("milliseconds") < SETTLES_AFTER_MS;
  const judged = candidates.flatMap((candidate) => {
    const alikeness = incidentAlikeness(now, candidate.failures, begun ? JUST_BEGUN : SETTLED);
    const likeness = likenessOf({ candidate, alikeness, said, serviceId });
    return likeness ? [{ ...likeness, candidate, alikeness, members: [candidate.incidentId] }] : [];
  });
  const strength = (each: Judged) =>
    (each.likeness === "same" ? 1 : 0) +
    Math.max(each.alikeness.score, each.candidate.share) +
    0.05 * 0.5 ** (openedAt.since(each.candidate.openedAt).total("milliseconds") / DAY_MS / HALF_LIFE_DAYS);
  const ordered = judged.sort((a, b) => strength(b) - strength(a));
  return oneOfEach(doubtful(ordered)).slice(0, MOST);
}

function likenessOf({
  candidate,
  alikeness: { score, best },
  said,
  serviceId,
}: {
  candidate: Candidate;
  alikeness: Alikeness;
  said: Said;
  serviceId: string | null;
}): Likeness | undefined {
  const verdict = said.verdicts.get(candidate.incidentId);
  if (verdict === "unrelated") return undefined;
  if (verdict === "same_cause") return { likeness: "same", why: ["confirmed to have the same cause"] };
  const equal = best?.now.fingerprint === best?.before.fingerprint ? best : undefined;
  if (equal && score >= THRESHOLDS.same && verdict !== "same_symptom") {
    const why = [`${nameOf(equal.now)} failed then too`, failedWith(equal.now)];
    const before = said.fingerprints.get(equal.now.fingerprint);
    if (before && before.other > before.same)
      return { likeness: "alike", why: [...why, "which has had more than one cause"] };
    return { likeness: "same", why };
  }
  if (best && score >= THRESHOLDS.alike) return { likeness: "alike", why: whyAlike(best.now, best.before) };
  if (!candidate.written || candidate.share < ALIKE_BY_WORDS) return undefined;
  const where = candidate.serviceId === serviceId ? "in this service, too" : "in another service";
  return { likeness: "alike", why: [`described in the same words, ${where}`] };
}

const nameOf = ({ identity, sourceName }: Failure): string =>
  identity.source.startsWith("monitor:") ? `the monitor ${sourceName}` : `an alert from ${sourceName}`;

const failedWith = ({ identity: { cause, step, line, saidBy } }: Failure): string => {
  const at = step ? ` at the step ${step}` : "";
  const saying = line && saidBy === "target" ? `, saying “${line}”` : "";
  return cause ? `with the same cause, ${cause}${at}${saying}` : `in the same way${at}${saying}`;
};

function whyAlike(now: Failure, before: Failure): string[] {
  const [a, b] = [now.identity, before.identity];
  if (a.source !== b.source)
    return [`${nameOf(before)} failed then in this way`, `with the same cause, ${b.cause}`];
  const how =
    a.cause === b.cause ? `with the same cause, ${b.cause}` : `with ${b.cause} then and ${a.cause} now`;
  return [`${nameOf(before)} failed then too`, how];
}

/** Two problems that look just the same: neither can be called the same by itself. */
function doubtful(judged: readonly Judged[]): Judged[] {
  const problems = new Set(
    judged.flatMap(({ likeness, candidate }) =>
      likeness === "same" && candidate.problemId ? candidate.problemId : [],
    ),
  );
  if (problems.size < 2) return [...judged];
  const top = Math.max(...judged.map(({ alikeness }) => alikeness.score));
  const best = new Set(
    judged.flatMap(({ alikeness, candidate }) =>
      alikeness.score >= top - 0.05 && candidate.problemId ? candidate.problemId : [],
    ),
  );
  return judged.map((each) => {
    if (each.likeness !== "same" || (best.size === 1 && best.has(each.candidate.problemId ?? "")))
      return each;
    return { ...each, likeness: "alike", why: [...each.why, "which has had more than one cause"] };
  });
}

/** The likest of each problem, and of each way to fail that nobody has named yet; with how many it stands for. */
function oneOfEach(judged: readonly Judged[]): Judged[] {
  const groups = Map.groupBy(judged, ({ candidate, likeness }) => groupOf(candidate, likeness));
  return [...groups.values()].flatMap((group) => {
    const members = group.flatMap((each) => each.members);
    return group.slice(0, 1).map((first) => ({ ...first, members }));
  });
}

const groupOf = ({ problemId, incidentId, failures }: Candidate, likeness: string): string => {
  if (problemId) return problemId;
  if (likeness !== "same") return incidentId;
  return failures
    .map(({ fingerprint }) => fingerprint)
    .sort()
    .join();
};
