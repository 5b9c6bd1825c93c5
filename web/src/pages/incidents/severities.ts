import type { Severity } from "../../lib/types.ts";

/** What each severity means, worst first; the choices of a list. */
const WORDS: Record<Severity, string> = {
  SEV1: "nobody can use it",
  SEV2: "many are hit hard",
  SEV3: "some are hit",
  SEV4: "few notice",
  SEV5: "nobody notices yet",
};

export const SEVERITIES = Object.keys(WORDS) as Severity[];

/** The same as choices that say only their names. */
export const SEVERITY_NAMES = SEVERITIES.map((value) => ({ value, label: value }));

export const SEVERITY_OPTIONS = SEVERITIES.map((value) => ({
  value,
  label: `${value}: ${WORDS[value]}`,
}));
