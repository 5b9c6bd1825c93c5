import type { At, Defaulted, JsonOrNull } from "../platform/database/tables.ts";
import type { SupportHours } from "../platform/hours/schema.ts";
import type { Runbook, Urgency } from "./schema.ts";

export interface ServiceTable {
  id: string;
  slug: string;
  name: string;
  description: Defaulted<string>;
  team_id: string | null;
  urgency: Defaulted<Urgency>;
  runbook: JsonOrNull<Runbook>;
  support_hours: JsonOrNull<SupportHours>;
  visibility: Defaulted<"company" | "team">;
  managed_by: Defaulted<"ui" | "config">;
  created_at: At;
  updated_at: At;
}

export interface ServiceDependencyTable {
  service_id: string;
  depends_on_id: string;
}

declare module "../platform/database/tables.ts" {
  interface Tables {
    services: ServiceTable;
    service_dependencies: ServiceDependencyTable;
  }
}
