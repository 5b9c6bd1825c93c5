-- oldest-program: 1
-- The whole loop: people, services, on call, watching, alerts, incidents, pages, learning.
-- Every instant is timestamptz and is set by the program's clock, never by the database's.

-- platform ---------------------------------------------------------------------------------------

-- due_at is both "run at" and "the lease runs out": a dead worker's job is simply due again.
create table due_jobs (
  id uuid primary key,
  kind text not null,
  key text not null,
  payload jsonb not null default '{}',
  due_at timestamptz not null,
  lease uuid,
  version integer not null default 1,
  attempts integer not null default 0,
  max_attempts integer not null default 10,
  last_error text,
  dead_at timestamptz,
  created_at timestamptz not null,
  unique (kind, key)
);
create index due_jobs_due on due_jobs (due_at) where dead_at is null;

-- org --------------------------------------------------------------------------------------------

create table installation (
  id boolean primary key default true check (id),
  name text not null default 'Keepwatch',
  secret_check text not null,
  setup_token_hash text,
  setup_done_at timestamptz,
  paging_paused_until timestamptz,
  paging_paused_by text,
  created_at timestamptz not null
);

create table users (
  id uuid primary key,
  email text not null,
  name text not null,
  email_verified boolean not null default false,
  image text,
  role text not null default 'viewer' check (role in ('admin', 'responder', 'viewer')),
  time_zone text not null default 'UTC',
  theme text not null default 'auto',
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  deactivated_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index users_email on users (lower(email));

create table auth_sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index auth_sessions_user on auth_sessions (user_id);

create table auth_accounts (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index auth_accounts_user on auth_accounts (user_id);

create table auth_verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index auth_verifications_identifier on auth_verifications (identifier);

create table teams (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_at timestamptz not null
);

create table team_members (
  team_id uuid not null references teams on delete cascade,
  user_id uuid not null references users on delete cascade,
  lead boolean not null default false,
  position integer not null default 0,
  primary key (team_id, user_id)
);
create index team_members_user on team_members (user_id);

create table api_tokens (
  id uuid primary key,
  name text not null,
  token_hash text not null unique,
  role text not null check (role in ('admin', 'responder', 'viewer')),
  team_id uuid references teams on delete cascade,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table audit_entries (
  id uuid primary key,
  at timestamptz not null,
  actor_type text not null,
  actor_id text,
  actor_name text not null,
  action text not null,
  object_type text not null,
  object_id text not null,
  object_name text not null,
  before jsonb,
  after jsonb
);
create index audit_entries_at on audit_entries (at desc, id);
create index audit_entries_object on audit_entries (object_type, object_id, at desc);

-- catalog ----------------------------------------------------------------------------------------

create table services (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  description text not null default '',
  team_id uuid references teams on delete set null,
  urgency text not null default 'high' check (urgency in ('high', 'low')),
  runbook jsonb,
  visibility text not null default 'company' check (visibility in ('company', 'team')),
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table service_dependencies (
  service_id uuid not null references services on delete cascade,
  depends_on_id uuid not null references services on delete cascade,
  primary key (service_id, depends_on_id),
  check (service_id <> depends_on_id)
);

-- page -------------------------------------------------------------------------------------------

create table contact_methods (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  slug text not null,
  channel text not null,
  address jsonb not null,
  position integer not null default 0,
  verified_at timestamptz,
  verified_by text,
  verification_code_hash text,
  verification_expires_at timestamptz,
  disabled_at timestamptz,
  disabled_reason text,
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_at timestamptz not null,
  unique (user_id, slug)
);

-- The demand on one person to respond. The subject is an incident; page knows only its kind and id.
create table pages (
  id uuid primary key,
  subject_type text not null,
  subject_id uuid not null,
  round integer not null,
  level integer not null,
  repeat integer not null,
  person_id uuid not null references users on delete cascade,
  urgency text not null,
  reason text not null,
  created_at timestamptz not null,
  answered_at timestamptz,
  answered_by uuid references users on delete set null,
  answered_how text,
  unique (subject_id, round, level, repeat, person_id)
);
create index pages_person on pages (person_id, created_at desc);
create index pages_open on pages (subject_id) where answered_at is null;

create table deliveries (
  id uuid primary key,
  page_id uuid references pages on delete cascade,
  subject_type text not null,
  subject_id uuid not null,
  person_id uuid not null references users on delete cascade,
  contact_method_id uuid references contact_methods on delete set null,
  channel text not null,
  destination text not null,
  purpose text not null,
  content jsonb,
  status text not null default 'queued'
    check (status in ('queued', 'sending', 'sent', 'delivered', 'seen', 'failed', 'cancelled')),
  reason text,
  bundle_id uuid,
  due_at timestamptz not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  seen_at timestamptz,
  finished_at timestamptz,
  provider_id text
);
create index deliveries_page on deliveries (page_id);
create index deliveries_subject on deliveries (subject_id, created_at);
create index deliveries_person on deliveries (person_id, created_at desc);
create index deliveries_bundle on deliveries (bundle_id) where bundle_id is not null;
create index deliveries_ringing on deliveries (subject_id) where status in ('queued', 'sending');

create table delivery_attempts (
  delivery_id uuid not null references deliveries on delete cascade,
  number integer not null,
  at timestamptz not null,
  outcome text not null check (outcome in ('sending', 'accepted', 'retry', 'refused')),
  ms integer,
  detail text,
  primary key (delivery_id, number)
);

-- oncall -----------------------------------------------------------------------------------------

create table schedules (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  time_zone text not null,
  team_id uuid references teams on delete set null,
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- The past is what was, not what the rule says now: each edit starts a version.
create table schedule_versions (
  id uuid primary key,
  schedule_id uuid not null references schedules on delete cascade,
  valid_from timestamptz,
  definition jsonb not null,
  created_at timestamptz not null,
  created_by text not null
);
create index schedule_versions_schedule on schedule_versions (schedule_id, valid_from nulls first);

create table schedule_overrides (
  id uuid primary key,
  schedule_id uuid not null references schedules on delete cascade,
  user_id uuid references users on delete cascade,
  replaces_id uuid references users on delete cascade,
  removes_id uuid references users on delete cascade,
  adds boolean not null default false,
  from_at timestamptz not null,
  to_at timestamptz not null check (to_at > from_at),
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_by text not null,
  created_at timestamptz not null
);
create index schedule_overrides_schedule on schedule_overrides (schedule_id, from_at);

create table escalation_policies (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  team_id uuid references teams on delete set null,
  definition jsonb not null,
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table service_policies (
  service_id uuid primary key references services on delete cascade,
  escalation_policy_id uuid not null references escalation_policies on delete restrict
);

-- method names a contact method of the same person by slug; one that is gone is skipped.
create table notification_rules (
  user_id uuid not null references users on delete cascade,
  urgency text not null check (urgency in ('high', 'low')),
  position integer not null,
  method text not null,
  after_ms integer not null default 0 check (after_ms >= 0),
  primary key (user_id, urgency, position)
);

-- incident ---------------------------------------------------------------------------------------

create table incidents (
  id uuid primary key,
  number integer generated by default as identity unique,
  title text not null,
  summary text not null default '',
  status text not null default 'triggered' check (status in ('triggered', 'acknowledged', 'resolved')),
  severity text not null check (severity in ('SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5')),
  urgency text not null check (urgency in ('high', 'low')),
  service_id uuid references services on delete set null,
  grouping_key text,
  declared_by uuid references users on delete set null,
  started_at timestamptz not null,
  opened_at timestamptz not null,
  first_acknowledged_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by uuid references users on delete set null,
  acknowledged_until timestamptz,
  resolved_at timestamptz,
  resolved_by uuid references users on delete set null,
  resolution text,
  follows_id uuid references incidents on delete set null,
  round integer not null default 1,
  policy jsonb,
  escalation jsonb,
  next_escalation_at timestamptz,
  updated_at timestamptz not null
);
create unique index incidents_one_open on incidents (grouping_key) where status <> 'resolved';
create index incidents_status on incidents (status, opened_at desc);
create index incidents_service on incidents (service_id, opened_at desc);
create index incidents_opened on incidents (opened_at desc, id);

-- What the incident was told of each alert that belongs to it; alert/ keeps it current through incident's verbs.
create table incident_alerts (
  incident_id uuid not null references incidents on delete cascade,
  alert_id uuid not null,
  status text not null check (status in ('firing', 'resolved')),
  title text not null,
  reason text not null,
  cause text not null,
  severity text not null,
  urgency text not null,
  service_id uuid references services on delete set null,
  source jsonb,
  evidence jsonb,
  first_at timestamptz not null,
  last_at timestamptz not null,
  resolved_at timestamptz,
  primary key (incident_id, alert_id)
);
create index incident_alerts_alert on incident_alerts (alert_id);

create table timeline_entries (
  id uuid primary key,
  incident_id uuid not null references incidents on delete cascade,
  at timestamptz not null,
  kind text not null,
  actor_type text not null,
  actor_id text,
  actor_name text not null,
  text text not null,
  data jsonb not null default '{}',
  starred boolean not null default false
);
create index timeline_entries_incident on timeline_entries (incident_id, at, id);

-- alert ------------------------------------------------------------------------------------------

-- An event is answered once it is here. Taken in order per (source, dedup key).
create table inbox_events (
  id bigint generated by default as identity primary key,
  source_type text not null,
  source_id uuid not null,
  dedup_key text not null,
  payload jsonb not null,
  received_at timestamptz not null,
  attempts integer not null default 0,
  parked_at timestamptz,
  last_error text
);
create index inbox_events_order on inbox_events (source_id, dedup_key, id) where parked_at is null;

create table alerts (
  id uuid primary key,
  source_type text not null,
  source_id uuid not null,
  dedup_key text not null,
  status text not null check (status in ('firing', 'resolved')),
  title text not null,
  reason text not null default '',
  cause text not null default '',
  severity text not null,
  urgency text not null,
  labels jsonb not null default '{}',
  evidence jsonb,
  service_id uuid references services on delete set null,
  held_by text,
  held_until timestamptz,
  incident_id uuid references incidents on delete set null,
  started_at timestamptz not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  resolved_at timestamptz,
  resolved_reason text
);
create unique index alerts_one_firing on alerts (source_id, dedup_key) where status = 'firing';
create index alerts_incident on alerts (incident_id);
create index alerts_status on alerts (status, first_at desc);

-- watch ------------------------------------------------------------------------------------------

create table monitors (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  service_id uuid not null references services on delete cascade,
  kind text not null,
  config jsonb not null,
  every_ms integer not null check (every_ms >= 1000),
  timeout_ms integer not null check (timeout_ms > 0),
  confirm jsonb not null,
  severity text not null default 'SEV3',
  urgency text check (urgency in ('high', 'low')),
  labels jsonb not null default '{}',
  paused_at timestamptz,
  paused_by text,
  status text not null default 'unknown' check (status in ('up', 'degraded', 'down', 'unknown')),
  status_since timestamptz not null,
  judge jsonb,
  last_check jsonb,
  last_failure jsonb,
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index monitors_service on monitors (service_id);

create table monitor_transitions (
  id uuid primary key,
  monitor_id uuid not null references monitors on delete cascade,
  at timestamptz not null,
  from_status text not null,
  to_status text not null,
  reason text not null,
  evidence jsonb
);
create index monitor_transitions_monitor on monitor_transitions (monitor_id, at);

-- Healthy and failing samples alike, kept 8 days; older ones live in the roll-ups. Times in ms.
create table check_results (
  monitor_id uuid not null references monitors on delete cascade,
  at timestamptz not null,
  status text not null,
  location text not null default 'local',
  dns_ms real,
  connect_ms real,
  tls_ms real,
  first_byte_ms real,
  transfer_ms real,
  total_ms real,
  reason text,
  primary key (monitor_id, at, location)
);
create index check_results_at on check_results using brin (at);

-- One row an hour: counts and a mergeable histogram of total_ms (bucket n holds [1.1^n, 1.1^(n+1)) ms).
create table check_rollups (
  monitor_id uuid not null references monitors on delete cascade,
  hour timestamptz not null,
  up integer not null default 0,
  degraded integer not null default 0,
  down integer not null default 0,
  unknown integer not null default 0,
  histogram jsonb not null default '{}',
  primary key (monitor_id, hour)
);

-- learn ------------------------------------------------------------------------------------------

create table postmortems (
  id uuid primary key,
  number integer generated by default as identity unique,
  title text not null,
  headline text not null default '',
  state text not null default 'draft' check (state in ('draft', 'in_review', 'published')),
  severity text not null,
  service_id uuid references services on delete set null,
  sections jsonb not null,
  facts jsonb not null,
  tags text[] not null default '{}',
  author_id uuid references users on delete set null,
  visibility text not null default 'company' check (visibility in ('company', 'team')),
  version integer not null default 1,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  published_at timestamptz,
  published_by uuid references users on delete set null,
  search tsvector
);
create index postmortems_search on postmortems using gin (search);
create index postmortems_occurred on postmortems (occurred_at desc, id);

create table postmortem_incidents (
  postmortem_id uuid not null references postmortems on delete cascade,
  incident_id uuid not null references incidents on delete cascade,
  primary key (postmortem_id, incident_id)
);
create index postmortem_incidents_incident on postmortem_incidents (incident_id);

create table action_items (
  id uuid primary key,
  postmortem_id uuid not null references postmortems on delete cascade,
  title text not null,
  owner_id uuid references users on delete set null,
  priority text not null default 'normal' check (priority in ('high', 'normal')),
  type text not null default 'repair'
    check (type in ('investigate', 'repair', 'detect', 'mitigate', 'prevent')),
  due date,
  state text not null default 'open' check (state in ('open', 'done', 'wont_do')),
  reason text,
  guard_monitor_id uuid references monitors on delete set null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  closed_at timestamptz
);
create index action_items_postmortem on action_items (postmortem_id);
create index action_items_open on action_items (owner_id, due) where state = 'open';
