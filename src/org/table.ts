import type { At, Defaulted, JsonOrNull } from "../platform/database/tables.ts";
import type { QuietHours } from "../platform/hours/schema.ts";
import type { Role } from "./schema.ts";

export type ManagedBy = "ui" | "config";

export interface InstallationTable {
  id: Defaulted<boolean>;
  name: Defaulted<string>;
  secret_check: string;
  setup_token_hash: string | null;
  setup_done_at: At | null;
  paging_paused_until: At | null;
  paging_paused_by: string | null;
  created_at: At;
}

export interface UserTable {
  id: string;
  email: string;
  name: string;
  email_verified: Defaulted<boolean>;
  image: string | null;
  role: Role;
  time_zone: Defaulted<string>;
  quiet_hours: JsonOrNull<QuietHours>;
  theme: Defaulted<"auto" | "light" | "dark">;
  managed_by: Defaulted<ManagedBy>;
  deactivated_at: At | null;
  created_at: At;
  updated_at: At;
}

export interface AuthAccountTable {
  id: string;
  user_id: string;
  account_id: string;
  provider_id: string;
  password: string | null;
  created_at: At;
  updated_at: At;
}

export interface AuthSessionTable {
  id: string;
  user_id: string;
  token: string;
  expires_at: At;
  created_at: At;
  updated_at: At;
}

export interface AuthVerificationTable {
  id: string;
  identifier: string;
  value: string;
  expires_at: At;
  created_at: At;
  updated_at: At;
}

export interface TeamTable {
  id: string;
  slug: string;
  name: string;
  managed_by: Defaulted<ManagedBy>;
  created_at: At;
}

export interface TeamMemberTable {
  team_id: string;
  user_id: string;
  lead: Defaulted<boolean>;
  position: Defaulted<number>;
}

export interface ApiTokenTable {
  id: string;
  name: string;
  token_hash: string;
  role: Role;
  team_id: string | null;
  created_by: string;
  created_at: At;
  expires_at: At | null;
  last_used_at: At | null;
  revoked_at: At | null;
}

export interface AuditEntryTable {
  id: string;
  at: At;
  actor_type: string;
  actor_id: string | null;
  actor_name: string;
  action: string;
  object_type: string;
  object_id: string;
  object_name: string;
  before: JsonOrNull<unknown>;
  after: JsonOrNull<unknown>;
}

declare module "../platform/database/tables.ts" {
  interface Tables {
    installation: InstallationTable;
    users: UserTable;
    auth_accounts: AuthAccountTable;
    auth_sessions: AuthSessionTable;
    auth_verifications: AuthVerificationTable;
    teams: TeamTable;
    team_members: TeamMemberTable;
    api_tokens: ApiTokenTable;
    audit_entries: AuditEntryTable;
  }
}
