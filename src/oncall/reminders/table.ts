import type { At } from "../../platform/database/tables.ts";

export interface ShiftReminderTable {
  user_id: string;
  before_hours: number[];
  at_start: boolean;
  at_end: boolean;
  updated_at: At;
}

export interface ShiftReminderSentTable {
  schedule_id: string;
  user_id: string;
  what: string;
  of_at: At;
  sent_at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    shift_reminders: ShiftReminderTable;
    shift_reminders_sent: ShiftReminderSentTable;
  }
}
