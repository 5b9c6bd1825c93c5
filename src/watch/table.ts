import type { Severity, Urgency } from "../catalog/schema.ts";
import type { ManagedBy } from "../org/table.ts";
import type { At, Defaulted, Json, JsonDefaulted, JsonOrNull } from "../platform/database/tables.ts";
import type { Check, Evidence, Keep, MonitorStatus } from "./schema.ts";

/** Confirmation as stored: durations in milliseconds. */
export interface Confirm {
  failures: number;
  retryEveryMs: number[];
  recoveries: number;
}

/** A limit on a percentile of the response times over a window: durations in milliseconds. */
export interface SlowLimit {
  percentile: number;
  limitMs: number;
  overMs: number;
}

/** A reference that has answered this installation's prober, so that its silence means something. */
export interface ProberReferenceTable {
  name: string;
  answered_at: At;
}

export interface MonitorTable {
  id: string;
  slug: string;
  name: string;
  service_id: string;
  kind: string;
  /** The kind's own fields; what its `secrets` name is sealed. */
  config: Json<Record<string, unknown>>;
  every_ms: number;
  timeout_ms: number;
  confirm: Json<Confirm>;
  severity: Defaulted<Severity>;
  /** null takes the service's. */
  urgency: Urgency | null;
  labels: JsonDefaulted<Record<string, string>>;
  /** How long its single checks are kept. */
  keep: Defaulted<Keep>;
  /** Degraded when this percentile of its response times exceeds the limit; null without such a limit. */
  slow: JsonOrNull<SlowLimit>;
  paused_at: At | null;
  paused_by: string | null;
  status: Defaulted<MonitorStatus>;
  status_since: At;
  judge: JsonOrNull<unknown>;
  last_check: JsonOrNull<Check>;
  last_failure: JsonOrNull<Check>;
  managed_by: Defaulted<ManagedBy>;
  created_at: At;
  updated_at: At;
}

export interface MonitorTransitionTable {
  id: string;
  monitor_id: string;
  at: At;
  from_status: MonitorStatus;
  to_status: MonitorStatus;
  reason: string;
  evidence: JsonOrNull<Evidence>;
}

/** One check since the last full hour; older ones are packed. Times in milliseconds; null where a phase did not happen. */
export interface CheckResultTable {
  monitor_id: string;
  at: At;
  status: MonitorStatus;
  location: Defaulted<string>;
  dns_ms: number | null;
  connect_ms: number | null;
  tls_ms: number | null;
  first_byte_ms: number | null;
  transfer_ms: number | null;
  total_ms: number | null;
  reason: string | null;
}

/** One UTC day of one monitor: what `results/day.ts` packs. */
export interface CheckDayTable {
  monitor_id: string;
  day: string;
  counts: Buffer;
  latency: Buffer;
}

declare module "../platform/database/tables.ts" {
  interface Tables {
    monitors: MonitorTable;
    prober_references: ProberReferenceTable;
    monitor_transitions: MonitorTransitionTable;
    check_results: CheckResultTable;
    check_days: CheckDayTable;
  }
}
