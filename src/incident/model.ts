import type { Severity, Urgency } from "../catalog/schema.ts";
import type { IncidentStatus } from "./schema.ts";

/** What decides which verbs an incident still takes. */
export interface Lifecycle {
  status: IncidentStatus;
  acknowledgedBy: string | null;
  /** A snooze, or an acknowledgement with an end: afterwards the incident rings again. */
  acknowledgedUntil: Temporal.Instant | null;
  /** It runs out unless whoever gave it renews it. */
  runsOut: boolean;
}

export type Acknowledgement =
  | { kind: "acknowledged" }
  /** Somebody else was quicker, or the same person pressed twice. */
  | { kind: "already"; by: string | null }
  | { kind: "resolved" };

/**
 * What an acknowledgement by `person` does now. The first one wins; the second is told who has it. Whoever snoozed may
 * set another end, or none; whoever gave one that runs out renews it.
 * @param person null for a caller that is no person
 */
export function acknowledgement(
  incident: Lifecycle,
  { until, person }: { until: Temporal.Instant | null; person: string | null },
): Acknowledgement {
  switch (incident.status) {
    case "resolved":
      return { kind: "resolved" };
    case "triggered":
      return { kind: "acknowledged" };
    case "acknowledged": {
      const { acknowledgedBy, acknowledgedUntil, runsOut } = incident;
      const isTheirs = person !== null && person === acknowledgedBy;
      const sets = until !== null && !(acknowledgedUntil && until.equals(acknowledgedUntil));
      const lifts = until === null && (acknowledgedUntil !== null || runsOut) && isTheirs;
      return sets || lifts ? { kind: "acknowledged" } : { kind: "already", by: acknowledgedBy };
    }
  }
}

/** The last part of an acknowledgement that runs out: whoever gave it is told. */
export const warningMs = (timeoutMs: number): number => Math.min(5 * 60_000, Math.floor(timeoutMs / 4));

/** Why a new round began: the timeline says it. */
export type RoundReason =
  | "opened"
  | "alert_joined"
  | "raised"
  | "acknowledgement_expired"
  | "snooze_ended"
  | "reassigned"
  | "escalated";

export const SEVERITIES: readonly Severity[] = ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"];

export const isMoreSevere = (a: Severity, b: Severity): boolean =>
  SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b);

export interface Grouped {
  severity: Severity;
  urgency: Urgency;
  serviceId: string | null;
}

/**
 * An alert joins an open incident. One that raises severity or urgency, or brings another service, starts a new
 * round; any other one tells whoever acknowledged, once, and pages nobody anew.
 */
export function onJoin(
  incident: Grouped,
  alert: Grouped,
): { severity: Severity; urgency: Urgency; newRound: boolean } {
  const severity = isMoreSevere(alert.severity, incident.severity) ? alert.severity : incident.severity;
  const urgency = incident.urgency === "high" || alert.urgency === "high" ? "high" : "low";
  const otherService = alert.serviceId !== null && alert.serviceId !== incident.serviceId;
  return {
    severity,
    urgency,
    newRound: severity !== incident.severity || urgency !== incident.urgency || otherService,
  };
}
