import type { At, Defaulted, JsonDefaulted } from "../../platform/database/tables.ts";
import type { ProblemState, Verdict, WhyAgain } from "./schema.ts";

export interface ProblemTable {
  id: string;
  number: Defaulted<number>;
  title: string;
  mechanism: Defaulted<string>;
  state: Defaulted<ProblemState>;
  accepted_because: string | null;
  cause: Defaulted<string>;
  trigger: Defaulted<string>;
  service_id: string | null;
  created_by: string;
  created_at: At;
  updated_at: At;
}

/** An action that was open when the incident happened. */
export interface OpenAction {
  id: string;
  title: string;
  owner: string | null;
  due: string | null;
  postmortem_id: string;
}

export interface ProblemIncidentTable {
  incident_id: string;
  problem_id: string;
  repeat: boolean;
  why_again: WhyAgain | null;
  why_again_text: Defaulted<string>;
  open_actions: JsonDefaulted<OpenAction[]>;
  confirmed_by: string;
  confirmed_at: At;
}

export interface RecallVerdictTable {
  incident_id: string;
  other_id: string;
  verdict: Verdict;
  likeness: JsonDefaulted<Record<string, unknown>>;
  said_by: string;
  said_at: At;
}

declare module "../../platform/database/tables.ts" {
  interface Tables {
    problems: ProblemTable;
    problem_incidents: ProblemIncidentTable;
    recall_verdicts: RecallVerdictTable;
  }
}
