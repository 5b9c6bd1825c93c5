import type { ProblemState, WhyAgain } from "../../lib/types.ts";

export const STATES: Record<ProblemState, string> = {
  open: "Open",
  fix_promised: "Fix promised",
  fix_shipped: "Fix shipped",
  verified: "Fix proved",
  accepted_risk: "Accepted risk",
};

export const STATE_HELP: Record<ProblemState, string> = {
  open: "Nobody has promised to fix it.",
  fix_promised: "Somebody has promised to fix it.",
  fix_shipped: "It has been fixed; time will show.",
  verified: "It has been fixed, and hasn't come back.",
  accepted_risk: "It may stay as it is.",
};

export const WHY_AGAIN: Record<WhyAgain, string> = {
  not_done: "What was promised wasn't done",
  ineffective: "It was done and didn't help",
  did_not_cover: "It didn't cover this way to fail",
  regressed: "It was undone later",
  accepted_risk: "The risk had been accepted",
};

/** Why things fail, as most teams sort them; another word may be written instead. */
export const CAUSES = [
  "bug",
  "change",
  "configuration",
  "capacity",
  "dependency",
  "security",
  "hardware",
  "human-factors",
  "natural-disaster",
  "unknown",
] as const;

export const causeWords = (cause: string): string => cause.replaceAll("-", " ");
