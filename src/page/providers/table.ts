import type { At, Defaulted, Json, JsonDefaulted } from "../../platform/database/tables.ts";

/** Who keeps a provider: people, the configuration, or the environment Keepwatch was started with. */
export type ProviderKeeper = "ui" | "config" | "environment";

export interface ProviderTable {
  id: string;
  slug: string;
  kind: string;
  /** Secret ones are sealed. */
  settings: Json<Record<string, unknown>>;
  position: Defaulted<number>;
  managed_by: Defaulted<ProviderKeeper>;
  created_at: At;
  updated_at: At;
  state: JsonDefaulted<Record<string, unknown>>;
  failing_since: At | null;
  failure: string | null;
}

export interface ProviderRateTable {
  key: string;
  paid_at: At;
}

export interface ReplyTable {
  provider_id: string;
  external_id: string;
  at: At;
  done: boolean;
  text: string;
}

export interface MessageThreadTable {
  contact_method_id: string;
  subject_id: string;
  /** What the channel needs to find its own message again. */
  ref: Json<Record<string, unknown>>;
  updated_at: At;
}

export interface PairingTable {
  id: string;
  code_hash: string;
  user_id: string;
  channel: string;
  expires_at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    providers: ProviderTable;
    provider_rates: ProviderRateTable;
    replies: ReplyTable;
    message_threads: MessageThreadTable;
    pairings: PairingTable;
  }
}
