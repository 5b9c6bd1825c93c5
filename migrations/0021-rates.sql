-- oldest-program: 4
-- How fast each provider may be called, by all processes together: one row per provider or per destination at it.
create table provider_rates (
  key text primary key,
  -- When what was sent so far has been paid for at the allowed pace.
  paid_at timestamptz not null
);
create index provider_rates_paid on provider_rates (paid_at);

-- Which of these a delivery stands in line for; null when it waits for none.
alter table deliveries add column waits_for text;
create index deliveries_line on deliveries (waits_for) where waits_for is not null;
