-- oldest-program: 4
-- Inbound endpoints: each has a key, and a kind that says which payload it understands.
create table integrations (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  kind text not null,
  -- Whose alerts they are, unless an event names another service.
  service_id uuid references services on delete set null,
  -- Found by the hash; sealed so that configuration can be compared with what is there.
  key_hash text not null unique,
  key_sealed text not null,
  settings jsonb not null default '{}',
  -- For an event that says nothing of it; null: the kind's words or the default, and the service's urgency.
  severity text check (severity in ('SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5')),
  urgency text check (urgency in ('high', 'low')),
  -- What a source's own words for severity mean here: {"page": {"severity": "SEV1", "urgency": "high"}}.
  severities jsonb not null default '{}',
  -- A firing alert of which nothing was heard for so long is resolved; null: never.
  auto_resolve_ms bigint check (auto_resolve_ms > 0),
  -- Requests a minute.
  rate_limit integer not null check (rate_limit > 0),
  paused_at timestamptz,
  paused_by text,
  -- Since when it sends what its kind can't read; null while it is understood.
  not_understood_since timestamptz,
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index integrations_service on integrations (service_id);

-- Every request as it came, for a while, with what became of it.
create table received_events (
  id uuid primary key,
  integration_id uuid not null references integrations on delete cascade,
  received_at timestamptz not null,
  method text not null,
  path text not null,
  content_type text,
  headers jsonb not null,
  body bytea not null,
  outcome text not null check (outcome in ('understood', 'not_understood', 'refused', 'ignored')),
  why text,
  -- What it became: [{"action": "trigger", "dedup_key": "disk"}].
  events jsonb not null default '[]'
);
create index received_events_integration on received_events (integration_id, id desc);

-- What changed outside: deploys, flags, migrations. They page nobody.
create table change_events (
  id uuid primary key,
  integration_id uuid references integrations on delete set null,
  service_id uuid references services on delete cascade,
  summary text not null,
  source text not null,
  links jsonb not null default '[]',
  details jsonb,
  at timestamptz not null,
  received_at timestamptz not null
);
create index change_events_service on change_events (service_id, at desc);
create index change_events_at on change_events (at desc, id desc);

-- The source's own time of the newest thing it said of an alert, to tell an older event that comes late.
alter table alerts add column said_at timestamptz;
-- The same of the last resolve of a key, for a trigger that is older and comes after it. Rows are dropped after a while.
create table resolved_keys (
  source_id uuid not null,
  dedup_key text not null,
  said_at timestamptz not null,
  kept_at timestamptz not null,
  primary key (source_id, dedup_key)
);
create index resolved_keys_kept on resolved_keys (kept_at);
