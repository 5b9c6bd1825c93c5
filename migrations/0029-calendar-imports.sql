-- oldest-program: 4
-- Calendars elsewhere that say when people are away.
create table calendar_imports (
  id uuid primary key,
  -- Whose time away it is; null: whoever each event names.
  user_id uuid references users on delete cascade,
  -- Sealed: whoever knows it can read the calendar.
  url_sealed text not null,
  host text not null,
  -- Only events whose title has one of these words; none: all of them.
  words text[] not null default '{}',
  last_tried_at timestamptz,
  last_read_at timestamptz,
  -- Why the last try failed; what was read before stays in force.
  failure text,
  events integer not null default 0,
  -- Titles of events that name nobody known.
  unmatched jsonb not null default '[]',
  created_by text not null,
  created_at timestamptz not null
);
create index calendar_imports_user on calendar_imports (user_id);
alter table out_of_office add column import_id uuid references calendar_imports on delete set null;
create index out_of_office_import on out_of_office (import_id, to_at) where import_id is not null;
