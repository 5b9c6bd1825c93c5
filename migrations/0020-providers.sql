-- oldest-program: 4
-- Accounts with those who carry messages (a bot, a telephone company). Secret settings are sealed.
create table providers (
  id uuid primary key,
  slug text not null unique,
  kind text not null,
  settings jsonb not null,
  -- Of several that can carry a message the first that works does.
  position integer not null default 0,
  managed_by text not null default 'ui' check (managed_by in ('ui', 'config', 'environment')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Where listening for answers goes on: a bot's next update.
  state jsonb not null default '{}',
  -- The last failure to listen, in the provider's own words; null while it works.
  failing_since timestamptz,
  failure text
);

-- Answers that came in, so that one which comes twice is carried out once and told the same.
create table replies (
  provider_id uuid not null references providers on delete cascade,
  external_id text not null,
  at timestamptz not null,
  done boolean not null,
  text text not null,
  primary key (provider_id, external_id)
);
create index replies_at on replies (at);

-- What a provider calls the message about a subject, so that the next one joins its thread or edits it.
create table message_threads (
  contact_method_id uuid not null references contact_methods on delete cascade,
  subject_id uuid not null,
  ref jsonb not null,
  updated_at timestamptz not null,
  primary key (contact_method_id, subject_id)
);

-- A code by which a person ties an account of theirs to themselves: whoever sends it from there is they.
create table pairings (
  id uuid primary key,
  code_hash text not null unique,
  user_id uuid not null references users on delete cascade,
  channel text not null,
  expires_at timestamptz not null
);

create index deliveries_provider on deliveries (provider_id) where provider_id is not null;
