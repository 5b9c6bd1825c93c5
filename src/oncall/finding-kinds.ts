/** What may be wrong with how somebody is paged. */
export const FINDINGS = [
  "no_method",
  "unverified_method",
  "disabled_method",
  "rule_without_method",
  "nothing_wakes",
  "late_first_message",
  "only_one_method",
  "only_chat",
  "no_rule_works",
  "always_quiet",
] as const;
