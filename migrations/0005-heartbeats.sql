-- oldest-program: 4
-- Monitors that expect to be pinged: their addresses, what is remembered of their pings, and when somebody listened.

create table heartbeats (
  monitor_id uuid primary key references monitors on delete cascade,
  -- An address is found by its SHA-256 and shown again from its sealed text: a copy of the database can ping nothing.
  ping_hash text not null unique,
  ping_sealed text not null,
  push_hash text not null unique,
  push_sealed text not null,
  facts jsonb not null,
  -- How many pings came so far; the last one's number.
  pings bigint not null default 0,
  expected_at timestamptz,
  -- When it is missed unless something comes; a job looks then.
  due_at timestamptz
);

create table heartbeat_pings (
  monitor_id uuid not null references heartbeats on delete cascade,
  number bigint not null,
  at timestamptz not null,
  kind text not null check (kind in ('success', 'fail', 'start', 'log')),
  -- False for one that came while the monitor was paused.
  counted boolean not null,
  exit_status smallint,
  rid uuid,
  duration_ms bigint,
  method text not null,
  remote text,
  user_agent text,
  body bytea,
  primary key (monitor_id, number)
);

-- Pings by name: a key reaches the heartbeats of its service's team, and makes new ones in its service.
create table ping_keys (
  id uuid primary key,
  name text not null,
  service_id uuid not null references services on delete cascade,
  key_hash text not null unique,
  key_sealed text not null,
  created_by text not null,
  created_at timestamptz not null
);

-- From when to when a process could be pinged; it moves heard_at on every two seconds.
create table listening (
  id uuid primary key,
  begun_at timestamptz not null,
  heard_at timestamptz not null
);
create index listening_heard on listening (heard_at);
