import type { At, Defaulted, Json, JsonDefaulted } from "../../platform/database/tables.ts";
import type { Scope } from "./model.ts";

export interface MaintenanceWindowTable {
  id: string;
  slug: string;
  name: string;
  description: Defaulted<string>;
  everything: Defaulted<boolean>;
  services: Defaulted<string[]>;
  monitors: Defaulted<string[]>;
  labels: JsonDefaulted<Record<string, string>>;
  time_zone: string;
  /** Local to `time_zone`, as are `ends`. */
  starts: string;
  ends: string | null;
  rrule: string | null;
  duration_ms: number | null;
  exclude_from_uptime: Defaulted<boolean>;
  ended_at: At | null;
  recorded_until: At;
  over: Defaulted<boolean>;
  managed_by: Defaulted<"ui" | "config">;
  created_by: string;
  created_at: At;
  updated_at: At;
}

export interface MaintenancePeriodTable {
  id: string;
  window_id: string | null;
  name: string;
  scope: Json<Scope>;
  exclude_from_uptime: boolean;
  from_at: At;
  to_at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    maintenance_windows: MaintenanceWindowTable;
    maintenance_periods: MaintenancePeriodTable;
  }
}
