-- oldest-program: 4
-- Days that weigh more than others when on-call time is counted. Nobody is given them: people write them down.
create table holiday_lists (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  -- Counts for every schedule; otherwise for those named in holiday_list_uses.
  everywhere boolean not null default false,
  -- [{"date": "2026-12-25", "name": "Christmas Day"}], in order of the date.
  days jsonb not null default '[]',
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table holiday_list_uses (
  list_id uuid not null references holiday_lists on delete cascade,
  team_id uuid references teams on delete cascade,
  schedule_id uuid references schedules on delete cascade,
  check (num_nonnulls(team_id, schedule_id) = 1),
  unique nulls not distinct (list_id, team_id, schedule_id)
);

-- Teams whose leads don't get the on-call report of the week.
create table oncall_reports_off (
  team_id uuid primary key references teams on delete cascade,
  since timestamptz not null
);

-- Which reports have gone out: nobody gets the same week twice.
create table oncall_reports_sent (
  team_id uuid not null references teams on delete cascade,
  user_id uuid not null references users on delete cascade,
  -- The Monday on which the week begins.
  week date not null,
  sent_at timestamptz not null,
  primary key (team_id, user_id, week)
);
