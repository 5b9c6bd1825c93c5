-- oldest-program: 4
-- Whose turn it is on levels that page one person in turn: people in the order in which they had it, the last one last.
create table escalation_turns (
  policy_id uuid not null references escalation_policies on delete cascade,
  place text not null,
  served uuid[] not null default '{}',
  primary key (policy_id, place)
);

-- Unless it is renewed, an acknowledgement runs out then. A snooze has acknowledged_until instead.
alter table incidents add column acknowledgement_expires_at timestamptz;
alter table incidents add column acknowledgement_warned boolean not null default false;

-- What paths of a policy may ask about.
alter table incident_alerts add column labels jsonb not null default '{}';

-- People asked for help with an incident, whatever its escalation does.
create table incident_responders (
  id uuid primary key,
  incident_id uuid not null references incidents on delete cascade,
  person_id uuid not null references users on delete cascade,
  asked_by text not null,
  asked_at timestamptz not null,
  round integer not null,
  message text not null default '',
  answer text check (answer in ('accepted', 'declined')),
  answered_at timestamptz,
  unique (incident_id, person_id)
);
