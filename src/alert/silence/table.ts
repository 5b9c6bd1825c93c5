import type { At, Defaulted, Json } from "../../platform/database/tables.ts";
import type { Matchers } from "./model.ts";

export interface SilenceTable {
  id: string;
  matchers: Json<Matchers>;
  reason: Defaulted<string>;
  until: At;
  created_by: string;
  created_at: At;
  ended_at: At | null;
  ended_by: string | null;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    silences: SilenceTable;
  }
}
