import { humanDuration } from "../../platform/duration.ts";
import type { EscalationState } from "./state.ts";

/** What `next` decided and why: the log line and the timeline entry. `skipped` are levels that had nobody. */
export type Why =
  | {
      kind: "level";
      level: number;
      run: number;
      of: number;
      people: readonly string[];
      skipped: readonly number[];
    }
  | { kind: "fallback"; because: "nobody" | "unreached" | "asked"; people: readonly string[] }
  | { kind: "nobody"; lookAgainMs: number }
  | { kind: "newcomers"; people: readonly string[] }
  | { kind: "unreached"; lookAgainMs: number }
  | { kind: "reached"; waitMs: number }
  | {
      kind: "exhausted";
      runs: number;
      people: readonly string[];
      againMs: number | null;
      skipped: readonly number[];
    }
  | { kind: "waiting"; level: number; phase: EscalationState["phase"] }
  | { kind: "finished" }
  | { kind: "stopped"; status: "acknowledged" | "resolved" };

/** The decision as sentences. People are named by `nameOf`, given their ids. */
export function describeWhy(why: Why, nameOf: (person: string) => string = (person) => person): string {
  const names = (people: readonly string[]) => list(people.map(nameOf));
  switch (why.kind) {
    case "level": {
      const run = why.run > 0 ? `, run ${why.run + 1} of ${why.of}` : "";
      return sentences(`Paged level ${why.level}${run}: ${names(why.people)}`, skippedLevels(why.skipped));
    }
    case "fallback":
      return `${BECAUSE[why.because]}, so the fallback was paged: ${names(why.people)}.`;
    case "nobody":
      return `There is nobody to page at any level, nor in the fallback; looking again in ${humanDuration(why.lookAgainMs)}.`;
    case "newcomers":
      return `Paged as well, on call since: ${names(why.people)}.`;
    case "unreached":
      return `Nobody could be reached yet. Deliveries keep trying; looking again in ${humanDuration(why.lookAgainMs)}.`;
    case "reached":
      return `Somebody was reached after all. Waiting ${humanDuration(why.waitMs)} for an answer.`;
    case "exhausted": {
      const fallback = why.people.length > 0 ? `Paged the fallback: ${names(why.people)}` : "";
      const runs = why.runs === 1 ? "once" : `${why.runs} times`;
      const again = why.againMs === null ? "" : `Beginning again in ${humanDuration(why.againMs)}`;
      return sentences(
        `Nobody answered; the policy was run ${runs}`,
        skippedLevels(why.skipped),
        fallback,
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
