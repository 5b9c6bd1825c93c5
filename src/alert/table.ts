import type { Severity, Urgency } from "../catalog/schema.ts";
import type { At, Defaulted, Json, JsonDefaulted, JsonOrNull } from "../platform/database/tables.ts";
import type { FailureIdentity } from "./fingerprint.ts";
import type { AlertEvent } from "./model.ts";

export interface InboxEventTable {
  id: Defaulted<number>;
  source_type: string;
  source_id: string;
  dedup_key: string;
  payload: Json<AlertEvent>;
  received_at: At;
  attempts: Defaulted<number>;
  parked_at: At | null;
  last_error: string | null;
}

export interface AlertTable {
  id: string;
  source_type: string;
  source_id: string;
  dedup_key: string;
  status: "firing" | "resolved";
  title: string;
  reason: Defaulted<string>;
  cause: Defaulted<string>;
  severity: Severity;
  urgency: Urgency;
  labels: JsonDefaulted<Record<string, string>>;
  evidence: JsonOrNull<unknown>;
  source: JsonOrNull<{ type: string; slug: string; name: string }>;
  service_id: string | null;
  held_by: "maintenance" | "silence" | "support_hours" | null;
  held_until: At | null;
  /** The maintenance window's name, or why it was silenced. */
  held_name: string | null;
  /** The maintenance window's slug, or the silence's id. */
  held_ref: string | null;
  incident_id: string | null;
  started_at: At;
  first_at: At;
  last_at: At;
  resolved_at: At | null;
  resolved_reason: string | null;
  /** The source's own time of the newest thing it said of it. */
  said_at: At | null;
}

/** Each way in which an alert was seen failing. */
export interface AlertFingerprintTable {
  alert_id: string;
  fingerprint: string;
  identity: Json<FailureIdentity>;
  at: At;
}

declare module "../platform/database/tables.ts" {
  interface Tables {
    inbox_events: InboxEventTable;
    alerts: AlertTable;
    alert_fingerprints: AlertFingerprintTable;
  }
}
