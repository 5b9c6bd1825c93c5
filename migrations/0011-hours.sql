-- oldest-program: 4
-- When a service has support: {"time_zone", "hours": [{"days", "from", "to"}], "except": ["2026-12-25"]}. Null: always.
alter table services add column support_hours jsonb;
-- When a person is left alone at low urgency, on their own clock: [{"days", "from", "to"}]. Null: never.
alter table users add column quiet_hours jsonb;
