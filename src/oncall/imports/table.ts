import type { At, Defaulted, JsonDefaulted } from "../../platform/database/tables.ts";

export interface CalendarImportTable {
  id: string;
  user_id: string | null;
  url_sealed: string;
  host: string;
  words: Defaulted<string[]>;
  last_tried_at: At | null;
  last_read_at: At | null;
  failure: string | null;
  events: Defaulted<number>;
  unmatched: JsonDefaulted<string[]>;
  created_by: string;
  created_at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    calendar_imports: CalendarImportTable;
  }
}
