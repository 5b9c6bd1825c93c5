-- oldest-program: 4
-- What a prober's references did before, and limits on a percentile.

-- A reference of the prober's own choice counts once it has answered: some gateways never do.
create table prober_references (
  name text primary key,
  answered_at timestamptz not null
);

-- {"percentile": 95, "limitMs": 800, "overMs": 600000}
alter table monitors add column slow jsonb;
