import type { Severity } from "../catalog/schema.ts";
import type { At, Defaulted, Json } from "../platform/database/tables.ts";
import type { Drafted } from "./model.ts";
import type { ActionPriority, ActionState, ActionType, Facts, PostmortemState, Sections } from "./schema.ts";

/** The facts, and beside them what the draft wrote: text that still equals it is the program's, not an author's. */
export type StoredFacts = Facts & { drafted: Drafted };

export interface PostmortemTable {
  id: string;
  number: Defaulted<number>;
  title: string;
  headline: Defaulted<string>;
  state: Defaulted<PostmortemState>;
  severity: Severity;
  service_id: string | null;
  sections: Json<Sections>;
  facts: Json<StoredFacts>;
  tags: Defaulted<string[]>;
  author_id: string | null;
  visibility: Defaulted<"company" | "team">;
  version: Defaulted<number>;
  occurred_at: At;
  created_at: At;
  updated_at: At;
  published_at: At | null;
  published_by: string | null;
}

export interface PostmortemIncidentTable {
  postmortem_id: string;
  incident_id: string;
}

export interface ActionItemTable {
  id: string;
  postmortem_id: string;
  title: string;
  owner_id: string | null;
  priority: Defaulted<ActionPriority>;
  type: Defaulted<ActionType>;
  /** A day, `2026-12-01`. */
  due: string | null;
  state: Defaulted<ActionState>;
  reason: string | null;
  guard_monitor_id: string | null;
  created_at: At;
  updated_at: At;
  closed_at: At | null;
}

declare module "../platform/database/tables.ts" {
  interface Tables {
    postmortems: PostmortemTable;
    postmortem_incidents: PostmortemIncidentTable;
    action_items: ActionItemTable;
  }
}
