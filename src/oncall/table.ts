import type { Urgency } from "../catalog/schema.ts";
import type { ManagedBy } from "../org/table.ts";
import type { At, Defaulted, Json } from "../platform/database/tables.ts";
import type { PolicyDefinition } from "./policy-definition.ts";
import type { ScheduleDefinition } from "./schedule/types.ts";

export interface ScheduleTable {
  id: string;
  slug: string;
  name: string;
  /** The zone of the newest version; each version keeps its own. */
  time_zone: string;
  team_id: string | null;
  managed_by: Defaulted<ManagedBy>;
  created_at: At;
  updated_at: At;
}

export interface ScheduleVersionTable {
  id: string;
  schedule_id: string;
  /** Null for the first one, which answers for all time before the second. */
  valid_from: At | null;
  /** Users by id. */
  definition: Json<ScheduleDefinition>;
  created_at: At;
  created_by: string;
}

export interface ScheduleOverrideTable {
  id: string;
  schedule_id: string;
  user_id: string | null;
  replaces_id: string | null;
  removes_id: string | null;
  adds: Defaulted<boolean>;
  from_at: At;
  to_at: At;
  managed_by: Defaulted<ManagedBy>;
  /** A person's id, or the name of the token or configuration that made it. */
  created_by: string;
  /** Also their order: each acts on what those before it leave. */
  created_at: At;
}

export interface EscalationPolicyTable {
  id: string;
  slug: string;
  name: string;
  team_id: string | null;
  /** Targets by id. */
  definition: Json<PolicyDefinition>;
  managed_by: Defaulted<ManagedBy>;
  created_at: At;
  updated_at: At;
}

export interface EscalationTurnTable {
  policy_id: string;
  /** Which level. */
  place: string;
  /** Who had the turn, the last one last. */
  served: string[];
}

export interface ServicePolicyTable {
  service_id: string;
  escalation_policy_id: string;
}

export interface NotificationRuleTable {
  user_id: string;
  urgency: Urgency;
  position: number;
  /** A contact method of the same person, by slug. */
  method: string;
  after_ms: Defaulted<number>;
}

declare module "../platform/database/tables.ts" {
  interface Tables {
    schedules: ScheduleTable;
    schedule_versions: ScheduleVersionTable;
    schedule_overrides: ScheduleOverrideTable;
    escalation_policies: EscalationPolicyTable;
    escalation_turns: EscalationTurnTable;
    service_policies: ServicePolicyTable;
    notification_rules: NotificationRuleTable;
  }
}
