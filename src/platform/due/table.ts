import type { At, Defaulted, JsonDefaulted } from "../database/tables.ts";

export interface DueJobTable {
  id: string;
  kind: string;
  key: string;
  payload: JsonDefaulted<unknown>;
  due_at: At;
  lease: string | null;
  version: Defaulted<number>;
  attempts: Defaulted<number>;
  max_attempts: Defaulted<number>;
  last_error: string | null;
  dead_at: At | null;
  created_at: At;
}

declare module "../database/tables.ts" {
  interface Tables {
    due_jobs: DueJobTable;
  }
}
