-- oldest-program: 4
-- Results of checks, packed: an hour of a monitor is one row, a day of its figures is one row.
-- check_results keeps only what came since the last full hour; from there it is moved into the tree of the monitor's
-- own class. A tree has one partition a UTC day, made when it is needed, and dropping one is how results are let go.

alter table monitors add column keep text not null default '30d' check (keep in ('7d', '30d', '90d'));

create table check_chunks_7d (
  monitor_id uuid not null references monitors on delete cascade,
  hour timestamptz not null,
  packed bytea not null,
  primary key (monitor_id, hour)
) partition by range (hour);

create table check_chunks_30d (
  monitor_id uuid not null references monitors on delete cascade,
  hour timestamptz not null,
  packed bytea not null,
  primary key (monitor_id, hour)
) partition by range (hour);

create table check_chunks_90d (
  monitor_id uuid not null references monitors on delete cascade,
  hour timestamptz not null,
  packed bytea not null,
  primary key (monitor_id, hour)
) partition by range (hour);

create view check_chunks as
  select monitor_id, hour, packed from check_chunks_7d
  union all select monitor_id, hour, packed from check_chunks_30d
  union all select monitor_id, hour, packed from check_chunks_90d;

-- For ever. By hour: how many checks had which status; how long they took, as mergeable histograms.
create table check_days (
  monitor_id uuid not null references monitors on delete cascade,
  day date not null,
  counts bytea not null,
  latency bytea not null,
  primary key (monitor_id, day)
);

drop table check_rollups;
