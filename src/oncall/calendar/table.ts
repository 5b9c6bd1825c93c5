import type { At, Defaulted, JsonDefaulted } from "../../platform/database/tables.ts";
import type { Revisions } from "./revisions.ts";

export interface OutOfOfficeTable {
  id: string;
  user_id: string;
  from_at: At;
  to_at: At;
  source: Defaulted<"manual" | "ical">;
  summary: Defaulted<string>;
  /** A person's id, or the name of the token or calendar that says so. */
  created_by: string;
  created_at: At;
  /** The calendar that says so. */
  import_id?: string | null;
}

export interface CalendarFeedTable {
  id: string;
  user_id: string;
  /** Null: the shifts of the feed's own person in every schedule. */
  schedule_id: string | null;
  token_hash: string;
  created_at: At;
  last_read_at: At | null;
  revoked_at: At | null;
  revisions: JsonDefaulted<Revisions>;
  /** When what is handed out was last different. */
  changed_at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    out_of_office: OutOfOfficeTable;
    calendar_feeds: CalendarFeedTable;
  }
}
