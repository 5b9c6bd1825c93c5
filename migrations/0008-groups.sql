-- oldest-program: 4
-- Groups are looked for at every change of a monitor's status.
create index monitors_groups on monitors (id) where kind = 'group';
