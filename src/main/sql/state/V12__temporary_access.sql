-- V12: temporary access: members, their grants and tokens, and every login. Tables that were made by files of before the
-- first release get what they lack.

create table if not exists temporary_access.settings (
  only_row boolean not null default true,
  state text not null default 'disabled',
  state_changed_at timestamptz,
  max_duration interval default interval '90 days',
  reason_required boolean not null default true,
  reason_pattern text,
  self_granting boolean not null default false,
  networks_required boolean not null default false,
  enforced_at timestamptz,
  constraint settings_pkey primary key (only_row),
  constraint settings_only_row_check check (only_row),
  constraint settings_state_check check (state in ('enabled', 'disabled')),
  constraint settings_max_duration_check check (max_duration > interval '0')
);
alter table temporary_access.settings add column if not exists networks_required boolean not null default false;
alter table temporary_access.settings enable row level security;
comment on table temporary_access.settings is 'One row: whether temporary access is on, and the policy that grants and tokens must keep.';
comment on column temporary_access.settings.max_duration is 'Longest time to the end of a grant or token, from the moment it is given or extended, or from its start where that is later; null allows those without an end.';
comment on column temporary_access.settings.reason_pattern is 'Regular expression that a reason, where one is given, must contain, for example a ticket number; null asks for none.';
comment on column temporary_access.settings.self_granting is 'Whether a member may grant a role to himself or extend his own grant.';
comment on column temporary_access.settings.networks_required is 'Whether a grant must name the networks it is good from.';
comment on column temporary_access.settings.enforced_at is 'When ended access was last looked for.';
insert into temporary_access.settings default values on conflict do nothing;

create table if not exists temporary_access.members (
  user_id uuid not null default gen_random_uuid(),
  email text not null,
  display_name text not null,
  created_at timestamptz not null default now(),
  created_by uuid,
  created_by_name text,
  blocked_at timestamptz,
  block_reason text,
  constraint members_pkey primary key (user_id)
);
alter table temporary_access.members enable row level security;
comment on table temporary_access.members is 'People who may be given temporary access.';
create unique index if not exists members_email_key on temporary_access.members (lower(email));

create table if not exists temporary_access.grants (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  role text not null,
  starts_at timestamptz not null,
  expires_at timestamptz,
  allowed_cidrs cidr[] not null default '{}',
  reason text,
  granted_at timestamptz not null default now(),
  granted_by uuid,
  granted_by_name text,
  extended_at timestamptz,
  extension_count integer not null default 0,
  revoked_at timestamptz,
  revoked_by uuid,
  revoked_by_name text,
  revoke_reason text,
  constraint grants_pkey primary key (id),
  constraint grants_user_id_fkey foreign key (user_id) references temporary_access.members (user_id) on delete restrict,
  constraint grants_end_after_start_check check (expires_at > starts_at)
);
alter table temporary_access.grants enable row level security;
comment on table temporary_access.grants is 'Which member may sign in as which role, from when until when, and from which networks (none listed: any).';
create index if not exists grants_user_id_role_idx on temporary_access.grants (user_id, role);

create table if not exists temporary_access.tokens (
  id uuid not null default gen_random_uuid(),
  ksuid text collate "C" not null,
  user_id uuid not null,
  name text not null,
  secret_hash bytea not null,
  salt bytea not null,
  last4 text not null,
  expires_at timestamptz,
  roles text[],
  allowed_cidrs cidr[] not null default '{}',
  created_at timestamptz not null default now(),
  created_by uuid,
  created_by_name text,
  revoked_at timestamptz,
  revoked_by uuid,
  revoked_by_name text,
  revoke_reason text,
  constraint tokens_pkey primary key (id),
  constraint tokens_ksuid_key unique (ksuid),
  constraint tokens_user_id_fkey foreign key (user_id) references temporary_access.members (user_id) on delete restrict
);
alter table temporary_access.tokens enable row level security;
comment on table temporary_access.tokens is 'Access tokens as salted hashes. Roles and networks can only narrow what the grants give.';
create index if not exists tokens_user_id_idx on temporary_access.tokens (user_id);

create table if not exists temporary_access.logins (
  id text collate "C" not null,
  at timestamptz not null,
  role text not null,
  client_addr inet,
  outcome text not null,
  user_id uuid,
  token_id uuid,
  grant_id uuid,
  backend_pid integer,
  backend_start timestamptz,
  attached_at timestamptz,
  ended_at timestamptz,
  ended_why text,
  constraint logins_pkey primary key (id),
  constraint logins_outcome_check check (outcome in (
    'accepted', 'disabled', 'malformed', 'unknown_token', 'wrong_secret', 'token_revoked', 'token_expired', 'member_blocked',
    'no_grant', 'grant_not_started', 'grant_expired', 'grant_revoked', 'address_not_allowed', 'role_not_allowed'
  )),
  constraint logins_ended_why_check check (ended_why in (
    'closed', 'gone', 'gate_closed', 'disabled', 'terminated', 'member_blocked', 'token_revoked', 'token_expired',
    'grant_revoked', 'grant_expired', 'address_not_allowed'
  ))
);
do $$
begin
  if not exists (
    select
    from pg_catalog.pg_constraint as c
    where c.conrelid = 'temporary_access.logins'::regclass
      and c.conname = 'logins_ended_why_check'
      and pg_get_constraintdef(c.oid) ~ 'address_not_allowed')
  then
    alter table temporary_access.logins
      drop constraint logins_ended_why_check,
      add constraint logins_ended_why_check check (ended_why in (
        'closed', 'gone', 'gate_closed', 'disabled', 'terminated', 'member_blocked', 'token_revoked', 'token_expired',
        'grant_revoked', 'grant_expired', 'address_not_allowed'
      ));
  end if;
end
$$;
alter table temporary_access.logins enable row level security;
comment on table temporary_access.logins is 'Every attempt to sign in, with the true reason of a refusal. No foreign keys: it is evidence and outlives what it names.';
comment on column temporary_access.logins.backend_start is 'With backend_pid, the one server process that this login got. Null where the server does not show it before sign-in is complete.';
create index if not exists logins_at_id_idx on temporary_access.logins (at desc, id desc);
create index if not exists logins_user_id_idx on temporary_access.logins (user_id, at desc, id desc);
drop index if exists temporary_access.logins_user_id_at_idx; -- By files of before the first release; the one above has its columns.
create index if not exists logins_token_id_at_idx on temporary_access.logins (token_id, at desc) where outcome = 'accepted';
create index if not exists logins_grant_id_at_idx on temporary_access.logins (grant_id, at desc) where outcome = 'accepted';
create index if not exists logins_refused_idx on temporary_access.logins (at desc, id desc) where outcome <> 'accepted';
create index if not exists logins_backend_pid_idx on temporary_access.logins (backend_pid, at desc) where backend_pid is not null;
create index if not exists logins_open_idx on temporary_access.logins (at) where outcome = 'accepted' and ended_at is null;

create table if not exists temporary_access.noise (
  minute timestamptz not null,
  slot integer not null,
  attempts bigint not null,
  constraint noise_pkey primary key (minute, slot),
  constraint noise_slot_range check (slot between 0 and 63)
);
do $$
begin
  if exists (
    select
    from pg_catalog.pg_attribute as a
    where a.attrelid = 'temporary_access.noise'::regclass and a.attname = 'backend' and not a.attisdropped)
  then
    alter table temporary_access.noise drop constraint noise_pkey;
    alter table temporary_access.noise rename column backend to slot;
    with counted as (
      delete from temporary_access.noise returning minute, slot, attempts
    )
    insert into temporary_access.noise (minute, slot, attempts)
    select c.minute, c.slot % 64, sum(c.attempts) from counted as c group by c.minute, c.slot % 64;
    alter table temporary_access.noise
      add constraint noise_pkey primary key (minute, slot),
      add constraint noise_slot_range check (slot between 0 and 63);
  end if;
end
$$;
alter table temporary_access.noise enable row level security;
comment on table temporary_access.noise is 'How many refused attempts were too many in their minute to be logged one by one. Server processes share 64 rows a minute: one attempt may be one process, and few wait for another.';
