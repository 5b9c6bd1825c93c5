-- oldest-program: 4
-- Shifts that somebody asks others to take: a swap, cover from now on, or cover for time away.
create table shift_offers (
  id uuid primary key,
  schedule_id uuid not null references schedules on delete cascade,
  -- Who is on call then, and stays so until somebody takes it.
  owner_id uuid not null references users on delete cascade,
  kind text not null check (kind in ('swap', 'cover', 'away')),
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- Null: everybody of the schedule and its team.
  asked uuid[],
  note text not null default '',
  state text not null default 'open'
    check (state in ('open', 'taken', 'declined', 'withdrawn', 'expired', 'moved')),
  expires_at timestamptz not null,
  taken_by uuid references users on delete set null,
  -- The overrides that it became; the second one only after a trade.
  override_id uuid references schedule_overrides on delete set null,
  trade_override_id uuid references schedule_overrides on delete set null,
  -- When a shift that had been taken was found to have moved under it.
  moved_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  closed_at timestamptz,
  check (from_at < to_at)
);
create index shift_offers_open on shift_offers (schedule_id, to_at) where state in ('open', 'taken');
create unique index shift_offers_once on shift_offers (schedule_id, owner_id, from_at, to_at) where state = 'open';

-- What those who were asked said: no, or "if you take mine of …".
create table shift_offer_answers (
  offer_id uuid not null references shift_offers on delete cascade,
  user_id uuid not null references users on delete cascade,
  answer text not null check (answer in ('declined', 'trade')),
  trade_from timestamptz,
  trade_to timestamptz,
  at timestamptz not null,
  primary key (offer_id, user_id),
  check ((answer = 'trade') = (trade_from is not null and trade_to is not null))
);
