import { type PersonsQuietHours, quietUntil } from "../org/quiet-hours.ts";
import { later, msBetween } from "../platform/clock.ts";

/** One way to reach a person, as far as choosing it goes. */
export interface ContactChoice {
  slug: string;
  verified: boolean;
  /** Switched off by its owner, or because its channel keeps refusing. */
  disabled: boolean;
}

/** "After this long, use that method." `method` is a slug of the same person's. */
export interface NotificationRule {
  method: string;
  afterMs: number;
}

export interface PlannedNotification<M> {
  method: M;
  afterMs: number;
  /** Why it waits longer than its rule says. */
  waits?: string;
}

/** Why the plan is what it is. `skipped` are rules whose method is missing, unverified or disabled. */
export type PlanReason =
  | { kind: "rules"; skipped: readonly string[] }
  | { kind: "no-rules" }
  | { kind: "no-rule-usable"; skipped: readonly string[] }
  | { kind: "no-method"; unverified: readonly string[]; disabled: readonly string[] };

export interface NotificationPlan<M> {
  /** In order of time; empty when the person can't be reached at all. */
  steps: PlannedNotification<M>[];
  reason: PlanReason;
}

/**
 * How one page reaches a person: by their rules for its urgency as far as the methods can be used, otherwise by every
 * method that can, at once. A rule is never the reason that a page goes nowhere.
 */
export function planNotifications<M extends ContactChoice>(
  rules: readonly NotificationRule[],
  methods: readonly M[],
): NotificationPlan<M> {
  const usable = methods.filter((method) => method.verified && !method.disabled);
  return { steps: planFor(rules, usable), reason: reasonOf(rules, methods, usable) };
}

/** The same for methods of which it is known that they can be used. In order of time; empty only without a method. */
export function planFor<M extends { slug: string }>(
  rules: readonly NotificationRule[],
  usable: readonly M[],
): PlannedNotification<M>[] {
  const steps: PlannedNotification<M>[] = [];
  for (const { method: slug, afterMs } of rules.toSorted((a, b) => a.afterMs - b.afterMs)) {
    const method = usable.find((each) => each.slug === slug);
    const isThere = steps.some((step) => step.method === method && step.afterMs === afterMs);
    if (method && !isThere) steps.push({ method, afterMs });
  }
  return steps.length > 0 ? steps : usable.map((method) => ({ method, afterMs: 0 }));
}

function reasonOf(
  rules: readonly NotificationRule[],
  methods: readonly ContactChoice[],
  usable: readonly ContactChoice[],
): PlanReason {
  if (usable.length === 0)
    return {
      kind: "no-method",
      unverified: methods.filter((method) => !method.verified).map((method) => method.slug),
      disabled: methods.filter((method) => method.verified && method.disabled).map((method) => method.slug),
    };
  if (rules.length === 0) return { kind: "no-rules" };
  const skipped = rules
    .map((rule) => rule.method)
    .filter((slug) => !usable.some((method) => method.slug === slug));
  return { kind: skipped.length < rules.length ? "rules" : "no-rule-usable", skipped };
}

/**
 * The steps of a low-urgency page with what falls into the person's quiet hours put off to their end; `at` is the
 * moment from which the steps count. High urgency is not asked about.
 */
export function afterQuietHours<M>(
  steps: readonly PlannedNotification<M>[],
  quiet: PersonsQuietHours | null | undefined,
  at: Temporal.Instant,
): PlannedNotification<M>[] {
  return steps.map((step) => {
    const until = quietUntil(quiet, later(at, step.afterMs));
    return until ? { ...step, afterMs: msBetween(at, until), waits: QUIET } : step;
  });
}

const QUIET = "waits for the end of their quiet hours";

/** The reason as a sentence, when there is something to say. */
export function describePlanReason(reason: PlanReason): string | null {
  switch (reason.kind) {
    case "no-rules":
      return null;
    case "rules":
      return reason.skipped.length > 0
        ? `Rules skipped, their methods can't be used: ${reason.skipped.join(", ")}.`
        : null;
    case "no-rule-usable":
      return `No rule has a method that can be used (${reason.skipped.join(", ")}), so all that can are used at once.`;
    case "no-method": {
      const { unverified, disabled } = reason;
      if (unverified.length + disabled.length === 0) return "There is no contact method.";
      const parts = [
        unverified.length > 0 ? `not verified: ${unverified.join(", ")}` : "",
        disabled.length > 0 ? `disabled: ${disabled.join(", ")}` : "",
      ];
      return `No contact method can be used (${parts.filter(Boolean).join("; ")}).`;
    }
  }
}
