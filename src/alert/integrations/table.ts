import type { Severity, Urgency } from "../../catalog/schema.ts";
import type { At, Defaulted, JsonDefaulted, JsonOrNull } from "../../platform/database/tables.ts";
import type { SourceLink } from "../sources/source.ts";

/** What a source's word for severity means here. */
export type SeverityWords = Readonly<Record<string, { severity?: Severity; urgency?: Urgency }>>;

export interface IntegrationTable {
  id: string;
  slug: string;
  name: string;
  kind: string;
  service_id: string | null;
  key_hash: string;
  key_sealed: string;
  settings: JsonDefaulted<Record<string, unknown>>;
  severity: Severity | null;
  urgency: Urgency | null;
  severities: JsonDefaulted<SeverityWords>;
  auto_resolve_ms: number | null;
  rate_limit: number;
  paused_at: At | null;
  paused_by: string | null;
  not_understood_since: At | null;
  managed_by: Defaulted<"ui" | "config">;
  created_at: At;
  updated_at: At;
}

/** What became of a request: read; not readable; against the sender's own rules; or left, as the integration is paused. */
export type ReceivedOutcome = "understood" | "not_understood" | "refused" | "ignored";

export interface ReceivedEventTable {
  id: string;
  integration_id: string;
  received_at: At;
  method: string;
  path: string;
  content_type: string | null;
  headers: JsonDefaulted<Record<string, string>>;
  body: Buffer;
  outcome: ReceivedOutcome;
  why: string | null;
  events: JsonDefaulted<readonly { action: string; dedup_key: string }[]>;
}

export interface ChangeEventTable {
  id: string;
  integration_id: string | null;
  service_id: string | null;
  summary: string;
  source: string;
  links: JsonDefaulted<readonly SourceLink[]>;
  details: JsonOrNull<unknown>;
  at: At;
  received_at: At;
}

/** The source's own time of its last resolve of a key. */
export interface ResolvedKeyTable {
  source_id: string;
  dedup_key: string;
  said_at: At;
  kept_at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    integrations: IntegrationTable;
    received_events: ReceivedEventTable;
    change_events: ChangeEventTable;
    resolved_keys: ResolvedKeyTable;
  }
}
