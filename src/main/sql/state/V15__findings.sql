-- V15: what people leave in the roles that they were granted.

create table if not exists temporary_access.role_settings (
  id uuid not null default gen_random_uuid(),
  role text not null,
  settings jsonb not null,
  noted_at timestamptz not null default clock_timestamp(),
  constraint role_settings_pkey primary key (id)
);
create index if not exists role_settings_role_idx on temporary_access.role_settings (role, noted_at desc, id desc);
alter table temporary_access.role_settings enable row level security;
comment on table temporary_access.role_settings is
  'The settings of granted roles as they should be: noted when a role is granted first, and when an operator keeps what it has. The newest row '
  'of a role counts. Rows are only added, so that nobody waits for another.';
comment on column temporary_access.role_settings.settings is
  'By database, empty for all of them, the settings by name.';

create table if not exists temporary_access.roles_to_clear (
  id uuid not null default gen_random_uuid(),
  role text not null,
  since timestamptz not null default clock_timestamp(),
  constraint roles_to_clear_pkey primary key (id)
);
alter table temporary_access.roles_to_clear enable row level security;
comment on table temporary_access.roles_to_clear is
  'Roles in which something was found when access was ended: a password goes with the commit only, so somebody may have come in by it until '
  'then. Enforcement looks again and removes the row.';
