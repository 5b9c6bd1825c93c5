import type { At, Defaulted, Json } from "../../platform/database/tables.ts";
import type { Facts, SignalKind } from "./model.ts";

export interface HeartbeatTable {
  monitor_id: string;
  ping_hash: string;
  ping_sealed: string;
  push_hash: string;
  push_sealed: string;
  facts: Json<Facts>;
  pings: Defaulted<number>;
  expected_at: At | null;
  due_at: At | null;
}

export interface HeartbeatPingTable {
  monitor_id: string;
  number: number;
  at: At;
  kind: SignalKind;
  counted: boolean;
  exit_status: number | null;
  rid: string | null;
  duration_ms: number | null;
  method: string;
  remote: string | null;
  user_agent: string | null;
  /** The first 10,000 bytes. */
  body: Buffer | null;
}

export interface PingKeyTable {
  id: string;
  name: string;
  service_id: string;
  key_hash: string;
  key_sealed: string;
  created_by: string;
  created_at: At;
}

export interface ListeningTable {
  id: string;
  begun_at: At;
  heard_at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    heartbeats: HeartbeatTable;
    heartbeat_pings: HeartbeatPingTable;
    ping_keys: PingKeyTable;
    listening: ListeningTable;
  }
}
