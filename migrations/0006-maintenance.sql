-- oldest-program: 4
-- Planned work, silences, and what holds an alert.

-- Services and monitors are named by slug: monitors belong to a folder above, and a slug never changes.
-- Local times are text, read in time_zone: a timestamp would have to decide too early what they mean.
create table maintenance_windows (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  description text not null default '',
  everything boolean not null default false,
  services text[] not null default '{}',
  monitors text[] not null default '{}',
  labels jsonb not null default '{}',
  time_zone text not null,
  starts text not null,
  ends text,
  rrule text,
  duration_ms bigint,
  exclude_from_uptime boolean not null default true,
  ended_at timestamptz,
  -- Every occurrence that began up to here is a row of maintenance_periods.
  recorded_until timestamptz not null,
  -- Nothing of it is to come.
  over boolean not null default false,
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((rrule is null) = (duration_ms is null)),
  check ((rrule is null) <> (ends is null))
);

-- What was, is what counts in uptime: an edited or deleted window changes nothing of the past.
create table maintenance_periods (
  id uuid primary key,
  window_id uuid references maintenance_windows on delete set null,
  name text not null,
  scope jsonb not null,
  exclude_from_uptime boolean not null,
  from_at timestamptz not null,
  to_at timestamptz not null
);
create index maintenance_periods_window on maintenance_periods (window_id, from_at);
create index maintenance_periods_to on maintenance_periods (to_at);

create table silences (
  id uuid primary key,
  matchers jsonb not null,
  reason text not null default '',
  until timestamptz not null,
  created_by text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  ended_by text
);
create index silences_on on silences (until) where ended_at is null;

-- A held alert has no incident that knows where it comes from; what holds it has a name.
alter table alerts add column source jsonb;
alter table alerts add column held_name text;
alter table alerts add column held_ref text;
update alerts set source = told.source from incident_alerts told
  where told.alert_id = alerts.id and told.incident_id = alerts.incident_id;
create index alerts_firing on alerts (id) where status = 'firing';
