import type { ManagedBy } from "../../org/table.ts";
import type { At, Defaulted, Json } from "../../platform/database/tables.ts";
import type { Holiday } from "./schema.ts";

export interface HolidayListTable {
  id: string;
  slug: string;
  name: string;
  everywhere: Defaulted<boolean>;
  days: Json<Holiday[]>;
  managed_by: Defaulted<ManagedBy>;
  created_at: At;
  updated_at: At;
}

/** Of team and schedule, one is given. */
export interface HolidayListUseTable {
  list_id: string;
  team_id: string | null;
  schedule_id: string | null;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    holiday_lists: HolidayListTable;
    holiday_list_uses: HolidayListUseTable;
  }
}
