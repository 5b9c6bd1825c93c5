import { humanDuration } from "../../platform/duration.ts";
import type { ChosenPath } from "./paths.ts";
import type { EscalationState } from "./state.ts";

/** What `next` decided and why: the log line and the timeline entry. `skipped` are levels that had nobody. */
export type Why = Decision & {
  /** Said once, when the round begins. */
  path?: ChosenPath;
};

type Decision =
  | {
      kind: "level";
      level: number;
      run: number;
      of: number;
      people: readonly string[];
      skipped: readonly number[];
      leaderless?: readonly string[];
    }
  | ({ kind: "fallback"; because: "nobody" | "unreached" | "asked" } & Helpers)
  | { kind: "nobody"; lookAgainMs: number }
  | { kind: "newcomers"; people: readonly string[] }
  | { kind: "unreached"; lookAgainMs: number }
  | { kind: "reached"; waitMs: number }
  | ({ kind: "exhausted"; runs: number; againMs: number | null; skipped: readonly number[] } & Helpers)
  | { kind: "waiting"; level: number; phase: EscalationState["phase"] }
  | { kind: "finished" }
  | { kind: "stopped"; status: "acknowledged" | "resolved" };

/** The fallback's people, and the administrators where those don't help; the teams that had no lead to page. */
interface Helpers {
  people: readonly string[];
  administrators?: readonly string[];
  leaderless?: readonly string[];
}

/** Everybody whom a decision pages, by id. */
export const peopleOf = (why: Why): readonly string[] => [
  ...("people" in why ? why.people : []),
  ...("administrators" in why ? (why.administrators ?? []) : []),
];

/** The decision as sentences. People are named by `nameOf`, given their ids. */
export function describeWhy(why: Why, nameOf: (person: string) => string = (person) => person): string {
  const words = describe(why, nameOf);
  if (!why.path) return words;
  const { name, because } = why.path;
  return `${words} ${name === null ? `By the policy's own levels: ${because}.` : `By the path "${name}": ${because}.`}`;
}

function describe(why: Decision, nameOf: (person: string) => string): string {
  const names = (people: readonly string[]) => list(people.map(nameOf));
  switch (why.kind) {
    case "level": {
      const run = why.run > 0 ? `, run ${why.run + 1} of ${why.of}` : "";
      return sentences(
        `Paged level ${why.level}${run}: ${names(why.people)}`,
        standIns(why.leaderless),
        skippedLevels(why.skipped),
      );
    }
    case "fallback":
      return sentences(`${BECAUSE[why.because]}, so ${paged(why, names)}`, standIns(why.leaderless));
    case "nobody":
      return `There is nobody to page at any level, nor in the fallback; looking again in ${humanDuration(why.lookAgainMs)}.`;
    case "newcomers":
      return `Paged as well, not tried until now: ${names(why.people)}.`;
    case "unreached":
      return `Nobody could be reached yet. Deliveries keep trying; looking again in ${humanDuration(why.lookAgainMs)}.`;
    case "reached":
      return `Somebody was reached after all. Waiting ${humanDuration(why.waitMs)} for an answer.`;
    case "exhausted": {
      const fallback = why.people.length > 0 ? `Paged the fallback: ${names(why.people)}` : "";
      const admins = why.administrators ? `Paged the administrators: ${names(why.administrators)}` : "";
      const runs = why.runs === 1 ? "once" : `${why.runs} times`;
      const again = why.againMs === null ? "" : `Beginning again in ${humanDuration(why.againMs)}`;
      return sentences(
        `Nobody answered; the policy was run ${runs}`,
        skippedLevels(why.skipped),
        fallback,
        admins,
        standIns(why.leaderless),
        again,
      );
    }
    case "waiting":
      return WAITING[why.phase] ?? `Waiting for an answer from level ${why.level}.`;
    case "finished":
      return "Nobody answered, and at low urgency the policy is not run again.";
    case "stopped":
      return `The incident is ${why.status}, so nobody else is paged.`;
  }
}

const BECAUSE = {
  nobody: "There is nobody to page at any level",
  unreached: "Nobody could be reached at any level",
  asked: "There is no further level",
} as const;

function paged(
  { people, administrators = [] }: Helpers,
  names: (people: readonly string[]) => string,
): string {
  if (people.length === 0) return `the administrators were paged: ${names(administrators)}`;
  const fallback = `the fallback was paged: ${names(people)}`;
  return administrators.length === 0
    ? fallback
    : `${fallback}; and the administrators: ${names(administrators)}`;
}

const standIns = (teams: readonly string[] = []): string =>
  teams.length === 0
    ? ""
    : `${list(teams)} ${teams.length === 1 ? "has" : "have"} no lead, so the members were paged`;

const WAITING: Partial<Record<EscalationState["phase"], string>> = {
  nobody: "Waiting for somebody to come on call.",
  unreached: "Waiting for a delivery to get through.",
  exhausted: "Nobody answered; waiting to begin again.",
};

const skippedLevels = (levels: readonly number[]): string =>
  levels.length === 0 ? "" : `Skipped level ${list(levels.map(String))}, where there is nobody to page`;

const sentences = (...parts: readonly string[]): string =>
  parts
    .filter((part) => part !== "")
    .map((part) => `${part}.`)
    .join(" ");

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
