import type { At } from "../../platform/database/tables.ts";

export interface OnCallReportOffTable {
  team_id: string;
  since: At;
}

export interface OnCallReportSentTable {
  team_id: string;
  user_id: string;
  /** "2026-11-16": a date, read as text. */
  week: string;
  sent_at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    oncall_reports_off: OnCallReportOffTable;
    oncall_reports_sent: OnCallReportSentTable;
  }
}
