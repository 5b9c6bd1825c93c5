import type { Severity, Urgency } from "../catalog/schema.ts";
import type { PolicyCopy } from "../oncall/escalation/policy.ts";
import type { At, Defaulted, JsonDefaulted, JsonOrNull } from "../platform/database/tables.ts";
import type { EscalationRecord } from "./escalation.ts";
import type { IncidentStatus } from "./schema.ts";

export interface IncidentTable {
  id: string;
  number: Defaulted<number>;
  title: string;
  summary: Defaulted<string>;
  status: Defaulted<IncidentStatus>;
  severity: Severity;
  urgency: Urgency;
  service_id: string | null;
  grouping_key: string | null;
  declared_by: string | null;
  /** When it began to fail: the first failing check, not its confirmation. */
  started_at: At;
  opened_at: At;
  first_acknowledged_at: At | null;
  acknowledged_at: At | null;
  acknowledged_by: string | null;
  acknowledged_until: At | null;
  /** When an acknowledgement runs out that isn't renewed; a snooze has `acknowledged_until` instead. */
  acknowledgement_expires_at: At | null;
  /** Whoever gave it has been told that it runs out soon. */
  acknowledgement_warned: Defaulted<boolean>;
  resolved_at: At | null;
  resolved_by: string | null;
  resolution: string | null;
  follows_id: string | null;
  round: Defaulted<number>;
  /** The policy as it was when the round began: editing a policy never derails an incident. */
  policy: JsonOrNull<PolicyCopy>;
  escalation: JsonOrNull<EscalationRecord>;
  next_escalation_at: At | null;
  updated_at: At;
}

export interface IncidentAlertTable {
  incident_id: string;
  alert_id: string;
  status: "firing" | "resolved";
  title: string;
  reason: string;
  cause: string;
  severity: Severity;
  urgency: Urgency;
  service_id: string | null;
  labels: JsonDefaulted<Record<string, string>>;
  source: JsonOrNull<{ type: string; slug: string; name: string }>;
  evidence: JsonOrNull<unknown>;
  first_at: At;
  last_at: At;
  resolved_at: At | null;
}

export interface TimelineEntryTable {
  id: string;
  incident_id: string;
  at: At;
  kind: string;
  actor_type: string;
  actor_id: string | null;
  actor_name: string;
  text: string;
  data: JsonDefaulted<Record<string, unknown>>;
  starred: Defaulted<boolean>;
}

export interface IncidentResponderTable {
  id: string;
  incident_id: string;
  person_id: string;
  /** The name of who asked. */
  asked_by: string;
  asked_at: At;
  round: number;
  message: Defaulted<string>;
  answer: "accepted" | "declined" | null;
  answered_at: At | null;
}

declare module "../platform/database/tables.ts" {
  interface Tables {
    incidents: IncidentTable;
    incident_alerts: IncidentAlertTable;
    incident_responders: IncidentResponderTable;
    timeline_entries: TimelineEntryTable;
  }
}
