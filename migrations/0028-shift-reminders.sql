-- oldest-program: 4
-- When a person is reminded of their shifts; without a row: a day before, at the start and at the end.
create table shift_reminders (
  user_id uuid primary key references users on delete cascade,
  before_hours integer[] not null check (cardinality(before_hours) <= 5),
  at_start boolean not null,
  at_end boolean not null,
  updated_at timestamptz not null
);
-- What has been said, so that it is said once. Rows are dropped after a while.
create table shift_reminders_sent (
  schedule_id uuid not null references schedules on delete cascade,
  user_id uuid not null references users on delete cascade,
  -- "before 24", "start", "end".
  what text not null,
  -- The shift's beginning, or its end.
  of_at timestamptz not null,
  sent_at timestamptz not null,
  primary key (schedule_id, user_id, what, of_at)
);
create index shift_reminders_sent_at on shift_reminders_sent (sent_at);
