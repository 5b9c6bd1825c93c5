-- oldest-program: 4
-- When people are away, as they say themselves or as a calendar of theirs says.
create table out_of_office (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  from_at timestamptz not null,
  to_at timestamptz not null,
  source text not null default 'manual' check (source in ('manual', 'ical')),
  summary text not null default '',
  created_by text not null,
  created_at timestamptz not null,
  check (from_at < to_at)
);
create index out_of_office_user on out_of_office (user_id, to_at);

-- Secret addresses at which calendar programs read shifts.
create table calendar_feeds (
  id uuid primary key,
  -- Whose address it is; it ends with their access.
  user_id uuid not null references users on delete cascade,
  -- Whose shifts it shows: a schedule's, or, without one, those of its own person.
  schedule_id uuid references schedules on delete cascade,
  token_hash text not null unique,
  created_at timestamptz not null,
  last_read_at timestamptz,
  revoked_at timestamptz,
  -- Each event as it was last handed out (a fingerprint, how often it changed, when), by its UID.
  revisions jsonb not null default '{}',
  changed_at timestamptz not null
);
create index calendar_feeds_user on calendar_feeds (user_id);
create index calendar_feeds_schedule on calendar_feeds (schedule_id);
